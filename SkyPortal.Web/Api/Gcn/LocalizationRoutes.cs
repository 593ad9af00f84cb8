using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Gcn;

/// <summary>Sky maps of events.</summary>
internal static class LocalizationRoutes
{
    private const int FlatOrder = 9;
    private const string NotFound = "Localization not found";

    public static void MapLocalizations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/localization/{dateobs}/name/{name}", GetAsync).SignedIn().WithName("GetLocalization");
        routes.MapGet("/api/localization/{dateobs}/name/{name}/download", DownloadAsync).SignedIn().WithName("DownloadLocalization");
        routes.MapDelete("/api/localization/{dateobs}/name/{name}", DeleteAsync).SignedIn().WithName("DeleteLocalization");
    }

    /// <summary>A map as the page of an event has it; its tiles are null where they were too many.</summary>
    internal static Dictionary<string, object?> Reply(LocalizationRecord row, LocalizationTiles? map, SkyPosition center, DustMap dust)
    {
        var galactic = center.ToGalactic();
        var reply = new Dictionary<string, object?>
        {
            ["id"] = row.Id,
            ["created_at"] = row.CreatedAt,
            ["modified"] = row.Modified,
            ["sent_by_id"] = row.SentById,
            ["dateobs"] = row.Dateobs,
            ["localization_name"] = row.LocalizationName,
            ["notice_id"] = null,
            ["uniq"] = map?.Uniqs,
            ["probdensity"] = map?.Probdensity,
            ["contour"] = map?.Contour,
        };
        reply["tags"] = row.Tags;
        reply["properties"] = new[] { new { row.Id, LocalizationId = row.Id, row.SentById, row.CreatedAt, row.Modified, Data = row.Known } };
        reply["center"] = new
        {
            Ra = center.RaDegrees, Dec = center.DecDegrees, GalLat = galactic.LatitudeDegrees, GalLon = galactic.LongitudeDegrees, Ebv = dust.ColourExcessMag(center),
        };
        return reply;
    }

    private static async Task<IResult> GetAsync(Viewer viewer, string dateobs, string name, ApiQuery query, ReadLocalization read, CancellationToken ct)
    {
        var (map, time) = await read.OneAsync(viewer, GcnRoutes.Dateobs(dateobs), name, ct) ?? throw Refusal.NotFound(NotFound);
        var reply = Row(map, time);
        (reply["distmu"], reply["distsigma"], reply["distnorm"]) = (map.Distmu, map.Distsigma, map.Distnorm);
        if (query.Bool("include2DMap"))
        {
            reply["flat_2d"] = ReadLocalization.MapOf(map).FlattenToRing(FlatOrder);
        }

        return ApiResults.Success(reply);
    }

    private static async Task<IResult> DownloadAsync(Viewer viewer, string dateobs, string name, ReadLocalization read, CancellationToken ct)
    {
        var (map, time) = await read.OneAsync(viewer, GcnRoutes.Dateobs(dateobs), name, ct) ?? throw Refusal.NotFound(NotFound);
        FitsCard[] cards = [new("DATE-OBS", ApiJson.Time(time))];
        return Results.File(SkyMapFits.Write(ReadLocalization.MapOf(map), cards), "application/fits", name.EndsWith(".fits", StringComparison.Ordinal) ? name : $"{name}.fits");
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string dateobs, string name, DeleteLocalization delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, GcnRoutes.Dateobs(dateobs), name, ct);
        return ApiResults.Success();
    }

    private static Dictionary<string, object?> Row(Localization map, DateTime dateobs) => new()
    {
        ["id"] = map.Id,
        ["created_at"] = map.CreatedAt,
        ["modified"] = map.Modified,
        ["sent_by_id"] = map.SentById,
        ["dateobs"] = dateobs,
        ["localization_name"] = map.Name,
        ["notice_id"] = null,
        ["uniq"] = map.Uniqs,
        ["probdensity"] = map.Probdensity,
        ["contour"] = map.Contour,
    };
}
