using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Which requests, in which order; null for any.</summary>
public sealed record FollowupSearch
{
    /// <summary>Made from then on (UTC).</summary>
    public DateTime? MadeFrom { get; init; }

    /// <summary>Made until then (UTC).</summary>
    public DateTime? MadeTo { get; init; }

    /// <summary>Payload's start not before then (UTC).</summary>
    public DateTime? StartsFrom { get; init; }

    /// <summary>Payload's end not after then (UTC).</summary>
    public DateTime? EndsTo { get; init; }

    /// <summary>Part of the object's name.</summary>
    public string? ObjName { get; init; }

    public int? InstrumentId { get; init; }
    public int? AllocationId { get; init; }
    public int[]? RequesterIds { get; init; }

    /// <summary>Payload's priority at least this.</summary>
    public double? Priority { get; init; }

    /// <summary>Part of the status.</summary>
    public string? Status { get; init; }

    /// <summary>created_at, modified, status or obj.</summary>
    public string SortBy { get; init; } = "created_at";

    public bool IsDescending { get; init; }
    public bool WithThumbnails { get; init; }
    public int Skip { get; init; }
    public int Take { get; init; } = 100;
}

/// <summary>Reads requests, as far as the viewer may see their objects and allocations.</summary>
public sealed class ReadFollowups(Contexts contexts, ReadObjs objs, ReadObjThumbnails thumbnails, ReadAllocations allocations)
{
    private const int MostTransactions = 100;

