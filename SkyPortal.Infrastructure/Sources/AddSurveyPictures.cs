using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>What became of one survey at one object.</summary>
/// <param name="Outcome">added, known (it was there before), nothing (the survey did not look there) or failed.</param>
/// <param name="Reason">Why it failed, for people.</param>
public sealed record SurveyPictureOutcome(string ObjId, string Type, string Outcome, string? Reason);

/// <summary>Adds to objects the pictures that surveys show of their places.</summary>
public sealed class AddSurveyPictures(Contexts contexts, SurveyPictures surveys)
{
    /// <summary>Most objects of one request.</summary>
    public const int MostObjects = 50;

    /// <summary>
    /// Adds a picture of each type where the survey has one and the object has none of that type yet; answers what became of each.
    /// Refuses when an object is not there for the viewer or has no position, before any server is asked.
    /// </summary>
    public async Task<IReadOnlyList<SurveyPictureOutcome>> HandleAsync(Viewer viewer, IReadOnlyCollection<string> objIds, IReadOnlyCollection<string> types, CancellationToken ct)
    {
        if (types.FirstOrDefault(type => !SurveyPictures.Types.Contains(type)) is { } unknown)
        {
            throw Refusal.Invalid($"Invalid types: {unknown} is not one of {string.Join(", ", SurveyPictures.Types)}.");
        }

        if (objIds.Count is 0 or > MostObjects)
        {
            throw Refusal.Invalid($"Invalid objIDs: 1 to {MostObjects} objects are needed.");
        }

        var targets = await TargetsAsync(viewer, objIds, ct);
        var outcomes = new List<SurveyPictureOutcome>();
        foreach (var target in targets)
        {
            foreach (var type in types.Distinct())
            {
                outcomes.Add(target.Known.Contains(type) ? new SurveyPictureOutcome(target.ObjId, type, "known", null) : await AddAsync(viewer, target, type, ct));
            }
        }

        return outcomes;
    }

    private async Task<List<PictureTarget>> TargetsAsync(Viewer viewer, IReadOnlyCollection<string> objIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var ids = objIds.Distinct().ToArray();
        var rows = await db.Set<Obj>().AsNoTracking().Where(obj => ids.Contains(obj.Id))
            .Select(obj => new { obj.Id, obj.Ra, obj.Dec, obj.GroupIds, Known = db.Set<Thumbnail>().Where(picture => picture.ObjId == obj.Id && picture.RemoteUrl != null).Select(picture => picture.Type).ToList() })
            .ToListAsync(ct);
        if (rows.Count < ids.Length)
        {
            throw Refusal.Invalid($"Cannot find objects with IDs {string.Join(", ", ids.Except(rows.Select(row => row.Id)))}");
        }

        return rows.ConvertAll(row => row is { Ra: { } ra, Dec: { } dec } && SkyPosition.TryCreate(ra, dec, out var place, out _)
            ? new PictureTarget(row.Id, place, row.GroupIds, row.Known)
            : throw Refusal.Invalid($"{row.Id} has no position."));
    }

    private async Task<SurveyPictureOutcome> AddAsync(Viewer viewer, PictureTarget target, string type, CancellationToken ct)
    {
        try
        {
            if (await surveys.FindAsync(viewer, type, target.Place, target.ObjId, ct) is not { } address)
            {
                return new SurveyPictureOutcome(target.ObjId, type, "nothing", null);
            }

            await using var db = contexts.For(viewer);
            db.Add(new Thumbnail { ObjId = target.ObjId, Type = type, RemoteUrl = address });
            db.Record("thumbnail.posted", target.ObjId, target.GroupIds, new { type });
            await db.SaveChangesAsync(ct);
            return new SurveyPictureOutcome(target.ObjId, type, "added", null);
        }
        catch (OutsideException error)
        {
            return new SurveyPictureOutcome(target.ObjId, type, "failed", error.Message);
        }
    }

    private sealed record PictureTarget(string ObjId, SkyPosition Place, int[] GroupIds, IReadOnlyList<string> Known);
}
