using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Records that an object passed filters. Posting the same passing again returns the same candidate.</summary>
public sealed class PostCandidate(Contexts contexts)
{
    /// <summary>
    /// Records the passing for each filter that the viewer may read and returns the candidates' ids in the order of the filters.
    /// The values make the object where it is new; of a known object nothing is changed but the groups that know it and, where a
    /// redshift is given, its history.
    /// </summary>
    public async Task<IReadOnlyList<long>> HandleAsync(
        Viewer viewer, string objId, ObjChanges values, IReadOnlyCollection<int> filterIds, DateTime passedAt, long? passingAlertId, CancellationToken ct)
    {
        await using var readable = contexts.For(viewer);
        var filters = await readable.Set<Filter>().AsNoTracking()
            .Where(filter => filterIds.Contains(filter.Id))
            .Select(filter => new { filter.Id, filter.GroupId })
            .ToListAsync(ct);
        if (filters.Count == 0)
        {
            throw Refusal.Invalid("At least one valid filter ID must be provided.");
        }

        // A position is demanded also where the object is only hidden, so that nobody can try for hidden names.
        if (!await readable.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            RequirePosition(values);
        }

        // The right to post to these filters is established; the object may be known to other groups only, and is then shared.
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var groups = filters.Select(filter => filter.GroupId).Distinct().ToArray();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (!await ShareAsync(connection, objId, groups, ct))
        {
            RequirePosition(values);
            await MakeAsync(db, viewer, objId, values, groups, ct);
        }
        else if (values.Sets("redshift"))
        {
            values.NoteRedshift(await db.Set<Obj>().SingleAsync(row => row.Id == objId, ct), viewer.UserId, db.UtcNow);
        }

        var ids = await InsertAsync(connection, objId, [.. filters.Select(filter => filter.Id)], passedAt, passingAlertId, viewer.UserId, db.UtcNow, ct);
        db.Record("candidate.posted", objId, groups);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [.. filters.Select(filter => ids[filter.Id])];
    }

    private static void RequirePosition(ObjChanges values)
    {
        if (values.RaDegrees is null || values.DecDegrees is null)
        {
            throw Refusal.Invalid(values.RaDegrees is null ? "RA must not be null for a new Obj" : "Dec must not be null for a new Obj");
        }
    }

    private static async Task MakeAsync(SkyPortalContext db, Viewer viewer, string objId, ObjChanges values, int[] groups, CancellationToken ct)
    {
        var obj = new Obj { Id = objId, InternalKey = Guid.NewGuid(), CreatedById = viewer.UserId, GroupIds = groups };
        values.ApplyTo(obj, viewer.UserId, db.UtcNow);
        db.Add(obj);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Conflict($"Object {objId} was being made at the same time; send the candidate again.");
        }
    }

    private static async Task<bool> ShareAsync(NpgsqlConnection connection, string objId, int[] groups, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "update objs set group_ids = (select array_agg(distinct g) from unnest(group_ids || $2) g) where id = $1", connection);
        command.Parameters.AddWithValue(objId);
        command.Parameters.AddWithValue(groups);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    private static async Task<Dictionary<int, long>> InsertAsync(
        NpgsqlConnection connection, string objId, int[] filterIds, DateTime passedAt, long? alertId, int? uploaderId, DateTime now, CancellationToken ct)
    {
        // An existing row answers through the second half: "do nothing" returns no row.
        await using var command = new NpgsqlCommand(
            """
            with fresh as (
                insert into candidates (obj_id, filter_id, passed_at, passing_alert_id, uploader_id, created_at, modified)
                select $1, f, $3, $4, $5, $6, $6 from unnest($2) f
                on conflict (obj_id, filter_id, passed_at) do nothing
                returning filter_id, id)
            select filter_id, id from fresh
            union all
            select filter_id, id from candidates where obj_id = $1 and filter_id = any($2) and passed_at = $3
            """,
            connection);
        command.Parameters.AddWithValue(objId);
        command.Parameters.AddWithValue(filterIds);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, passedAt);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, (object?)alertId ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, (object?)uploaderId ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now);
        var ids = new Dictionary<int, long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            ids[reader.GetInt32(0)] = reader.GetInt64(1);
        }

        return ids;
    }
}

/// <summary>Removes all passings of an object through a filter; the object stays.</summary>
public sealed class DeleteCandidate(Contexts contexts, CandidateTotals totals)
{
    /// <summary>Removes them; refuses where there is none that the viewer may remove.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var groupId = await db.Set<Filter>().Where(filter => filter.Id == filterId).Select(filter => (int?)filter.GroupId).SingleOrDefaultAsync(ct);
        var deleted = groupId is null
            ? 0
            : await db.Allowed<Candidate>(AccessMode.Delete).Where(candidate => candidate.ObjId == objId && candidate.FilterId == filterId).ExecuteDeleteAsync(ct);
        if (deleted == 0)
        {
            throw Refusal.Invalid("Invalid (obj_id, filter_id) pairing - no matching candidates");
        }

        db.Record("candidate.deleted", objId, [groupId!.Value]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        totals.Forget();
    }
}
