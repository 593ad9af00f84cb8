using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>
/// The people of the demonstration have scanned a little of its night: each saves a few candidates of the own group, classifies
/// and discusses them, with no more rights than they have. Done once; a group that has saved anything is left alone.
/// </summary>
public sealed class DemoScanners(Contexts contexts, ReadViewer readViewer, SaveSource save, SetSourceProperties setProperties, Classify classify, PostComment comment)
{
    private static readonly (string Username, string Group, SimulatedKind Kind, int Saved, Remark Remark)[] Work =
    [
        ("demo-scanner", "Transients", SimulatedKind.SupernovaIa, 3, new("Ia", 0.85, "Blue and still rising two weeks after the first detection; the colour fits a thermonuclear supernova.", 0.062)),
        ("demo-scanner", "Transients", SimulatedKind.SupernovaIi, 2, new("Type II", 0.7, "Plateau for three weeks now. A spectrum would settle the type.", null)),
        ("demo-lead", "Transients", SimulatedKind.TidalDisruption, 1, new("Tidal Disruption Event", 0.5, "On the nucleus within the errors and blue. Worth an X-ray look.", 0.045)),
        ("demo-scanner", "Transients", SimulatedKind.Superluminous, 1, new(null, null, "Slow rise and no visible host: keep an eye on it.", null)),
        ("demo-lead", "Transients", SimulatedKind.Agn, 1, new("AGN", 0.9, "Flickers around the same brightness; not for follow-up.", 0.11)),
        ("demo-stars", "Variable Stars", SimulatedKind.RrLyrae, 2, new("RR Lyrae", 0.9, "Sawtooth in both bands.", null)),
        ("demo-stars", "Variable Stars", SimulatedKind.EclipsingBinary, 1, new("Eclipsing", null, "Two dips of equal depth so far.", null)),
    ];

    /// <summary>Does what is not done yet.</summary>
    /// <param name="night">The objects of the night.</param>
    /// <param name="ct">Stops between two objects.</param>
    public async Task HandleAsync(IReadOnlyList<SimulatedObject> night, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var groups = await db.Set<Group>().Where(group => !group.SingleUserGroup).ToDictionaryAsync(group => group.Name, group => group.Id, ct);
        var busy = await db.Set<Source>().Select(source => source.GroupId).Distinct().ToListAsync(ct);
        var taxonomyId = await db.Set<Taxonomy>().Where(taxonomy => taxonomy.IsLatest).OrderBy(taxonomy => taxonomy.Id).Select(taxonomy => taxonomy.Id).FirstAsync(ct);
        foreach (var work in Work.Where(work => !busy.Contains(groups[work.Group])))
        {
            var viewer = await ViewerAsync(db, work.Username, ct);
            var objIds = await CandidatesAsync(db, night, work.Kind, groups[work.Group], work.Saved, ct);
            for (var i = 0; i < objIds.Count; i++)
            {
                await ScanAsync(viewer, objIds[i], groups[work.Group], taxonomyId, work.Remark with { Redshift = work.Remark.Redshift + (0.013 * i) }, ct);
            }
        }
    }

    private async Task<Viewer> ViewerAsync(SkyPortalContext db, string username, CancellationToken ct)
    {
        var userId = await db.Set<User>().Where(user => user.Username == username).Select(user => user.Id).SingleAsync(ct);
        return (await readViewer.ByUserAsync(userId, ct)).Viewer!;
    }

    private static async Task<List<string>> CandidatesAsync(
        SkyPortalContext db, IReadOnlyList<SimulatedObject> night, SimulatedKind kind, int groupId, int count, CancellationToken ct)
    {
        var names = night.Where(item => item.Kind == kind).Select(item => item.Name).ToList();
        return await db.Set<Candidate>()
            .Where(candidate => names.Contains(candidate.ObjId) && db.Set<Filter>().Any(filter => filter.Id == candidate.FilterId && filter.GroupId == groupId))
            .Select(candidate => candidate.ObjId).Distinct().OrderBy(name => name).Take(count).ToListAsync(ct);
    }

    private async Task ScanAsync(Viewer viewer, string objId, int groupId, int taxonomyId, Remark remark, CancellationToken ct)
    {
        await save.HandleAsync(viewer, new SaveRequest(objId, new ObjChanges(), [groupId]), ct);
        if (remark.ClassName is { } name)
        {
            await classify.HandleAsync(viewer, new NewClassification(objId, name, taxonomyId) { Probability = remark.Probability, GroupIds = [groupId] }, ct);
        }

        await comment.HandleAsync(viewer, new NewComment(objId, remark.Text, [groupId]), ct);
        if (remark.Redshift is { } redshift)
        {
            await setProperties.HandleAsync(viewer, objId, new ObjChanges().Set("redshift", redshift).Set("redshift_origin", "host galaxy (simulated)"), ct);
        }
    }

    private sealed record Remark(string? ClassName, double? Probability, string Text, double? Redshift);
}
