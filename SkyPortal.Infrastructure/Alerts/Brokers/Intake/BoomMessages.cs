using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Reads the messages of BOOM, which name the filters that an alert passed, and of Babamul, whose topics say what it is. Fluxes are in the
/// units of their documents.
/// </summary>
internal static class BoomMessages
{
    private static readonly OutsideService Boom = new("Boom", "BOOM", null);
    private static readonly OutsideService Babamul = new("Babamul", "Babamul", null);

    /// <summary>A message of BOOM's results.</summary>
    /// <exception cref="PacketFormatException">It is none.</exception>
    public static BrokerMessage Read(StreamMessage message)
    {
        var record = PacketAlerts.Single(message.Value);
        var survey = SurveyOf(record.Text("survey"));
        var (jd, id) = (PacketValues.RequiredNumber(record, "jd"), PacketValues.RequiredInteger(record, "candid").ToString(CultureInfo.InvariantCulture));
        var rows = record.Records("photometry").Select(Row).ToList();
        var alert = MessageReaders.Document(() =>
        {
            var (ra, dec) = HttpBroker.Place(Boom, record.Number("ra"), record.Number("dec"));
            return new BrokerAlert
            {
                ObjectId = record.Text("objectId") is { Length: > 0 } name ? name : throw new PacketFormatException("It lacks a name", "objectId"),
                AlertId = id,
                Survey = survey,
                RaDegrees = ra,
                DecDegrees = dec,
                MjdUtcDays = BoomDocuments.Mjd(survey, jd),
                Programme = ProgrammeOf(record, jd),
                Points = PacketValues.Distinct(rows.Select(row => BoomDocuments.Point(row.Survey ?? survey, row.Fields, row.Origin, BrokerAlert.PublicProgramme))),
                Properties = Scores(record),
                Cutouts = Stamps(record, id),
            };
        });
        var passed = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var filter in record.Records("filters"))
        {
            if (filter["filter_id"] is { } key)
            {
                passed[Convert.ToString(key, CultureInfo.InvariantCulture)!] = Note(filter.Text("annotations"));
            }
        }

        return new BrokerMessage { Alert = alert, Passed = passed };
    }

    /// <summary>A message of Babamul: a document as its server gives it.</summary>
    /// <exception cref="PacketFormatException">It is none.</exception>
    public static BrokerMessage ReadBabamul(StreamMessage message)
    {
        var record = PacketAlerts.Single(message.Value);
        var name = record.Layout.Name;
        var survey = name.Contains("Ztf", StringComparison.OrdinalIgnoreCase) ? "ZTF"
            : name.Contains("Lsst", StringComparison.OrdinalIgnoreCase) ? "LSST"
            : HttpBroker.SurveyOfName(record.Text("objectId") ?? "");
        var document = JsonSerializer.SerializeToElement(PacketAlerts.Node(record));
        var alert = MessageReaders.Document(() => BoomDocuments.Alert(Babamul, survey, document, null));
        // babamul.ztf.no-lsst-match.hostless says two things.
        return new BrokerMessage { Alert = alert with { Cutouts = Stamps(record, alert.AlertId) }, Tags = message.Partition.Topic.Split('.') };
    }

    private static string SurveyOf(string? survey) => survey?.ToUpperInvariant() is "ZTF" or "LSST"
        ? survey.ToUpperInvariant()
        : throw new PacketFormatException($"Its survey '{survey}' is none that is known here", "survey");

    // The programme of the point that made the alert; where it is not among the points, the most private of them.
    private static int ProgrammeOf(PacketRecord record, double jd)
    {
        var points = record.Records("photometry").ToList();
        var own = points.FirstOrDefault(point => point.Text("origin") == "Alert" && Math.Abs((point.Number("jd") ?? 0) - jd) < 1e-6);
        return own is not null ? PacketValues.Programme(own) : points.Count == 0 ? BrokerAlert.PublicProgramme : points.Max(point => PacketValues.Programme(point));
    }

    private static (JsonElement Fields, string? Survey, string Origin) Row(PacketRecord point)
    {
        var fields = (JsonObject)PacketAlerts.Node(point)!;
        (fields["psfFlux"], fields["psfFluxErr"]) = (fields["flux"]?.DeepClone(), fields["flux_err"]?.DeepClone());
        return (JsonSerializer.SerializeToElement(fields), point.Text("survey") is { } survey ? SurveyOf(survey) : null, point.Text("origin") == "Alert" ? AlertOrigins.Alert : AlertOrigins.ForcedPhotometry);
    }

    private static JsonObject Scores(PacketRecord record)
    {
        var scores = new JsonObject();
        foreach (var row in record.Records("classifications"))
        {
            if (row.Text("classifier") is { Length: > 0 } classifier && row.Number("score") is { } score && double.IsFinite(score))
            {
                scores[classifier] = score;
            }
        }

        return scores;
    }

    private static JsonObject Note(string? text)
    {
        try
        {
            return JsonNode.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            throw new PacketFormatException("The annotations of a filter are no JSON");
        }
    }

    private static BrokerCutouts? Stamps(PacketRecord record, string? id) =>
        new BrokerCutouts(id, Stamp(record, "cutoutScience"), Stamp(record, "cutoutTemplate"), Stamp(record, "cutoutDifference")) is { HasAny: true } cutouts ? cutouts : null;

    private static byte[]? Stamp(PacketRecord record, string name) => record[name] is byte[] { Length: > 0 } bytes ? bytes : null;
}
