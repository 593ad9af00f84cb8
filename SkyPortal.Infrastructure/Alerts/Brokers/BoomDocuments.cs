using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// Reads the documents of BOOM and of Babamul, its public face. Every point has jd, band, psfFlux and psfFluxErr: of Rubin in nanojansky at
/// times in TAI; of ZTF the number is a billion times microjansky. Points within three sigma are limits; -99999 is no number.
/// </summary>
internal static class BoomDocuments
{
    private const double MicroJanskyPerZtfUnit = 1e-9;
    private const double MicroJanskyPerNanoJansky = 1e-3;
    private const double DetectionSigmas = 3;
    private const double NoNumber = -99_999;

    /// <summary>An alert with the history that comes along.</summary>
    /// <param name="service">The server.</param>
    /// <param name="survey">Its survey.</param>
    /// <param name="document">The alert.</param>
    /// <param name="history">Where its history lies; null for none but what is in the alert.</param>
    public static BrokerAlert Alert(OutsideService service, string survey, JsonElement document, JsonElement? history)
    {
        var candidate = BrokerJson.Field(service, document, "candidate");
        if (candidate.ValueKind != JsonValueKind.Object)
        {
            throw OutsideException.Unreadable(service, "an alert has no candidate.");
        }

        var (ra, dec) = HttpBroker.Place(service, BrokerJson.Number(candidate, "ra"), BrokerJson.Number(candidate, "dec"));
        var programme = Programme(candidate, BrokerAlert.PublicProgramme);
        var jd = BrokerJson.Number(candidate, "jd") ?? BrokerJson.Number(document, "jd");
        var points = new List<AlertMeasurement?> { Point(survey, candidate, AlertOrigins.Alert, programme) };
        var source = history ?? document;
        foreach (var (name, origin) in new[] { ("prv_candidates", AlertOrigins.Alert), ("prv_nondetections", AlertOrigins.Alert), ("fp_hists", AlertOrigins.ForcedPhotometry) })
        {
            if (BrokerJson.Maybe(source, name) is { } list)
            {
                points.AddRange(BrokerJson.Points(service, [.. BrokerJson.Rows(service, list, $"its list {name}").Where(IsMeasured)], name, row => Point(survey, row, origin, programme)));
            }
        }

        var extra = new JsonObject();
        foreach (var name in new[] { "classifications", "classifications_history", "cross_matches", "survey_matches", "aliases", "coordinates" })
        {
            if ((BrokerJson.Maybe(source, name) ?? BrokerJson.Maybe(document, name)) is { } part)
            {
                extra[name] = BrokerJson.Any(part);
            }
        }

        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(document, "objectId") is { Length: > 0 } name1 ? name1 : throw OutsideException.Unreadable(service, "an alert has no name of an object."),
            AlertId = BrokerJson.Text(document, "candid") ?? BrokerJson.Text(document, "_id"),
            Survey = survey,
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = Mjd(survey, jd),
            Programme = programme,
            Score = Score(BrokerJson.Number(candidate, "drb")) ?? Score(BrokerJson.Number(candidate, "reliability")),
            Points = PacketValues.Distinct(points),
            Candidate = BrokerJson.Node(candidate),
            Properties = Properties(document, candidate),
            Extra = extra,
        };
    }

    /// <summary>A point; null where it is none that can be.</summary>
    public static AlertMeasurement? Point(string survey, JsonElement row, string origin, int fallbackProgramme)
    {
        var filter = Filter(survey, BrokerJson.Text(row, "band"), BrokerJson.Whole(row, "fid"));
        var (mjd, programme) = (Mjd(survey, BrokerJson.Number(row, "jd")), Programme(row, fallbackProgramme));
        var scale = survey == "ZTF" ? MicroJanskyPerZtfUnit : MicroJanskyPerNanoJansky;
        var (flux, error) = (Real(BrokerJson.Number(row, "psfFlux")), Real(BrokerJson.Number(row, "psfFluxErr")));
        if (error is { } sigma and > 0)
        {
            return flux is { } measured && Math.Abs(measured) / sigma > DetectionSigmas
                ? PacketValues.FromFlux(filter, mjd, measured * scale, sigma * scale, origin, BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"), programme)
                : Limit(filter, mjd, sigma * scale, origin, programme);
        }

        return BrokerJson.Number(row, "magpsf") is { } mag
            ? PacketValues.FromMagnitude(filter, mjd, mag, BrokerJson.Number(row, "sigmapsf"), BrokerJson.IsPositive(row, "isdiffpos"), BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"), programme)
            : flux is null ? PacketValues.FromLimit(filter, mjd, BrokerJson.Number(row, "diffmaglim"), programme) : null;
    }

    private static AlertMeasurement? Limit(string? filter, double? mjd, double sigmaMicroJansky, string origin, int programme) =>
        PacketValues.FromFlux(filter, mjd, 0, sigmaMicroJansky, origin, null, null, programme) is { } point ? point with { FluxMicroJansky = null } : null;

    // A row that says that nothing was measured is no point, and no fault either.
    private static bool IsMeasured(JsonElement row) =>
        BrokerJson.Maybe(row, "psfFluxErr") is not null || BrokerJson.Maybe(row, "magpsf") is not null || BrokerJson.Maybe(row, "diffmaglim") is not null;

    private static string? Filter(string survey, string? band, long? number)
    {
        if (band is null)
        {
            return survey == "ZTF" ? ZtfPackets.FilterOf(number) : null;
        }

        var letter = band.StartsWith(survey, StringComparison.OrdinalIgnoreCase) ? band[survey.Length..] : band;
        return letter is [var one] && (survey == "ZTF" ? "gri" : "ugrizy").Contains(one, StringComparison.Ordinal) ? $"{survey.ToLower(CultureInfo.InvariantCulture)}{one}" : null;
    }

    /// <summary>UTC of a Julian date of a document; those of Rubin are in TAI.</summary>
    public static double? Mjd(string survey, double? jd) => survey == "LSST" ? PacketValues.UtcOfTai(jd - PacketValues.MjdOffset) : jd - PacketValues.MjdOffset;

    private static int Programme(JsonElement row, int fallback) => BrokerJson.Whole(row, "programid") is >= 0 and <= 1000 and var programme ? (int)programme : fallback;

    // Fluxes of ZTF are in so small a unit that many are below the sentinel: it counts by itself.
    private static double? Real(double? value) => value == NoNumber ? null : value;

    private static double? Score(double? value) => value is >= 0 and <= 1 ? value : null;

    private static JsonObject Properties(JsonElement document, JsonElement candidate)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in BrokerJson.Node(BrokerJson.Maybe(document, "properties") ?? default).Concat(BrokerJson.Node(BrokerJson.Maybe(document, "classifications") ?? default)).Where(field => field.Value is JsonValue))
        {
            properties[name] = value!.DeepClone();
        }

        foreach (var name in new[] { "drb", "reliability", "ndethist", "nDiaSources" })
        {
            if (BrokerJson.Number(candidate, name) is { } number)
            {
                properties[name] = number;
            }
        }

        return properties;
    }
}
