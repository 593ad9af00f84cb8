using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>One object as the scanning tools see it, be it a candidate or not: eight statements at most, and those of the parts.</summary>
public sealed class GetCandidate(
    Contexts contexts,
    ReadObjs readObjs,
    ReadObjThumbnails readThumbnails,
    ReadObjAnnotations readAnnotations,
    ReadObjClassifications readClassifications,
    ReadObjGroups readGroups,
    ReadPhotStats readStats,
    AddCandidateParts addParts)
{

    // Saves count here also where they were undone.
    private const string SavesSql = "select count(*) from sources s where s.obj_id = @obj and (@sees_all or s.group_id = any(@viewer_groups))";

    /// <summary>The object and, where asked for, its photometry; null where it is missing or hidden from the viewer.</summary>
    public async Task<(ObjRecord Obj, CandidatePhotometry? Photometry)?> HandleAsync(Viewer viewer, string objId, CandidateParts parts, CancellationToken ct)
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
            .With("last_detected_at", stats?.LastDetectedMjd is { } mjd ? Mjd.TimeOf(mjd) : null)
            .With("annotations", (await readAnnotations.ForAsync(viewer, ids, withAuthor: false, ct, withGroups: true))[objId])
            .With("is_source", saved);
        if (saved > 0)
        {
            obj.With("saved_groups", (await readGroups.ForAsync(viewer, ids, SaveKind.Active, ct))[objId].ToList<GroupRecord>());
            obj.With("classifications", (await readClassifications.ForAsync(viewer, ids, withDetails: false, ct))[objId]);
        }

        return (obj, await addParts.HandleAsync(viewer, [obj], parts, ct));
    }
}
