using System.Text.Json.Nodes;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Alerts as they appear on the wire, the same for every broker: fluxes in nanojansky with their sign, magnitudes AB, times as Julian dates in UTC.</summary>
public static class BrokerWire
{
    private const double NanoJanskyPerMicroJansky = 1e3;

    /// <summary>An alert with its history, where it has one.</summary>
    public static JsonObject Of(BrokerAlert alert)
    {
        var wire = new JsonObject
        {
            ["objectId"] = alert.ObjectId,
            ["candid"] = Candid(alert),
            ["jd"] = alert.MjdUtcDays + PacketValues.MjdOffset,
            ["survey"] = alert.Survey,
            ["candidate"] = Candidate(alert),
            ["prv_candidates"] = List(alert, point => point.Origin == AlertOrigins.Alert && point.FluxMicroJansky is not null, Detection),
            ["prv_nondetections"] = List(alert, point => point.Origin == AlertOrigins.Alert && point.FluxMicroJansky is null, Limit),
            ["fp_hists"] = List(alert, point => point.Origin != AlertOrigins.Alert, point => point.FluxMicroJansky is null ? Limit(point) : Detection(point)),
            ["properties"] = alert.Properties.DeepClone(),
        };
        foreach (var (name, value) in alert.Extra.Where(field => !wire.ContainsKey(field.Key)))
        {
            wire[name] = value?.DeepClone();
        }

        return wire;
    }

    // Numbers of Rubin's alerts have more digits than numbers of JavaScript.
    private static JsonNode? Candid(BrokerAlert alert) => alert.Survey == "ZTF" && long.TryParse(alert.AlertId, out var number) ? number : alert.AlertId;

    private static JsonObject Candidate(BrokerAlert alert)
    {
        var candidate = (JsonObject)alert.Candidate.DeepClone();
        candidate["ra"] = alert.RaDegrees;
        candidate["dec"] = alert.DecDegrees;
        candidate["jd"] = alert.MjdUtcDays + PacketValues.MjdOffset;
        candidate["candid"] = Candid(alert);
        candidate["drb"] = candidate["drb"] is { } score ? score.DeepClone() : alert.Score;
        candidate["programid"] = alert.Programme;
        if (Own(alert) is { } point)
        {
            foreach (var (name, value) in Detection(point))
            {
                candidate[name] = candidate[name]?.DeepClone() ?? value?.DeepClone();
            }
        }

        return candidate;
    }

    /// <summary>The measurement that made the alert; null where it is not among its points.</summary>
    public static AlertMeasurement? Own(BrokerAlert alert) => alert.MjdUtcDays is { } mjd
        ? alert.Points.FirstOrDefault(point => point.FluxMicroJansky is not null && point.Origin == AlertOrigins.Alert && Math.Abs(point.Mjd - mjd) < 1e-5)
        : null;

    private static JsonArray List(BrokerAlert alert, Func<AlertMeasurement, bool> which, Func<AlertMeasurement, JsonObject> write) =>
        new([.. alert.Points.Where(which).OrderBy(point => point.Mjd).Select(point => (JsonNode?)write(point))]);

    private static JsonObject Detection(AlertMeasurement point) => new()
    {
        ["jd"] = point.Mjd + PacketValues.MjdOffset,
        ["band"] = Band(point.Filter),
        ["magpsf"] = StoredFlux.AbMag(Math.Abs(point.FluxMicroJansky!.Value)),
        ["sigmapsf"] = StoredFlux.ErrorMag(Math.Abs(point.FluxMicroJansky.Value), point.FluxerrMicroJansky),
        ["isdiffpos"] = point.FluxMicroJansky > 0,
        ["psfFlux"] = point.FluxMicroJansky * NanoJanskyPerMicroJansky,
        ["psfFluxErr"] = point.FluxerrMicroJansky * NanoJanskyPerMicroJansky,
        ["ra"] = point.RaDegrees,
        ["dec"] = point.DecDegrees,
        ["programid"] = point.Programme,
    };

    private static JsonObject Limit(AlertMeasurement point) => new()
    {
        ["jd"] = point.Mjd + PacketValues.MjdOffset,
        ["band"] = Band(point.Filter),
        ["diffmaglim"] = StoredFlux.LimitAbMag(point.FluxerrMicroJansky),
        ["psfFluxErr"] = point.FluxerrMicroJansky * NanoJanskyPerMicroJansky,
        ["programid"] = point.Programme,
    };

    private static string Band(string filter) => filter[^1..];
}
