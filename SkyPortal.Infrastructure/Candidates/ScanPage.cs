using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Names of the lists by which a person sorts candidates.</summary>
public static class ScanListNames
{
    /// <summary>Rejected; the name that the API's clients use.</summary>
    public const string Rejected = "rejected_candidates";

    /// <summary>Worth another look.</summary>
    public const string Interesting = "interesting_candidates";
}

/// <summary>
/// Reads everything that a page of cards shows, in ten statements whatever the number of cards; they run side by side, so that
/// the page waits for the slowest only. The light curves of matched objects take one more where they are asked for. Objects that the viewer may not see are left out.
/// </summary>
public sealed class ScanPage(
    Contexts contexts,
    ReadObjs objs,
    ReadObjThumbnails thumbnails,
    ReadObjAnnotations annotations,
    ReadObjGroups saves,
    ReadObjClassifications classifications,
    ReadObjTags tags,
    ReadSuperObjs superObjs,
    ReadScanPoints points)
{
    /// <summary>Number of statements of a page.</summary>
    public const int Statements = 10;

    // ix_candidates_obj_id_filter_id_passed_at. The filters are those that the viewer scans; they were read under the viewer's rights.
    private const string PassedSql = """
        select c.obj_id, f.id, f.name, g.id, g.name, max(c.passed_at) as newest
        from candidates c join filters f on f.id = c.filter_id join groups g on g.id = f.group_id
        where c.obj_id = any(@ids) and c.filter_id = any(@filters)
          and (@sees_all or f.group_id = any(@viewer_groups) and f.stream_id = any(@viewer_streams))
        group by c.obj_id, f.id, f.name, g.id, g.name
        order by c.obj_id, newest desc, g.name, f.name, f.id
        """;

    // ix_candidate_views_obj_id_user_id and ix_listings_user_id_list_name_obj_id. Who looked is told to those of a common group.
    private const string MarksSql = $"""
        select o.id,
               (select v.seen_at from candidate_views v where v.obj_id = o.id and v.user_id = @viewer_user),
               array(select u.username from candidate_views v join users u on u.id = v.user_id
                     where v.obj_id = o.id and v.user_id is distinct from @viewer_user
                       and exists (select 1 from group_users m join groups g on g.id = m.group_id
                                   where m.user_id = v.user_id and m.group_id = any(@groups) and (@sees_all or m.group_id = any(@viewer_groups)) and not g.sitewide)
                     order by v.seen_at),
               exists (select 1 from listings l where l.user_id = @viewer_user and l.list_name = @rejected and l.obj_id = o.id),
               exists (select 1 from listings l where l.user_id = @viewer_user and l.list_name = @interesting and l.obj_id = o.id)
        from objs o
        where o.id = any(@ids) and {ViewerSql.SeesObj}
        """;

    /// <summary>The cards of objects of a list, in the order of the names.</summary>
    public async Task<IReadOnlyList<ScanCard>> HandleAsync(Viewer viewer, ScanList list, string[] objIds, CancellationToken ct, bool withMatchedPoints = false)
    {
        var objsTask = objs.ForAsync(viewer, objIds, ct);
        var thumbnailsTask = thumbnails.ForAsync(viewer, objIds, ct);
        var annotationsTask = annotations.ForAsync(viewer, objIds, withAuthor: false, ct);
        var savesTask = saves.ForAsync(viewer, objIds, SaveKind.Active, ct);
        var classificationsTask = classifications.ForAsync(viewer, objIds, withDetails: false, ct);
        var pointsTask = points.ForAsync(viewer, objIds, ct);
        var passedTask = PassedAsync(viewer, list, objIds, ct);
        var marksTask = MarksAsync(viewer, list, objIds, ct);
        var tagsTask = tags.ForAsync(viewer, objIds, ct);
        var matchedTask = MatchedAsync(viewer, objsTask, withMatchedPoints, ct);
        await Task.WhenAll(objsTask, thumbnailsTask, annotationsTask, savesTask, classificationsTask, pointsTask, passedTask, marksTask, tagsTask, matchedTask);
        var (words, (matched, matchedPoints)) = (await tagsTask, await matchedTask);
        var (known, pictures, notes, groups, classes, curves, passed, marks) =
            (await objsTask, await thumbnailsTask, await annotationsTask, await savesTask, await classificationsTask, await pointsTask, await passedTask, await marksTask);
        return [.. objIds.Where(known.ContainsKey).Select(id => new ScanCard
        {
            Obj = known[id],
            Thumbnails = pictures[id].GroupBy(row => row.Type).ToDictionary(group => group.Key, group => group.Last()),
            Points = [.. curves[id]],
            Annotations = InOrder(notes[id], [.. passed[id]]),
            Saves = [.. groups[id]],
            Classifications = [.. classes[id]],
            Passed = [.. passed[id]],
            Marks = marks.GetValueOrDefault(id, ScanMarks.None),
            Trend = Trend(curves[id]),
            Tags = [.. words[id]],
            Matched = [.. matched[id]],
            MatchedPoints = [.. matched[id].Select(other => other.ObjId).Distinct().SelectMany(other => matchedPoints[other])],
        })];
    }

    private async Task<(ILookup<string, AssociatedObj> Objs, ILookup<string, ScanPoint> Points)> MatchedAsync(
        Viewer viewer, Task<Dictionary<string, ObjRecord>> objsTask, bool withPoints, CancellationToken ct)
    {
        var matched = await superObjs.AssociatedAsync(viewer, (await objsTask).Values, ct);
        var ids = withPoints ? matched.SelectMany(group => group).Select(other => other.ObjId).Distinct().ToArray() : [];
        return (matched, ids.Length > 0 ? await points.ForAsync(viewer, ids, ct) : Array.Empty<ScanPoint>().ToLookup(_ => ""));
    }

    private async Task<ILookup<string, PassedFilter>> PassedAsync(Viewer viewer, ScanList list, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(PassedSql).WithViewer(viewer).With("ids", objIds).With("filters", list.FilterIds);
        var rows = await command.ReadAllAsync(
            reader => (
                ObjId: reader.GetString(0),
                Filter: new PassedFilter(reader.GetInt32(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4), reader.GetDateTime(5))),
            ct);
        return rows.ToLookup(row => row.ObjId, row => row.Filter);
    }

    private async Task<Dictionary<string, ScanMarks>> MarksAsync(Viewer viewer, ScanList list, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(MarksSql).WithViewer(viewer)
            .With("ids", objIds).With("groups", list.GroupIds).With("rejected", ScanListNames.Rejected).With("interesting", ScanListNames.Interesting);
        var rows = await command.ReadAllAsync(
            reader => (
                ObjId: reader.GetString(0),
                Marks: new ScanMarks(reader.Maybe<DateTime?>(1), reader.GetFieldValue<string[]>(2), reader.GetBoolean(3), reader.GetBoolean(4))),
            ct);
        return rows.ToDictionary(row => row.ObjId, row => row.Marks);
    }

    private static List<AnnotationRecord> InOrder(IEnumerable<AnnotationRecord> rows, List<PassedFilter> passed)
    {
        var origins = passed.ConvertAll(filter => filter.AnnotationOrigin);
        return [.. rows.OrderBy(row => origins.IndexOf(row.Origin) is var at and >= 0 ? at : int.MaxValue).ThenBy(row => row.Origin, StringComparer.Ordinal)];
    }

    private static LightCurveTrend? Trend(IEnumerable<ScanPoint> curve) => LightCurveTrend.Of(
    [
        .. curve.Where(point => point is { AbMag: not null, ErrorMag: not null })
            .Select(point => new DetectedMag(point.Mjd, point.Filter, point.AbMag!.Value, point.ErrorMag!.Value)),
    ]);
}
