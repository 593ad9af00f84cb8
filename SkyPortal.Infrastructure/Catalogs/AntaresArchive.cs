using System.Text.Json;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// Loci of the ANTARES broker (Matheson et al. 2021): ZTF alerts as difference magnitudes (ant_mag, AB; ztf_isdiffpos f or 0 makes the
/// flux negative) with five-sigma limits (ant_maglim), and Rubin detections as difference fluxes in nanojansky (0.001 microjansky each),
/// which keep their sign. Rubin's times are TAI.
/// </summary>
public sealed class AntaresArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 2;
    private const double LimitSigmas = 5;
    private const double MicroJanskyPerNanoJansky = 1e-3;
    private const int MostPages = 50;
    private const int PerPage = 1000;
    private const string Origin = "ANTARES";

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("Antares", "ANTARES", "https://api.antares.noirlab.edu/v1/") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("antares", "ANTARES", "Alerts and limits of ZTF and Rubin by the broker's loci", "g r i, u to y", Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "looking for the locus");
        if (await FindAsync(ask, ct) is not { } locus)
        {
            return [];
        }

        var points = new List<ArchivePoint>();
        for (var page = 0; page < MostPages; page++)
        {
            await ask.Tell(Math.Min(0.75, 0.3 + (0.05 * page)), $"asking for {locus}");
            var reply = await call.HandleAsync(
                ask.Viewer,
                ask.Call(About, Service, $"loci/{locus}/alerts", new("page[limit]", $"{PerPage}"), new("page[offset]", $"{page * PerPage}")) with { AlsoAnswers = [404] },
                ct);
            if (reply.Status == 404)
            {
                break;
            }

            var root = Json(reply.Text);
            points.AddRange(Parse(root));
            if (!root.TryGetProperty("links", out var links) || AtlasServer.TextOf(links, "next") is null)
            {
                break;
            }
        }

        return points;
    }

    /// <summary>The points of a page of alerts.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(JsonElement page)
    {
        if (page.ValueKind != JsonValueKind.Object || !page.TryGetProperty("data", out var alerts) || alerts.ValueKind != JsonValueKind.Array)
        {
            throw OutsideException.Unreadable(Service, "a page of alerts holds no data.");
        }

        return [.. alerts.EnumerateArray().Select(PointOf).OfType<ArchivePoint>()];
    }

    /// <summary>The point of an alert; null where it is of no filter that is known here, or measures nothing.</summary>
    public static ArchivePoint? PointOf(JsonElement alert) =>
        alert.ValueKind == JsonValueKind.Object && alert.TryGetProperty("attributes", out var attributes) && attributes.ValueKind == JsonValueKind.Object
            && attributes.TryGetProperty("properties", out var properties) && (AtlasServer.NumberOf(properties, "ant_mjd") ?? AtlasServer.NumberOf(attributes, "mjd")) is { } mjd
            && Measured(properties, mjd) is { } point
            ? point with
            {
                RaDegrees = AtlasServer.NumberOf(properties, "ant_ra"),
                DecDegrees = AtlasServer.NumberOf(properties, "ant_dec"),
                Data = new Dictionary<string, object?> { ["alert_id"] = AtlasServer.TextOf(alert, "id") },
            }
            : null;

    private static ArchivePoint? Measured(JsonElement alert, double mjd)
    {
        if (AtlasServer.NumberOf(alert, "lsst_diaSource_psfFlux") is { } nanoJansky && AtlasServer.NumberOf(alert, "lsst_diaSource_psfFluxErr") is { } nanoJanskyError)
        {
            return AtlasServer.TextOf(alert, "lsst_diaSource_band") is "u" or "g" or "r" or "i" or "z" or "y"
                ? new ArchivePoint(
                    ArchiveInstrument.Lsst, Origin, Domain.Astronomy.Mjd.FromTai(AtlasServer.NumberOf(alert, "lsst_diaSource_midpointMjdTai") ?? mjd).UtcDays, $"lsst{AtlasServer.TextOf(alert, "lsst_diaSource_band")}",
                    nanoJansky * MicroJanskyPerNanoJansky, nanoJanskyError * MicroJanskyPerNanoJansky)
                : null;
        }

        var filter = AtlasServer.TextOf(alert, "ant_passband") switch { "g" => "ztfg", "R" or "r" => "ztfr", "i" => "ztfi", _ => null };
        if (filter is null)
        {
            return null;
        }

        if (AtlasServer.NumberOf(alert, "ant_mag") is { } mag && AtlasServer.NumberOf(alert, "ant_magerr") is { } error)
        {
            var (flux, sigma) = ArchiveFlux.OfMag(mag, error, filter, MagnitudeSystems.Ab);
            return new ArchivePoint(ArchiveInstrument.Ztf, Origin, mjd, filter, IsNegative(alert) ? -flux : flux, sigma);
        }

        return AtlasServer.NumberOf(alert, "ant_maglim") is { } limit
            ? new ArchivePoint(ArchiveInstrument.Ztf, Origin, mjd, filter, null, ArchiveFlux.SigmaOfLimit(limit, LimitSigmas, filter, MagnitudeSystems.Ab))
            : null;
    }

    private static bool IsNegative(JsonElement alert) => alert.TryGetProperty("ztf_isdiffpos", out var sign)
        && (sign.ValueKind == JsonValueKind.False || (sign.ValueKind is JsonValueKind.String or JsonValueKind.Number && sign.ToString() is "f" or "F" or "0" or "-1" or "false"));

    private async Task<string?> FindAsync(ArchiveAsk ask, CancellationToken ct)
    {
        var query = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["query"] = new
            {
                @bool = new
                {
                    filter = new { sky_distance = new { distance = $"{ArchiveText.Degrees(RadiusArcsec)} degree", htm16 = new { center = $"{ask.Position.Ra()} {ask.Position.Dec()}" } } },
                },
            },
        });
        var reply = await call.HandleAsync(ask.Viewer, ask.Call(About, Service, "loci", new OutsideField("elasticsearch_query[locus_listing]", query)) with { AlsoAnswers = [404] }, ct);
        if (reply.Status == 404)
        {
            return null;
        }

        var root = Json(reply.Text);
        if (!root.TryGetProperty("data", out var loci) || loci.ValueKind != JsonValueKind.Array)
        {
            throw OutsideException.Unreadable(Service, "a list of loci holds no data.");
        }

        return loci.EnumerateArray()
            .Select(locus => (Id: AtlasServer.TextOf(locus, "id"), Place: locus.TryGetProperty("attributes", out var place) ? place : default))
            .Where(locus => locus.Id is { Length: > 0 } && locus.Id.All(char.IsAsciiLetterOrDigit))
            .MinBy(locus => ArchiveText.ArcsecFrom(ask.Position, AtlasServer.NumberOf(locus.Place, "ra"), AtlasServer.NumberOf(locus.Place, "dec")) ?? double.MaxValue).Id;
    }

    private static JsonElement Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw OutsideException.Unreadable(Service, "it is not JSON.", error);
        }
    }
}
