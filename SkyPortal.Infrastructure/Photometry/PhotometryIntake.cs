using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What every upload goes through before it is written.</summary>
internal static class PhotometryIntake
{
    /// <summary>
    /// Reads an upload and checks it against what the context's viewer may use: the objects and streams must be theirs to see, the
    /// groups must be listed for them. Sets owner, groups, streams, upload and times. Five statements at most.
    /// </summary>
    public static async Task<PhotometryUpload> ReadAsync(SkyPortalContext db, RestoreExtinction extinction, JsonElement body, Guid uploadId, CancellationToken ct)
    {
        var upload = PhotometryUpload.Read(body);
        await CheckObjectsAsync(db, upload.Points, ct);
        await CheckInstrumentsAsync(db, upload.Points, ct);
        if (upload.IsExtinctionCorrected)
        {
            await extinction.ApplyAsync(db, upload.Points, ct);
        }

        var groups = await GroupsAsync(db, upload.GroupIds, upload.WithPublicGroup, ct);
        var streams = await StreamsAsync(db, upload.StreamIds, ct);
        Assign(db, upload.Points, groups, streams, uploadId);
        return upload;
    }

    /// <summary>Gives new points their owner, groups, streams, upload and times; the viewer's own group is always among the groups.</summary>
    public static void Assign(SkyPortalContext db, IReadOnlyList<PhotometryPoint> points, IEnumerable<int> groups, int[] streams, Guid uploadId)
    {
        var shared = db.Viewer.OwnGroupId is { } own ? groups.Append(own) : groups;
        int[] groupIds = [.. shared.Distinct().Order()];
        foreach (var point in points)
        {
            point.OwnerId = db.Viewer.UserId ?? throw Refusal.Forbidden("Only a user may upload photometry.");
            point.GroupIds = groupIds;
            point.StreamIds = streams;
            point.UploadId = uploadId;
            point.CreatedAt = db.UtcNow;
            point.Modified = point.CreatedAt;
        }
    }

    /// <summary>Groups to share with; refuses those that are not listed for the viewer.</summary>
    public static async Task<IEnumerable<int>> GroupsAsync(SkyPortalContext db, IReadOnlyList<int> groupIds, bool withPublicGroup, CancellationToken ct)
    {
        var wanted = groupIds.Distinct().ToArray();
        var found = await db.Set<Group>()
            .Where(group => wanted.Contains(group.Id) || (withPublicGroup && group.Sitewide))
            .Select(group => group.Id)
            .ToListAsync(ct);
        var missing = wanted.Except(found).ToList();
        return missing.Count == 0 ? found : throw Refusal.Invalid($"Invalid group IDs: {string.Join(", ", missing)}");
    }

    /// <summary>
    /// What is wrong with an upload that was refused, row by row as far as it is of rows. Two statements at most; an object that is
    /// hidden from the context's viewer is named as one that is not there.
    /// </summary>
    public static async Task<IReadOnlyList<FieldFault>> FaultsAsync(SkyPortalContext db, JsonElement body, Refusal refusal, CancellationToken ct)
    {
        var faults = new RowFaults();
        try
        {
            var points = PhotometryUpload.ReadGood(body, faults);
            PhotometryPoint[] good = [.. points.OfType<PhotometryPoint>()];
            var objects = await FindObjectsAsync(db, ObjIds(good), ct);
            var instruments = await FindInstrumentsAsync(db, InstrumentIds(good), ct);
            for (var row = 0; row < points.Count; row++)
            {
                if (points[row] is not { } point)
                {
                    continue;
                }

                if (!objects.Contains(point.ObjId))
                {
                    faults.Add(row, "obj_id", $"Invalid object ID: {point.ObjId}");
                }
                else if (!instruments.TryGetValue(point.InstrumentId, out var instrument))
                {
                    faults.Add(row, "instrument_id", $"Invalid instrument ID: {point.InstrumentId}");
                }
                else if (!Takes(instrument, point.Filter))
                {
                    faults.Add(row, "filter", $"Instrument {instrument.Name} has no filter {point.Filter}.");
                }
            }
        }
        catch (Refusal other) when (faults.All.Count == 0)
        {
            return other.Faults.Count > 0 ? other.Faults : [new FieldFault(null, null, other.Message)];
        }
        catch (Refusal)
        {
            // As many rows are named as ever are.
        }

        return faults.All is { Count: > 0 } all ? all : [new FieldFault(null, null, refusal.Message)];
    }

    /// <summary>The connection and transaction behind a context's transaction.</summary>
    public static (NpgsqlConnection Connection, NpgsqlTransaction Transaction) Raw(this IDbContextTransaction transaction)
    {
        var raw = (NpgsqlTransaction)transaction.GetDbTransaction();
        return (raw.Connection!, raw);
    }

