using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>What an import did.</summary>
/// <param name="ObjId">Name of the object here.</param>
/// <param name="Found">Measurements that the broker gave and the viewer may see.</param>
/// <param name="Added">How many of them are new here.</param>
/// <param name="Dropped">How many belong to no stream of this site.</param>
/// <param name="Pictures">How many cut-outs are new here.</param>
/// <param name="Warnings">What could not be had.</param>
public sealed record ImportResult(string ObjId, int Found, int Added, int Dropped, int Pictures, IReadOnlyList<string> Warnings);

/// <summary>
/// Takes an object over from a broker: all is fetched first and then written in one transaction, so that an object is here whole or not at
/// all. What is here already is not written again.
/// </summary>
public sealed class ImportFromBroker(Contexts contexts, OpenBroker open, WriteImport write)
{
    private const double SamePlaceArcsec = 2;
    private const double MostRadiusArcsec = 600;

    /// <summary>Saves an object to groups with its light curve, annotation and cut-outs. Refuses before the broker is asked where the groups are not the viewer's.</summary>
    public async Task<ImportResult> SaveAsync(Viewer viewer, int brokerId, string objectId, int[] groupIds, CancellationToken ct)
    {
        Check(viewer, groupIds);
        var broker = await open.HandleAsync(viewer, brokerId, objectId, ct);
        return await write.SaveAsync(viewer, await FetchAsync(broker, objectId, ct) ?? throw Unknown(broker, objectId), groupIds, ct);
    }

    /// <summary>Saves the object nearest to a position.</summary>
    /// <param name="viewer">Who saves.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="center">Where to look.</param>
    /// <param name="radiusArcsec">How far from there, at most 600.</param>
    /// <param name="groupIds">Groups.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<ImportResult> SaveNearestAsync(Viewer viewer, int brokerId, SkyPosition center, double radiusArcsec, int[] groupIds, CancellationToken ct)
    {
        Check(viewer, groupIds);
        if (radiusArcsec is not (> 0 and <= MostRadiusArcsec))
        {
            throw Refusal.Invalid($"Invalid radius: it must be above 0 and at most {MostRadiusArcsec} arcsec.");
        }

        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        var name = await NearestAsync(broker, center, radiusArcsec, ct) ?? throw Refusal.Invalid($"Broker {broker.Name} knows no object within {radiusArcsec} arcsec of this position.");
        return await write.SaveAsync(viewer, await FetchAsync(broker, name, ct) ?? throw Unknown(broker, name), groupIds, ct);
    }

    /// <summary>Brings a known object up to date: by its name, else by its other names, else by its place.</summary>
    public async Task<ImportResult> RefreshAsync(Viewer viewer, int brokerId, string objId, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        var obj = await db.Set<Obj>().AsNoTracking().Where(row => row.Id == objId).Select(row => new { row.Ra, row.Dec, row.Alias }).SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound($"Could not find source {objId}.");
        var broker = await open.HandleAsync(viewer, brokerId, objId, ct);
        foreach (var name in (obj.Alias ?? []).Prepend(objId).Where(ObjNames.AreLettersRight).Distinct().Take(5))
        {
            if (await FetchAsync(broker, name, ct) is { } fetched)
            {
                return await write.RefreshAsync(viewer, objId, fetched, ct);
            }
        }

        if (obj is { Ra: { } ra, Dec: { } dec } && SkyPosition.TryCreate(ra, dec, out var center, out _)
            && await NearestAsync(broker, center, SamePlaceArcsec, ct) is { } nearest && await FetchAsync(broker, nearest, ct) is { } found)
        {
            return await write.RefreshAsync(viewer, objId, found, ct);
        }

        throw Unknown(broker, objId);
    }

    private static void Check(Viewer viewer, int[] groupIds)
    {
        viewer.Demand(Acl.UploadData);
        if (groupIds.Length == 0)
        {
            throw Refusal.Invalid("Invalid/missing parameters: group_ids: List should have at least 1 item");
        }

        if (!viewer.SeesAll && groupIds.FirstOrDefault(id => !viewer.SaveGroupIds.Contains(id), -1) is var stray and not -1)
        {
            throw Refusal.Invalid($"Cannot save to group with ID {stray}: it is not one of yours, or you may not save to it.");
        }
    }

    private static Refusal Unknown(OpenedBroker broker, string objectId) => Refusal.Invalid($"Broker {broker.Name} knows no object {objectId} that your streams show.");

    private static async Task<string?> NearestAsync(OpenedBroker broker, SkyPosition center, double radiusArcsec, CancellationToken ct)
    {
        var client = broker.Needs<IBrokerAlerts>("searches by position");
        var found = await broker.TryAsync("querying alerts of", () => client.QueryAsync(broker.Ask, new AlertQuery { Center = center, RadiusArcsec = radiusArcsec }, ct));
        return found.Select(broker.Ask.Scope.Show).OfType<BrokerAlert>()
            .Select(alert => (alert.ObjectId, Arcsec: center.SeparationDegrees(new SkyPosition(alert.RaDegrees, alert.DecDegrees)) * 3600))
            .Where(alert => alert.Arcsec <= radiusArcsec * 1.05)
            .OrderBy(alert => alert.Arcsec).Select(alert => alert.ObjectId).FirstOrDefault();
    }

    private static async Task<FetchedObject?> FetchAsync(OpenedBroker broker, string objectId, CancellationToken ct)
    {
        var client = broker.Needs<IBrokerAlerts>("saving its objects");
        if (await broker.TryAsync("fetching an alert of", () => client.GetAsync(broker.Ask, objectId, ct)) is not { } alert || broker.Ask.Scope.Show(alert) is not { } shown)
        {
            return null;
        }

        var warnings = new List<string>();
        return new FetchedObject(broker, shown, await PicturesAsync(broker, shown, warnings, ct), warnings);
    }

    // An object without its pictures is still whole: they are told to be missing, and come with the next import.
    private static async Task<IReadOnlyList<FetchedPicture>> PicturesAsync(OpenedBroker broker, BrokerAlert alert, List<string> warnings, CancellationToken ct)
    {
        if (alert.Programme != BrokerAlert.PublicProgramme)
        {
            warnings.Add("The cut-outs are of a proprietary alert and are shown on the page of the broker only.");
            return [];
        }

        try
        {
            var cutouts = alert.Cutouts ?? (broker.Client is IBrokerCutouts client ? await client.CutoutsAsync(broker.Ask, alert.ObjectId, alert.AlertId, ct) : null);
            return cutouts is null ? [] : BrokerPictures.Draw(cutouts, alert.Survey, warnings);
        }
        catch (Exception error) when (OpenedBroker.IsItsFault(error))
        {
            warnings.Add($"The cut-outs of {broker.Name} could not be had: {broker.Cause(error)}");
            return [];
        }
    }
}

/// <summary>An object as a broker gave it, ready to be written.</summary>
/// <param name="Broker">Where it is from.</param>
/// <param name="Alert">Its newest alert with all that was measured.</param>
/// <param name="Pictures">Its cut-outs.</param>
/// <param name="Warnings">What could not be had.</param>
public sealed record FetchedObject(OpenedBroker Broker, BrokerAlert Alert, IReadOnlyList<FetchedPicture> Pictures, IReadOnlyList<string> Warnings);
