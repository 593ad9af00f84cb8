using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Says why a request is not to be made, from what the viewer may see; within the transaction that would make it.</summary>
internal static class CheckFollowupConstraints
{
    private const string End = "not submitting request.";

    // No photometry holds more points than TNS has of an object.
    private const int MostPoints = 10_000;

    /// <summary>Why not, for people; null where nothing is against it. The first condition that fails has the word.</summary>
    /// <param name="db">A context of the viewer.</param>
    /// <param name="objId">The object; the viewer may see it.</param>
    /// <param name="place">Where it stands; null where that is not known, and it is then alone.</param>
    /// <param name="allocationId">The allocation.</param>
    /// <param name="conditions">The conditions.</param>
    /// <param name="seenBy">As whom what the conditions do not name is looked at; null for the viewer.</param>
    /// <param name="ct">Cancels it.</param>
    public static async Task<string?> HandleAsync(SkyPortalContext db, string objId, SkyPosition? place, int allocationId, FollowupConstraints conditions, Viewer? seenBy, CancellationToken ct)
    {
        if (conditions.SourceGroupIds.Distinct().ToArray() is { Length: > 0 } needed
            && await db.Set<Source>().CountAsync(source => source.ObjId == objId && source.Active && needed.Contains(source.GroupId), ct) < needed.Length)
        {
            return $"Object {objId} is not saved to each of the groups {Names(needed)}, {End}";
        }

        var near = await AsAsync(db, seenBy, () => NearAsync(db, objId, place, conditions, ct));
        if (conditions.NotIfDuplicates)
        {
            int[] allocations = [allocationId, .. conditions.IgnoreAllocationIds];
            // What waits to be told to the facility is on its way, too.
            var known = await db.Set<FollowupRequest>()
                .Where(request => near.Contains(request.ObjId) && allocations.Contains(request.AllocationId))
                .Where(request => EF.Functions.ILike(request.Status, "%submitted%") || EF.Functions.ILike(request.Status, "%completed%") || request.Work == FollowupWork.Submit)
                .AnyAsync(ct);
            if (known)
            {
                return $"A follow-up request of {objId} exists already, {End}";
            }
        }

        if (conditions.IgnoreSourceGroupIds is { Length: > 0 } ignored
            && await db.Set<Source>().AnyAsync(source => near.Contains(source.ObjId) && source.Active && ignored.Contains(source.GroupId), ct))
        {
            return $"Object {objId} is saved to one of the groups {Names(ignored)}, {End}";
        }

        return await AsAsync(db, seenBy, () => KnownAsync(db, objId, near, conditions, ct));
    }

    private static async Task<string?> KnownAsync(SkyPortalContext db, string objId, string[] near, FollowupConstraints conditions, CancellationToken ct)
    {
        if (conditions.NotIfClassified && await db.Set<Classification>().AnyAsync(row => near.Contains(row.ObjId) && !row.Ml, ct))
        {
            return $"Object {objId} is classified, {End}";
        }

        if (conditions.NotIfSpectraExist && await db.Set<Spectrum>().AnyAsync(row => near.Contains(row.ObjId), ct))
        {
            return $"There are spectra of {objId}, {End}";
        }

        if (conditions.NotIfTnsClassified && await db.Set<Obj>().AnyAsync(obj => near.Contains(obj.Id) && obj.TnsName!.StartsWith("SN"), ct))
        {
            return $"Object {objId} is classified at TNS, {End}";
        }

        if (conditions.NotIfTnsReported is { } hours)
        {
            var reports = await db.Set<Obj>().Where(obj => near.Contains(obj.Id) && obj.TnsName != null && obj.TnsInfo != null).Select(obj => obj.TnsInfo!.Value).ToListAsync(ct);
            if (reports.Exists(report => Reported(report) is { } time && (db.UtcNow - time).TotalHours > hours))
            {
                return string.Create(CultureInfo.InvariantCulture, $"Object {objId} was reported to TNS more than {hours} hours ago, {End}");
            }
        }

        // Of assignments there are none on this site, so that no object has one.
        return null;
    }

    private static async Task<T> AsAsync<T>(SkyPortalContext db, Viewer? viewer, Func<Task<T>> look)
    {
        var own = db.Viewer;
        db.Viewer = viewer ?? own;
        try
        {
            return await look();
        }
        finally
        {
            db.Viewer = own;
        }
    }

    // The object and those at its place, as far as the viewer may see them.
    private static async Task<string[]> NearAsync(SkyPortalContext db, string objId, SkyPosition? place, FollowupConstraints conditions, CancellationToken ct)
    {
        if (place is not { } center || !LooksAround(conditions))
        {
            return [objId];
        }

        var radius = conditions.Radius / 3600;
        var found = new List<string> { objId };
        foreach (var range in Healpix.ConeToRanges(center, radius, maxRanges: 8))
        {
            var (start, end) = (range.Start, range.End);
            var rows = await db.Set<Obj>().Where(obj => obj.Healpix >= start && obj.Healpix < end).Select(obj => new { obj.Id, obj.Ra, obj.Dec }).ToListAsync(ct);
            found.AddRange(rows.Where(row => center.SeparationDegrees(new SkyPosition(row.Ra!.Value, row.Dec!.Value)) <= radius).Select(row => row.Id));
        }

        return [.. found.Distinct()];
    }

    private static bool LooksAround(FollowupConstraints conditions) =>
        conditions.NotIfDuplicates || conditions.NotIfClassified || conditions.NotIfSpectraExist || conditions.NotIfTnsClassified || conditions.NotIfTnsReported is not null
        || conditions.IgnoreSourceGroupIds.Length > 0;

    /// <summary>When TNS was last told of an object, from what TNS says of it: its newest point, or else the discovery; null where neither is known.</summary>
    private static DateTime? Reported(JsonElement info)
    {
        if (info.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var newest = info.TryGetProperty("photometry", out var points) && points.ValueKind == JsonValueKind.Array
            ? points.EnumerateArray().Take(MostPoints).Select(Days).Where(jd => jd is > 2_400_000.5 and < 3_000_000).Max()
            : null;
        if (newest is { } days)
        {
            return Mjd.TimeOf(days - 2_400_000.5);
        }

        return info.TryGetProperty("discoverydate", out var told) && told.ValueKind == JsonValueKind.String
            && DateTime.TryParse(told.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null;
    }

    private static double? Days(JsonElement point) => point.ValueKind != JsonValueKind.Object || !point.TryGetProperty("jd", out var jd) ? null
        : jd.ValueKind == JsonValueKind.Number && jd.TryGetDouble(out var number) ? number
        : jd.ValueKind == JsonValueKind.String && double.TryParse(jd.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed
        : null;

    private static string Names(int[] ids) => string.Join(", ", ids);
}