    /// <summary>Keeps which objects an upload touched, by which it can be undone.</summary>
    public static async Task KeepUploadAsync(SkyPortalContext db, IDbContextTransaction transaction, Guid uploadId, IReadOnlyList<PhotometryPoint> points, CancellationToken ct)
    {
        var (connection, raw) = transaction.Raw();
        await using var command = new NpgsqlCommand(
            "insert into photometry_uploads (upload_id, owner_id, obj_ids, created_at) values ($1, $2, $3, $4)", connection, raw);
        command.Parameters.AddWithValue(uploadId);
        command.Parameters.AddWithValue(db.Viewer.UserId!.Value);
        command.Parameters.AddWithValue(points.Select(point => point.ObjId).Distinct(StringComparer.Ordinal).ToArray());
        command.Parameters.AddWithValue(db.UtcNow);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Records a change of some points, once per object.</summary>
    public static void RecordPhotometry(this SkyPortalContext db, string kind, IEnumerable<PhotometryPoint> points) =>
        db.RecordPhotometry(kind, points.Select(point => (point.ObjId, point.GroupIds, (int?)point.InstrumentId)));

    /// <summary>Records a change of some points, once per object and set of groups: nobody learns how many points others have.</summary>
    public static void RecordPhotometry(this SkyPortalContext db, string kind, IEnumerable<(string ObjId, int[] GroupIds, int? InstrumentId)> points)
    {
        foreach (var alike in points.GroupBy(point => (point.ObjId, Groups: string.Join(',', point.GroupIds.Order()))))
        {
            db.Record(kind, alike.Key.ObjId, [.. alike.First().GroupIds.Order()], new { count = alike.Count(), instrumentIds = alike.Select(point => point.InstrumentId).OfType<int>().Distinct().Order().ToArray() });
        }
    }

    private static async Task CheckObjectsAsync(SkyPortalContext db, IReadOnlyList<PhotometryPoint> points, CancellationToken ct)
    {
        var wanted = ObjIds(points);
        var found = await FindObjectsAsync(db, wanted, ct);
        if (Array.Find(wanted, id => !found.Contains(id)) is { } missing)
        {
            throw Refusal.Invalid($"Invalid object ID: {missing}");
        }
    }

    private static string[] ObjIds(IReadOnlyList<PhotometryPoint> points) => [.. points.Select(point => point.ObjId).Distinct(StringComparer.Ordinal)];

    private static int[] InstrumentIds(IReadOnlyList<PhotometryPoint> points) => [.. points.Select(point => point.InstrumentId).Distinct()];

    private static Task<HashSet<string>> FindObjectsAsync(SkyPortalContext db, string[] wanted, CancellationToken ct) =>
        db.Set<Obj>().Where(obj => wanted.Contains(obj.Id)).Select(obj => obj.Id).ToHashSetAsync(StringComparer.Ordinal, ct);

    private static Task<Dictionary<int, Instrument>> FindInstrumentsAsync(SkyPortalContext db, int[] wanted, CancellationToken ct) =>
        db.Set<Instrument>().AsNoTracking().Where(instrument => wanted.Contains(instrument.Id)).ToDictionaryAsync(instrument => instrument.Id, ct);

    // Only an imager is bound to its filters.
    private static bool Takes(Instrument instrument, string filter) =>
        instrument.Type != "imager" || instrument.Filters.Contains(filter) || instrument.Filters.Any(name => Bandpasses.Find(name) == Bandpasses.Find(filter));

    private static async Task CheckInstrumentsAsync(SkyPortalContext db, IReadOnlyList<PhotometryPoint> points, CancellationToken ct)
    {
        var wanted = InstrumentIds(points);
        var found = await FindInstrumentsAsync(db, wanted, ct);
        foreach (var missing in wanted.Where(id => !found.ContainsKey(id)))
        {
            throw Refusal.Invalid($"Invalid instrument ID: {missing}");
        }

        for (var row = 0; row < points.Count; row++)
        {
            var instrument = found[points[row].InstrumentId];
            if (!Takes(instrument, points[row].Filter))
            {
                throw Refusal.Invalid($"filter: row {row}: Instrument {instrument.Name} has no filter {points[row].Filter}.");
            }
        }
    }

    private static async Task<int[]> StreamsAsync(SkyPortalContext db, IReadOnlyList<int> wanted, CancellationToken ct)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var ids = wanted.ToArray();
        var found = await db.Set<AlertStream>().Where(stream => ids.Contains(stream.Id)).Select(stream => stream.Id).ToListAsync(ct);
        var missing = ids.Except(db.Viewer.SeesAll ? found : found.Where(db.Viewer.StreamIds.Contains)).ToList();
        return missing.Count == 0 ? [.. ids.Order()] : throw Refusal.Invalid($"Invalid stream IDs: {string.Join(", ", missing)}");
    }
}
