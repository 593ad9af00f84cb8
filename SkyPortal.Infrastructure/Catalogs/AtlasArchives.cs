using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// Objects of the ATLAS transient server (Smith et al. 2020): detections (a negative magnitude marks a negative difference, so the
/// flux is negative), non-detections (five sigma) and forced photometry (uJy, duJy, on the AB system, with its sign).
/// </summary>
public sealed class AtlasServerArchive(AtlasServer server) : IArchive
{
    private const double RadiusArcsec = 3;
    private const double LimitSigmas = 5;
    private const string Origin = "ATLAS";
    private const string ForcedOrigin = "fp";

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("atlas_server", "ATLAS transient server", "Detections, limits and forced photometry of ATLAS transients", "c o", AtlasServer.Service) { NeedsSetting = "Token" };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        var subject = ReadArchives.SubjectOf(About, ask.ObjId);
        await ask.Tell(0.1, "looking for the object");
        if (await server.ConeAsync(ask.Viewer, ask.Position, RadiusArcsec, subject, ct) is not [var nearest, ..])
        {
            return [];
        }

        await ask.Tell(0.5, $"asking for {nearest.Id}");
        return [.. (await server.ObjectsAsync(ask.Viewer, [nearest.Id], 0, subject, ct)).SelectMany(Parse)];
    }

    /// <summary>The points of an object as the server tells it.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(JsonElement item)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in Rows(item, "lc"))
        {
            if (FilterOf(row) is { } filter && AtlasServer.NumberOf(row, "mjd") is { } mjd && AtlasServer.NumberOf(row, "mag") is { } mag && AtlasServer.NumberOf(row, "magerr") is { } error
                && AtlasServer.NumberOf(row, "dup") is not -1)
            {
                var (flux, sigma) = ArchiveFlux.OfMag(Math.Abs(mag), error, filter, MagnitudeSystems.Ab);
                points.Add(Point(row, Origin, mjd, filter, mag < 0 ? -flux : flux, sigma, "expname", "mag5sig"));
            }
        }

        foreach (var row in Rows(item, "lcnondets"))
        {
            if (FilterOf(row) is { } filter && AtlasServer.NumberOf(row, "mjd") is { } mjd && AtlasServer.NumberOf(row, "mag5sig") is { } limit)
            {
                points.Add(Point(row, Origin, mjd, filter, null, ArchiveFlux.SigmaOfLimit(limit, LimitSigmas, filter, MagnitudeSystems.Ab), "expname", "mag5sig"));
            }
        }

        foreach (var row in Rows(item, "fp"))
        {
            if (FilterOf(row) is { } filter && AtlasServer.NumberOf(row, "mjd_obs") is { } mjd && AtlasServer.NumberOf(row, "uJy") is { } flux && AtlasServer.NumberOf(row, "duJy") is { } error)
            {
                points.Add(Point(row, ForcedOrigin, mjd, filter, flux, error, "expname", "chin", "limiting_mag"));
            }
        }

        return points;
    }

    private static IEnumerable<JsonElement> Rows(JsonElement item, string name) =>
        item.TryGetProperty(name, out var rows) && rows.ValueKind == JsonValueKind.Array ? rows.EnumerateArray() : [];

    private static string? FilterOf(JsonElement row) => AtlasServer.TextOf(row, "filter") switch { "c" => "atlasc", "o" => "atlaso", _ => null };

    private static ArchivePoint Point(JsonElement row, string origin, double mjd, string filter, double? flux, double sigma, params string[] keep) =>
        new(ArchiveInstrument.Atlas, origin, mjd, filter, flux, sigma)
        {
            RaDegrees = AtlasServer.NumberOf(row, "ra"),
            DecDegrees = AtlasServer.NumberOf(row, "dec"),
            Data = keep.Where(name => AtlasServer.TextOf(row, name) is not null).ToDictionary(name => name, name => (object?)AtlasServer.NumberOf(row, name) ?? AtlasServer.TextOf(row, name)),
        };
}

