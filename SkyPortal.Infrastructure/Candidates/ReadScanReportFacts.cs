using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>
/// Gathers what a scan report says of sources. A report is read by the members of each of its groups, so it says of points, classes,
/// comments, annotations, follow-up requests and ties only what somebody may see who is in any one of these groups and in no other. Saves are those to
/// the report's groups.
/// </summary>
public sealed class ReadScanReportFacts(
    Contexts contexts, ReadObjs readObjs, ReadHosts readHosts, ReadScanPoints readPoints, ReadObjClassifications readClasses, ReadObjComments readComments,
    ReadObjAnnotations readAnnotations, ReadSuperObjs readSuperObjs, ReadObjGroups readSaves, ReadFollowups readFollowups)
{
    private static readonly string[] RedshiftKeys = ["z", "redshift", "Z", "desi_redshift"];

    /// <summary>Facts by object. Five statements, seven more where there are follow-up requests, and six for each group.</summary>
    /// <param name="author">Who makes the report; the newest comment of theirs is told.</param>
    /// <param name="groupIds">Groups that will read it; at least one.</param>
    /// <param name="objIds">Its sources.</param>
    /// <param name="nowMjd">When it is made, UTC MJD in days.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyDictionary<string, ScanReportFacts>> HandleAsync(Viewer author, int[] groupIds, string[] objIds, double nowMjd, CancellationToken ct)
    {
        var objs = await readObjs.ForAsync(author, objIds, ct);
        await readHosts.AddToAsync(objs.Values, ct);
        var saves = await readSaves.ForAsync(author, objIds, SaveKind.Active, ct);
        var requests = await readFollowups.OfObjectsAsync(author, objIds, ct);
        var views = new List<View>();
        foreach (var reader in await ReadersAsync(groupIds, ct))
        {
            views.Add(new View(
                await readPoints.ForAsync(reader, objIds, ct),
                await readClasses.ForAsync(reader, objIds, withDetails: false, ct),
                await readComments.ForAsync(reader, objIds, ct),
                await readAnnotations.ForAsync(reader, objIds, withAuthor: false, ct),
                await readSuperObjs.AssociatedAsync(reader, objs.Values, ct),
                await readFollowups.IdsOfObjectsAsync(reader, objIds, ct)));
        }

        var tied = await readObjs.ForAsync(author, [.. views[0].Ties.SelectMany(group => group).Select(other => other.ObjId).Distinct()], ct);
        return objs.Values.ToDictionary(obj => obj.Id, obj => Of(obj, author, groupIds, [.. saves[obj.Id]], [.. requests[obj.Id]], views, tied, nowMjd));
    }

    private static ScanReportFacts Of(
        ObjRecord obj, Viewer author, int[] groupIds, List<SavedGroupRecord> saves, List<FollowupRecord> requests, List<View> views, Dictionary<string, ObjRecord> tied, double nowMjd)
    {
        var id = obj.Id;
        var own = saves.Where(save => groupIds.Contains(save.Id)).ToList();
        var classes = views.Skip(1).Aggregate(views[0].Classes[id], (common, view) => common.IntersectBy(view.Classes[id].Select(row => row.Id), row => row.Id)).ToList();
        var comments = views.Skip(1).Aggregate(views[0].Comments[id], (common, view) => common.IntersectBy(view.Comments[id].Select(row => row.Id), row => row.Id));
        var notes = views.Skip(1).Aggregate(views[0].Annotations[id], (common, view) => common.IntersectBy(view.Annotations[id].Select(row => row.Id), row => row.Id));
        var points = views.Skip(1).Aggregate((IEnumerable<ScanPoint>)views[0].Points[id], (common, view) => common.Intersect(view.Points[id])).ToList();
        var asked = requests.FindAll(request => views.TrueForAll(view => view.Followups.Contains(request.Id)));
        var ties = views.Skip(1).Aggregate(views[0].Ties[id].Select(other => other.ObjId), (common, view) => common.Intersect(view.Ties[id].Select(other => other.ObjId)))
            .Distinct().Where(tied.ContainsKey).Select(other => new ScanReportTie(other, tied[other].Alias ?? [])).ToList();
        var facts = new ScanReportFacts
        {
            TnsName = obj.TnsName,
            AssociatedObjs = ties.Count == 0 ? null : ties,
            Comment = comments.Where(comment => comment.AuthorId == author.UserId && !comment.Bot).MaxBy(comment => (comment.CreatedAt, comment.Id))?.Text,
            HostRedshift = (obj.Parts.GetValueOrDefault("host") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("redshift") as double?,
            DesiRedshift = DesiRedshift(notes),
            Offset = obj.Parts.GetValueOrDefault("host_offset") is double arcsec
                ? new ScanReportOffset(Math.Round(arcsec, 3), obj.Parts.GetValueOrDefault("host_distance") is double kpc ? Math.Round(kpc, 3) : null)
                : null,
            Classifications = classes.Count == 0
                ? null
                : [.. classes.Select(row => new ScanReportClass(row.Probability, row.Classification, row.Ml, row.CreatedAt))],
            Followups = asked.Count == 0 ? null : asked.ConvertAll(ScanReportFollowup.Of),
            SavedInfo = [.. own.Select(save => new ScanReportSave(save.SavedAt, save.SavedBy is { } by ? new ScanReportPerson(by.FirstName, by.LastName) : null, save.Name))],
            GroupsSavedTo = own.Count == 0 ? null : [.. own.Select(save => save.Name)],
        };
        return ScanReportCurves.With(facts, points, ObjectDistance.Of(obj.Redshift, obj.Altdata).DistanceModulusMag, nowMjd);
    }

    // Pipelines write the redshift of DESI as an annotation whose origin begins with the survey's name.
    private static double? DesiRedshift(IEnumerable<AnnotationRecord> notes) => notes
        .Where(note => note.Origin.StartsWith("desi", StringComparison.OrdinalIgnoreCase) && note.Data.ValueKind == JsonValueKind.Object)
        .SelectMany(note => RedshiftKeys.Select(key => note.Data.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : (double?)null))
        .FirstOrDefault(value => value is not null);

    // Somebody who is in one group alone, with the streams that every member of it has.
    private async Task<IReadOnlyList<Viewer>> ReadersAsync(int[] groupIds, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var streams = await db.Set<GroupStream>().AsNoTracking().Where(use => groupIds.Contains(use.GroupId)).Select(use => new { use.GroupId, use.StreamId }).ToListAsync(ct);
        return [.. groupIds.Select(id => new Viewer { Username = "", GroupIds = [id], StreamIds = [.. streams.Where(use => use.GroupId == id).Select(use => use.StreamId)] })];
    }

    private sealed record View(
        ILookup<string, ScanPoint> Points, ILookup<string, ClassificationRecord> Classes, ILookup<string, Discussion.CommentRecord> Comments,
        ILookup<string, AnnotationRecord> Annotations, ILookup<string, AssociatedObj> Ties, IReadOnlySet<int> Followups);
}
