using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>One object as the scanning tools see it, be it a candidate or not: eight statements, and one more for each option.</summary>
public sealed class GetCandidate(
    Contexts contexts,
    ReadObjs readObjs,
    ReadObjThumbnails readThumbnails,
    ReadObjAnnotations readAnnotations,
    ReadObjClassifications readClassifications,
    ReadObjGroups readGroups,
    ReadPhotStats readStats,
    ReadPhotometry readPhotometry,
    ReadObjComments readComments)
{
    private static readonly DateTime MjdZero = new(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc);

    // Index candidates (obj_id, filter_id, passed_at); the rule is that of the candidate's policy.
    private const string PassingSql = """
        select json_build_object('filter_id', c.filter_id, 'passing_alert_id', c.passing_alert_id, 'passed_at', c.passed_at at time zone 'utc')
        from candidates c join filters f on f.id = c.filter_id
        where c.obj_id = @obj and (@sees_all or (f.group_id = any(@viewer_groups) and f.stream_id = any(@viewer_streams)))
        order by c.passed_at desc, c.id desc
        limit 1000
        """;

    // Saves count here also where they were undone.
    private const string SavesSql = "select count(*) from sources s where s.obj_id = @obj and (@sees_all or s.group_id = any(@viewer_groups))";

    /// <summary>The object; null where it is missing or hidden from the viewer.</summary>
    public async Task<ObjRecord?> HandleAsync(
        Viewer viewer, string objId, bool withAlerts, bool withPhotometry, bool withComments, CancellationToken ct)
    {
        string[] ids = [objId];
        if (!(await readObjs.ForAsync(viewer, ids, ct)).TryGetValue(objId, out var obj))
        {
            return null;
        }

        var stats = (await readStats.ForAsync(viewer, ids, ct)).GetValueOrDefault(objId);
        await using var saves = contexts.DataSource.CreateCommand(SavesSql).WithViewer(viewer).With("obj", objId);
        var saved = (long)(await saves.ExecuteScalarAsync(ct))!;
        obj.WithInternalKey().WithDerived()
            .With("thumbnails", (await readThumbnails.ForAsync(viewer, ids, ct))[objId])
            .With("photstats", stats is null ? [] : new[] { stats })
            .With("last_detected_at", stats?.LastDetectedMjd is { } mjd ? MjdZero.AddDays(mjd) : null)
            .With("annotations", (await readAnnotations.ForAsync(viewer, ids, withAuthor: false, ct, withGroups: true))[objId])
            .With("associated_objs", Array.Empty<JsonElement>())
            .With("is_source", saved);
        if (saved > 0)
        {
            obj.With("saved_groups", (await readGroups.ForAsync(viewer, ids, SaveKind.Active, ct))[objId]);
            obj.With("classifications", (await readClassifications.ForAsync(viewer, ids, withDetails: false, ct))[objId]);
        }

        if (withAlerts)
        {
            await using var command = contexts.DataSource.CreateCommand(PassingSql).WithViewer(viewer).With("obj", objId);
            var passing = await command.ReadAllAsync(reader => reader.GetFieldValue<JsonElement>(0), ct);
            obj.With("filter_ids", passing.Select(row => row.GetProperty("filter_id").GetInt32()).Distinct()).With("passing_alerts", passing);
        }

        if (withPhotometry)
        {
            obj.With("photometry", (await readPhotometry.OfObjectAsync(viewer, objId, ct)).Points);
        }

        return withComments ? obj.With("comments", (await readComments.ForAsync(viewer, ids, ct))[objId].OrderByDescending(row => row.CreatedAt)) : obj;
    }
}