    // Indexes on obj_id and (allocation_id, created_at); the rule is that of the requests' policy. A payload is what somebody sent,
    // so that its parts are read only where they are what they ought to be.
    private const string Where = $"""
        from followup_requests f join objs o on o.id = f.obj_id join allocations a on a.id = f.allocation_id
        where {ViewerSql.SeesObj} and (@sees_all or a.group_id = any(@viewer_groups))
          and (@made_from is null or f.created_at >= @made_from) and (@made_to is null or f.created_at <= @made_to)
          and (@starts_from is null or f.payload ->> 'start_date' >= @starts_from) and (@ends_to is null or f.payload ->> 'end_date' <= @ends_to)
          and (@obj is null or position(lower(@obj) in lower(f.obj_id)) > 0) and (@status is null or position(lower(@status) in lower(f.status)) > 0)
          and (@allocation is null or f.allocation_id = @allocation) and (@instrument is null or a.instrument_id = @instrument)
          and (@requesters is null or f.requester_id = any(@requesters))
          and (@priority is null or case
                when jsonb_typeof(f.payload -> 'priority') = 'number' then (f.payload ->> 'priority')::numeric
                when f.payload ->> 'priority' ~ '^-?[0-9]+([.][0-9]+)?$' and length(f.payload ->> 'priority') < 20 then (f.payload ->> 'priority')::numeric
              end >= @priority::numeric)
        """;

    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["created_at"] = "f.created_at", ["modified"] = "f.modified", ["status"] = "f.status", ["obj"] = "f.obj_id",
    };

    /// <summary>By what a list may be sorted.</summary>
    public static IReadOnlyCollection<string> Sorts => Columns.Keys;

    /// <summary>A page with objects, allocations, requesters, watchers and groups; nine statements.</summary>
    /// <exception cref="Refusal">An allocation or a requester that is not there for the viewer.</exception>
    public async Task<FollowupPage> HandleAsync(Viewer viewer, FollowupSearch search, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (search.AllocationId is { } allocation && !await db.Set<Domain.Facilities.Allocation>().AnyAsync(row => row.Id == allocation, ct))
        {
            throw SaveAllocation.NotThere(allocation);
        }

        if (search.RequesterIds is { } people && await db.Set<User>().CountAsync(user => people.Contains(user.Id), ct) < people.Distinct().Count())
        {
            throw Refusal.Invalid("Invalid requesters: not all of these users are there.");
        }

        var direction = search.IsDescending ? "desc" : "asc";
        await using var count = Command(viewer, search, $"select count(*) {Where}");
        var total = Convert.ToInt32(await count.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
        await using var command = Command(viewer, search, $"select f.id {Where} order by {Columns[search.SortBy]} {direction}, f.id {direction} limit @take offset @skip");
        var ids = await command.With("take", search.Take).With("skip", search.Skip).ReadAllAsync(reader => reader.GetInt32(0), ct);
        var rows = await db.Set<FollowupRequest>().Where(row => ids.Contains(row.Id)).Select(FollowupRecord.Of).ToListAsync(ct);
        var ordered = rows.OrderBy(row => ids.IndexOf(row.Id)).ToList();
        var seen = await objs.ForAsync(viewer, [.. rows.Select(row => row.ObjId).Distinct()], ct);
        var pictures = search.WithThumbnails ? await thumbnails.ForAsync(viewer, [.. seen.Keys], ct) : null;
        foreach (var row in ordered)
        {
            var obj = seen.GetValueOrDefault(row.ObjId);
            row.With("obj", pictures is null ? obj : obj?.With("thumbnails", pictures[row.ObjId].ToList()));
        }

        await AddAsync(db, ordered, withAllocations: true, ct);
        return new FollowupPage(ordered, total);
    }

    /// <summary>One with its object, watchers, groups and the newest of what was said to its facility; null where there is none for the viewer.</summary>
    public async Task<FollowupRecord?> OneAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<FollowupRequest>().Where(row => row.Id == id).Select(FollowupRecord.Of).ToListAsync(ct);
        if (rows is not [var one] || !(await objs.ForAsync(viewer, [one.ObjId], ct)).TryGetValue(one.ObjId, out var obj))
        {
            return null;
        }

        one.With("obj", obj.With("thumbnails", (await thumbnails.ForAsync(viewer, [one.ObjId], ct))[one.ObjId].ToList()));
        await AddAsync(db, rows, withAllocations: false, ct);
        var said = await db.Set<FacilityTransaction>().Where(row => row.FollowupRequestId == id).OrderByDescending(row => row.Id).Take(MostTransactions)
            .Select(row => new FacilityTransactionRecord(row.Id, row.CreatedAt, row.Request, row.Response, row.FollowupRequestId, row.InitiatorId)).ToListAsync(ct);
        return one.With("transactions", said).With("transaction_requests", Array.Empty<object>());
    }

    /// <summary>Those of objects, the oldest first, with allocations, requesters, watchers and groups; seven statements, one where there are none.</summary>
    public async Task<ILookup<string, FollowupRecord>> OfObjectsAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<FollowupRequest>().Where(row => objIds.Contains(row.ObjId)).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).Select(FollowupRecord.Of).ToListAsync(ct);
        if (rows.Count > 0)
        {
            await AddAsync(db, rows, withAllocations: true, ct);
        }

        return rows.ToLookup(row => row.ObjId);
    }

    /// <summary>Keys of those of objects; one statement.</summary>
    public async Task<IReadOnlySet<int>> IdsOfObjectsAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<FollowupRequest>().Where(row => objIds.Contains(row.ObjId)).Select(row => row.Id).ToHashSetAsync(ct);
    }

    private async Task AddAsync(SkyPortalContext db, List<FollowupRecord> rows, bool withAllocations, CancellationToken ct)
    {
        var ids = rows.Select(row => row.Id).ToArray();
        var users = rows.Select(row => row.RequesterId).OfType<int>().Distinct().ToArray();
        var groupIds = rows.SelectMany(row => row.TargetGroupIds).Distinct().ToArray();
        var requesters = (await db.Set<User>().Where(user => users.Contains(user.Id)).ToListAsync(ct)).ToDictionary(user => user.Id, user => new UserRow(user));
        var watchers = (await db.Set<FollowupWatcher>().Where(row => ids.Contains(row.FollowupRequestId)).OrderBy(row => row.Id)
            .Select(row => new FollowupWatcherRecord(row.FollowupRequestId, row.UserId, row.Id)).ToListAsync(ct)).ToLookup(row => row.FollowupRequestId);
        var groups = (await db.Set<Group>().Where(group => groupIds.Contains(group.Id)).ToListAsync(ct)).ToDictionary(group => group.Id, group => new GroupRow(group));
        var known = withAllocations ? await allocations.ByIdAsync(db.Viewer, [.. rows.Select(row => row.AllocationId).Distinct()], ct) : null;
        foreach (var row in rows)
        {
            row.With("requester", row.RequesterId is { } user ? requesters.GetValueOrDefault(user) : null)
                .With("watchers", watchers[row.Id].ToList())
                .With("target_groups", row.TargetGroupIds.Where(groups.ContainsKey).Select(group => groups[group]).ToList());
            if (known is not null)
            {
                row.With("allocation", known.GetValueOrDefault(row.AllocationId));
            }
        }
    }

    private Npgsql.NpgsqlCommand Command(Viewer viewer, FollowupSearch search, string sql) => contexts.DataSource.CreateCommand(sql)
        .WithViewer(viewer)
        .Maybe("made_from", NpgsqlDbType.TimestampTz, search.MadeFrom)
        .Maybe("made_to", NpgsqlDbType.TimestampTz, search.MadeTo)
        .Maybe("starts_from", NpgsqlDbType.Text, search.StartsFrom is { } from ? RequestForm.Written(from) : null)
        .Maybe("ends_to", NpgsqlDbType.Text, search.EndsTo is { } to ? RequestForm.Written(to) : null)
        .Maybe("obj", NpgsqlDbType.Text, search.ObjName)
        .Maybe("status", NpgsqlDbType.Text, search.Status)
        .Maybe("allocation", NpgsqlDbType.Integer, search.AllocationId)
        .Maybe("instrument", NpgsqlDbType.Integer, search.AllocationId is null ? search.InstrumentId : null)
        .Maybe("requesters", NpgsqlDbType.Array | NpgsqlDbType.Integer, search.RequesterIds)
        .Maybe("priority", NpgsqlDbType.Double, search.Priority);
}
