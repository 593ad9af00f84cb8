using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>What the plug-ins over HTTP share: calls, and the reading of positions and of Rubin's rows.</summary>
public abstract class HttpBroker(CallOutside call)
{
    /// <summary>Most pages that are followed for one question.</summary>
    protected const int MostPages = 10;

    private const double MicroJanskyPerNanoJansky = 1e-3;
    private static readonly string[] SurveyPrefixes = ["ZTF_", "LSST_", "PTF_", "PGIR_", "WNTR_", "DECAM_"];

    /// <summary>Calls on behalf of who asks. Replies may hold alerts of programmes that they do not see, so that none is kept with the call.</summary>
    protected Task<OutsideReply> SendAsync(BrokerAsk ask, OutsideCall request, CancellationToken ct) =>
        call.HandleAsync(ask.Viewer, request with { Subject = ask.Subject, HidesData = true }, ct);

    /// <summary>Asks with GET; null where the answer is that there is none (404).</summary>
    protected async Task<JsonElement?> GetAsync(BrokerAsk ask, OutsideService service, string path, IReadOnlyList<OutsideField> query, CancellationToken ct)
    {
        var reply = await SendAsync(ask, new OutsideCall(service, path) { Query = query, AlsoAnswers = [404] }, ct);
        return reply.Status == 404 ? null : BrokerJson.Parse(service, reply);
    }

    /// <summary>Asks with a JSON body; null where the answer is that there is none (404).</summary>
    protected async Task<JsonElement?> PostAsync(BrokerAsk ask, OutsideService service, string path, JsonObject body, CancellationToken ct)
    {
        var reply = await SendAsync(ask, new OutsideCall(service, path) { Method = HttpMethod.Post, Json = body.ToJsonString(), IsRead = true, AlsoAnswers = [404] }, ct);
        return reply.Status == 404 ? null : BrokerJson.Parse(service, reply);
    }

    /// <summary>A file; null where there is none (404).</summary>
    protected async Task<byte[]?> FileAsync(BrokerAsk ask, OutsideCall request, CancellationToken ct)
    {
        var reply = await SendAsync(ask, request with { AlsoAnswers = [404] }, ct);
        return reply.Status == 404 || reply.Body.Length == 0 ? null
            : reply.ContentType is "text/html" ? throw OutsideException.Unreadable(request.Service, "it is a web page and not a picture.")
            : reply.Body;
    }

    /// <summary>Servers on which a broker keeps pictures; others that its replies name are not asked.</summary>
    /// <param name="Name">Name in the configuration.</param>
    /// <param name="Title">Name for people.</param>
    /// <param name="Hosts">Hosts, or the ends of their names.</param>
    protected sealed record PictureServers(string Name, string Title, params string[] Hosts);

    /// <summary>The call for a picture at an address that a reply names; null where it lies elsewhere than on the broker's servers.</summary>
    protected static OutsideCall? Picture(PictureServers servers, string source)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps
            || !servers.Hosts.Any(host => address.Host == host || address.Host.EndsWith("." + host, StringComparison.Ordinal)) || address.AbsolutePath.Contains("..", StringComparison.Ordinal))
        {
            return null;
        }

        var query = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2));
        return new OutsideCall(new OutsideService(servers.Name, servers.Title, address.GetLeftPart(UriPartial.Authority)), address.AbsolutePath.TrimStart('/'))
        {
            Query = [.. query.Select(part => new OutsideField(Uri.UnescapeDataString(part[0]), Uri.UnescapeDataString(part.Length > 1 ? part[1] : "")))],
        };
    }

    /// <summary>A field of a query.</summary>
    protected static OutsideField Field(string name, string value) => new(name, value);

    /// <summary>A field of a query.</summary>
    protected static OutsideField Field(string name, double value) => new(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A name of an object as a part of an address; refused where it is none.</summary>
    protected static string Name(string objectId) => ObjNames.AreLettersRight(objectId) && !ObjNames.IsUnreachable(objectId)
        ? objectId
        : throw Refusal.Invalid($"Invalid object ID: only letters, numbers, and - _ ; : + . are allowed.");

    /// <summary>A position, which must be one.</summary>
    internal static (double RaDegrees, double DecDegrees) Place(OutsideService service, double? raDegrees, double? decDegrees) =>
        raDegrees is { } ra && decDegrees is { } dec && SkyPosition.TryCreate(ra, dec, out var place, out _)
            ? (place.RaDegrees, place.DecDegrees)
            : throw OutsideException.Unreadable(service, "an object has no position.");

    /// <summary>A point from a difference flux of Rubin, in nanojansky with its sign, at a time in TAI; null where that cannot be.</summary>
    protected static AlertMeasurement? RubinPoint(string? band, double? taiMjdDays, double? fluxNanoJansky, double? errorNanoJansky, string origin, double? raDegrees, double? decDegrees) => PacketValues.FromFlux(
        band is [var letter] && "ugrizy".Contains(letter, StringComparison.Ordinal) ? $"lsst{band}" : null,
        PacketValues.UtcOfTai(taiMjdDays),
        fluxNanoJansky * MicroJanskyPerNanoJansky,
        errorNanoJansky * MicroJanskyPerNanoJansky,
        origin,
        raDegrees,
        decDegrees,
        BrokerAlert.PublicProgramme);

    /// <summary>A score; null where it is none between 0 and 1.</summary>
    protected static double? Score(double? value) => value is >= 0 and <= 1 ? value : null;

    /// <summary>Julian date of a time; null where there is none.</summary>
    protected static double? JdOf(double? mjdDays) => mjdDays + PacketValues.MjdOffset;

    /// <summary>Whether a time lies within what is looked for.</summary>
    protected static bool Within(AlertQuery query, double? mjdUtcDays) =>
        mjdUtcDays is not { } mjd || ((query.StartJd is not { } start || mjd + PacketValues.MjdOffset >= start) && (query.EndJd is not { } end || mjd + PacketValues.MjdOffset <= end));

    /// <summary>Whether a survey is asked for and served.</summary>
    protected bool Serves(IBroker broker, BrokerAsk ask, AlertQuery query, string survey) =>
        broker.Surveys(ask.Config).Contains(survey) && (query.Survey is null || string.Equals(query.Survey, survey, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a collection is a reference catalogue: those of surveys hold alerts, which programmes withhold.</summary>
    protected static bool IsReference(string collection) => !SurveyPrefixes.Any(prefix => collection.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Survey that an object's name belongs to: names of ZTF begin with it, those of Rubin are digits.</summary>
    public static string SurveyOfName(string objectId) => objectId.StartsWith("ZTF", StringComparison.OrdinalIgnoreCase) ? "ZTF" : "LSST";
}