/// <summary>
/// ATLAS forced photometry (Tonry et al. 2018; Shingles et al. 2021): a task is handed in, asked for until it is finished, and its
/// text read. uJy and duJy are microjansky on the AB system with their sign. The task is a write there: it is sent once per query.
/// </summary>
public sealed class AtlasForcedArchive(CallOutside call, OutsideSettings settings, Contexts contexts) : IArchive
{
    private const string Origin = "fp";
    private const int MostLooks = 60;
    private const double MostChiPerN = 10;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("AtlasForced", "ATLAS forced photometry", "https://fallingstar-data.com/forcedphot/") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("atlas", "ATLAS forced photometry", "Forced photometry on all difference images since 2015", "c o", Service) { NeedsSetting = "Token" };

    private TimeSpan Pause => double.TryParse(settings.Text(Service, "LookSeconds"), CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : Between;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.05, "handing in the task");
        var task = await call.HandleAsync(
            ask.Viewer,
            With(ask, "queue/") with
            {
                Method = HttpMethod.Post,
                Form = [new("ra", ask.Position.Ra()), new("dec", ask.Position.Dec()), new("send_email", "False")],
            },
            ct);
        var path = PathOf(AtlasServer.TextOf(AtlasServer.Json(task.Text), "url"));
        for (var look = 1; look <= MostLooks; look++)
        {
            await Task.Delay(Pause, contexts.Clock, ct);
            var state = AtlasServer.Json((await call.HandleAsync(ask.Viewer, With(ask, path), ct)).Text);
            if (AtlasServer.TextOf(state, "finishtimestamp") is not null)
            {
                if (AtlasServer.TextOf(state, "error_msg") is { Length: > 0 } reason)
                {
                    return reason.Contains("No data", StringComparison.OrdinalIgnoreCase) ? [] : throw new OutsideException(Service, OutsideFailure.Refused, $"{Service.Title}: {reason}");
                }

                await ask.Tell(0.7, "reading the result");
                return Parse((await call.HandleAsync(ask.Viewer, With(ask, PathOf(AtlasServer.TextOf(state, "result_url"))), ct)).Text);
            }

            var place = AtlasServer.NumberOf(state, "queuepos") is { } ahead ? string.Create(CultureInfo.InvariantCulture, $"{ahead:0} tasks ahead there") : "running there";
            await ask.Tell(Math.Min(0.65, 0.1 + (0.01 * look)), AtlasServer.TextOf(state, "starttimestamp") is null ? place : "running there");
        }

        throw new OutsideException(Service, OutsideFailure.TimedOut, $"{Service.Title} did not finish the task within {MostLooks * Pause.TotalMinutes:0} min.");
    }

    /// <summary>The points of a result: text parted by white space, the header begins with ###.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string text)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Spaced(Service, text).With("MJD", "uJy", "duJy", "F").Rows)
        {
            var filter = row.Text("F") switch { "c" => "atlasc", "o" => "atlaso", _ => null };
            if (filter is null || row.Number("uJy") is not { } flux || row.Number("duJy") is not { } error || row.Number("chi/N") > MostChiPerN)
            {
                continue;
            }

            points.Add(new ArchivePoint(ArchiveInstrument.Atlas, Origin, row.Required("MJD"), filter, flux, error)
            {
                RaDegrees = row.Number("RA"),
                DecDegrees = row.Number("Dec"),
                Data = ArchiveText.Data(row, "Obs", "mag5sig", "chi/N"),
            });
        }

        return points;
    }

    private OutsideCall With(ArchiveAsk ask, string path) => ask.Call(About, Service, path) with
    {
        Headers =
        [
            new(
                "Authorization",
                $"Token {settings.Text(Service, "Token") ?? throw new OutsideException(Service, OutsideFailure.NotConfigured, $"This site has no account there (Outside:{Service.Name}:Token).")}",
                IsSecret: true),
            new("Accept", "application/json"),
        ],
    };

    // The server answers whole addresses; what is asked stays under the address of the configuration.
    private static string PathOf(string? address)
    {
        if (address is null || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            throw OutsideException.Unreadable(Service, "it told no address of the task.");
        }

        foreach (var part in new[] { "/queue/", "/static/" })
        {
            if (uri.AbsolutePath.IndexOf(part, StringComparison.Ordinal) is >= 0 and var start)
            {
                return uri.AbsolutePath[(start + 1)..];
            }
        }

        throw OutsideException.Unreadable(Service, "the address of the task lies elsewhere.");
    }
}
