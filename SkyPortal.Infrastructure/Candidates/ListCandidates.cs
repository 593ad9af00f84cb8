using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A page of candidates as it appears on the wire.</summary>
public sealed record CandidateList(IReadOnlyList<ObjRecord> Candidates, CandidatePageAnswer Page);

/// <summary>Reads a page of candidates with all that hangs on them: three statements for the page and eight at most for its objects.</summary>
public sealed class ListCandidates(
    Contexts contexts,
    CandidatesPage page,
    ReadObjs readObjs,
    ReadObjThumbnails readThumbnails,
    ReadObjAnnotations readAnnotations,
    ReadObjClassifications readClassifications,
    ReadObjGroups readGroups,
    ReadPhotStats readStats)
{
    // Index candidates (obj_id, filter_id, passed_at).
    private const string PassingSql = """
        select distinct c.obj_id, f.group_id
        from candidates c join filters f on f.id = c.filter_id
        where c.obj_id = any(@ids) and c.filter_id = any(@filters)
        """;

    private static readonly DateTime MjdZero = new(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Reads a page.</summary>
    public async Task<CandidateList> HandleAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        var found = await page.HandleAsync(viewer, criteria, ct);
        var ids = found.Hits.Select(hit => hit.ObjId).ToArray();
        if (ids.Length == 0)
        {
            return new CandidateList([], found);
        }

        var objs = readObjs.ForAsync(viewer, ids, ct);
        var thumbnails = readThumbnails.ForAsync(viewer, ids, ct);
        var annotations = readAnnotations.ForAsync(viewer, ids, withAuthor: false, ct, withGroups: true);
        var classifications = readClassifications.ForAsync(viewer, ids, withDetails: false, ct);
        var saved = readGroups.ForAsync(viewer, ids, SaveKind.Active, ct);
        var passing = PassingAsync(ids, found.FilterIds, ct);
        var stats = readStats.ForAsync(viewer, ids, ct);
        await Task.WhenAll(objs, thumbnails, annotations, classifications, saved, passing, stats);
        var (known, pictures, notes, classes, groups, passed, light) =
            (await objs, await thumbnails, await annotations, await classifications, await saved, await passing, await stats);
        return new CandidateList(
            [.. ids.Where(known.ContainsKey).Select(id => Item(
                known[id], pictures[id], notes[id], classes[id], [.. groups[id]], [.. passed[id]], light.GetValueOrDefault(id), found.GroupIds))],
            found);
    }

    private static ObjRecord Item(
        ObjRecord obj,
        IEnumerable<ThumbnailRecord> thumbnails,
        IEnumerable<AnnotationRecord> annotations,
        IEnumerable<ClassificationRecord> classifications,
        SavedGroupRecord[] saved,
        int[] passingGroups,
        PhotStatRecord? stats,
        int[] selectedGroups)
    {
        obj.WithInternalKey().WithDerived()
            .With("photstats", stats is null ? [] : new[] { stats })
            .With("last_detected_at", stats?.LastDetectedMjd is { } mjd ? MjdZero.AddDays(mjd) : null)
            .With("thumbnails", thumbnails)
            .With("is_source", saved.Length > 0)
            .With("passing_group_ids", passingGroups)
            .With("annotations", annotations.OrderBy(row => row.GroupIds.Any(selectedGroups.Contains) ? 0 : 1).ThenBy(row => row.Origin, StringComparer.Ordinal))
            .With("tags", Array.Empty<JsonElement>())
            .With("associated_objs", Array.Empty<JsonElement>());
        return saved.Length == 0 ? obj : obj.With("saved_groups", saved).With("classifications", classifications);
    }

    private async Task<ILookup<string, int>> PassingAsync(string[] ids, int[] filters, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(PassingSql).With("ids", ids).With("filters", filters);
        var rows = await command.ReadAllAsync(reader => (ObjId: reader.GetString(0), GroupId: reader.GetInt32(1)), ct);
        return rows.ToLookup(row => row.ObjId, row => row.GroupId);
    }
}
