using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Stores what an archive gave as photometry of the viewer's; what is there already stays as it is.</summary>
public sealed class StoreArchivePoints(Contexts contexts, ArchiveInstruments instruments, PutPhotometry put)
{
    /// <summary>Stores and answers how many points were new.</summary>
    /// <param name="viewer">Who asked; owns the points.</param>
    /// <param name="objId">The object.</param>
    /// <param name="points">Points that can be stored.</param>
    /// <param name="groupIds">With whom they are shared besides.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<int> HandleAsync(Viewer viewer, string objId, IReadOnlyList<ArchivePoint> points, int[] groupIds, CancellationToken ct)
    {
        var added = 0;
        foreach (var group in points.GroupBy(point => (point.Instrument, point.Origin)))
        {
            var instrumentId = await instruments.FindOrAddAsync(group.Key.Instrument, ct);
            var before = await CountAsync(objId, instrumentId, group.Key.Origin, ct);
            await put.HandleAsync(viewer, Body(objId, instrumentId, group.Key.Origin, [.. group], groupIds), ignoreFlux: false, overwriteFlux: false, ct);
            added += await CountAsync(objId, instrumentId, group.Key.Origin, ct) - before;
        }

        return added;
    }

    private static JsonElement Body(string objId, int instrumentId, string origin, IReadOnlyList<ArchivePoint> points, int[] groupIds)
    {
        var body = new Dictionary<string, object?>
        {
            ["obj_id"] = objId,
            ["instrument_id"] = instrumentId,
            ["origin"] = origin,
            ["magsys"] = MagnitudeSystems.Ab,
            ["zp"] = StoredFlux.ZeroPointAbMag,
            ["mjd"] = points.Select(point => point.MjdUtcDays).ToArray(),
            ["filter"] = points.Select(point => point.Filter).ToArray(),
            ["flux"] = points.Select(point => point.FluxMicroJansky).ToArray(),
            ["fluxerr"] = points.Select(point => point.FluxErrMicroJansky).ToArray(),
            ["ra"] = points.Select(point => point.RaDegrees).ToArray(),
            ["dec"] = points.Select(point => point.DecDegrees).ToArray(),
            ["altdata"] = points.Select(point => point.Data ?? new Dictionary<string, object?>()).ToArray(),
            ["group_ids"] = groupIds,
        };
        return JsonSerializer.SerializeToElement(body);
    }

    private async Task<int> CountAsync(string objId, int instrumentId, string origin, CancellationToken ct)
    {
        // Points that others hold and the viewer may not see are not new either.
        await using var db = contexts.For(Viewer.System);
        return await db.Set<PhotometryPoint>().CountAsync(point => point.ObjId == objId && point.InstrumentId == instrumentId && point.Origin == origin, ct);
    }
}
