using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>The objects of a page of candidates as they appear on the wire, and their photometry where it was asked for.</summary>
public sealed record CandidateList(IReadOnlyList<ObjRecord> Candidates, CandidatePhotometry? Photometry);

/// <summary>Reads the objects of a page of candidates with all that hangs on them: nine statements at most, and those of the parts.</summary>
public sealed class ListCandidates(
    ReadPassedGroups readPassedGroups,
    AddCandidateParts addParts,
    ReadObjs readObjs,
    ReadObjThumbnails readThumbnails,
    ReadObjAnnotations readAnnotations,
    ReadObjClassifications readClassifications,
    ReadObjGroups readGroups,
    ReadPhotStats readStats,
    ReadObjTags readTags)
{

    /// <summary>Reads them, as far as the viewer may see them.</summary>
    public async Task<CandidateList> HandleAsync(Viewer viewer, CandidatePageAnswer found, CandidateParts parts, CancellationToken ct)
    {
        var ids = found.Hits.Select(hit => hit.ObjId).ToArray();
        if (ids.Length == 0)
        {
            return new CandidateList([], null);
        }

        var objs = readObjs.ForAsync(viewer, ids, ct);
        var thumbnails = readThumbnails.ForAsync(viewer, ids, ct);
        var annotations = readAnnotations.ForAsync(viewer, ids, withAuthor: false, ct, withGroups: true);
        var classifications = readClassifications.ForAsync(viewer, ids, withDetails: false, ct);
        var saved = readGroups.ForAsync(viewer, ids, SaveKind.Active, ct);
        var passing = readPassedGroups.ForAsync(ids, found.FilterIds, ct);
        var stats = readStats.ForAsync(viewer, ids, ct);
        await Task.WhenAll(objs, thumbnails, annotations, classifications, saved, passing, stats);
        var (known, pictures, notes, classes, groups, passed, light) =
            (await objs, await thumbnails, await annotations, await classifications, await saved, await passing, await stats);
        List<ObjRecord> items =
        [
            .. ids.Where(known.ContainsKey).Select(id => Item(
                known[id], pictures[id], notes[id], classes[id], [.. groups[id]], [.. passed[id].Order()], light.GetValueOrDefault(id), found.SelectedGroupIds)),
        ];
        await readTags.AddToAsync(viewer, items, ct);
        return new CandidateList(items, await addParts.HandleAsync(viewer, items, parts, ct));
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
            .With("last_detected_at", stats?.LastDetectedMjd is { } mjd ? Mjd.TimeOf(mjd) : null)
            .With("thumbnails", thumbnails)
            .With("is_source", saved.Length > 0)
            .With("passing_group_ids", passingGroups)
            .With("annotations", annotations.OrderBy(row => row.GroupIds.Any(selectedGroups.Contains) ? 0 : 1).ThenBy(row => row.Origin, StringComparer.Ordinal));
        return saved.Length == 0 ? obj : obj.With("saved_groups", saved.ToList<GroupRecord>()).With("classifications", classifications);
    }
}
