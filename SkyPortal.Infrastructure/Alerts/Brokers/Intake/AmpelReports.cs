using System.Globalization;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Reads the reports of AMPEL on objects of Rubin: fluxes with a zero point (AB) at Julian dates, which are Rubin's own and so in TAI;
/// classes, hosts and features become notes and tags.
/// </summary>
internal static class AmpelReports
{
    private const double MicroJanskyZeroPoint = 23.9;
    private const string Bands = "ugrizy";

    /// <summary>Reads one.</summary>
    /// <exception cref="PacketFormatException">It is none.</exception>
    public static BrokerMessage Read(StreamMessage message)
    {
        var report = PacketAlerts.Single(message.Value);
        var about = PacketValues.RequiredRecord(report, "object");
        var rows = report.Records("photometry").ToList();
        var newest = rows.Where(IsDetection).MaxBy(row => row.Number("time")) ?? throw new PacketFormatException("It holds no detection", "photometry");
        if (!Domain.Astronomy.SkyPosition.TryCreate(PacketValues.RequiredNumber(about, "ra"), PacketValues.RequiredNumber(about, "dec"), out var place, out _))
        {
            throw new PacketFormatException("Its position is none", "object");
        }

        var (notes, tags) = Said(report);
        tags.Add(message.Partition.Topic);
        tags.Add(message.Partition.Topic.Split('.')[^1]);
        return new BrokerMessage
        {
            Alert = new BrokerAlert
            {
                ObjectId = PacketValues.RequiredInteger(about, "id").ToString(CultureInfo.InvariantCulture),
                Survey = "LSST",
                AlertId = PacketValues.RequiredInteger(newest, "id").ToString(CultureInfo.InvariantCulture),
                RaDegrees = place.RaDegrees,
                DecDegrees = place.DecDegrees,
                MjdUtcDays = Mjd(newest),
                Points = PacketValues.Distinct(rows.Select(Point)),
                Properties = notes,
            },
            Tags = tags,
        };
    }

    // LSST_DP is a source that Rubin detected, LSST_FP a flux that it measured at the place.
    private static bool IsDetection(PacketRecord row) => row.Text("source") is not { } source || !source.EndsWith("_FP", StringComparison.Ordinal);

    private static double? Mjd(PacketRecord row) => PacketValues.UtcOfTai(row.Number("time") - PacketValues.MjdOffset);

    private static AlertMeasurement? Point(PacketRecord row)
    {
        var band = row.Text("band") is { } name && name.StartsWith("lsst", StringComparison.OrdinalIgnoreCase) ? name[4..] : row.Text("band");
        if (band is not [var letter] || !Bands.Contains(letter, StringComparison.Ordinal) || (row.Text("zpsys") ?? "ab") is not ("ab" or "AB") || row.Number("zp") is not (> 0 and < 60 and var zeroPoint))
        {
            return null;
        }

        var scale = Math.Pow(10, -0.4 * (zeroPoint - MicroJanskyZeroPoint));
        return PacketValues.FromFlux(
            $"lsst{letter}", Mjd(row), row.Number("flux") * scale, row.Number("fluxerr") * scale, IsDetection(row) ? AlertOrigins.Alert : AlertOrigins.ForcedPhotometry, null, null, BrokerAlert.PublicProgramme);
    }

    private static (JsonObject Notes, List<string> Tags) Said(PacketRecord report)
    {
        var (notes, tags) = (new JsonObject(), new List<string>());
        if (PacketAlerts.Node(report["state"]) is JsonValue state)
        {
            notes["state"] = state;
            tags.Add(state.ToString());
        }

        foreach (var classifier in report.Records("classification"))
        {
            var name = classifier.Text("name") ?? "classification";
            tags.Add(name);
            foreach (var model in classifier.Records("models"))
            {
                if (PacketAlerts.Node(model["probabilities"]) is JsonObject { Count: > 0 } found && found.Where(pair => pair.Value is JsonValue).MaxBy(pair => pair.Value!.GetValue<double>()) is { Key: { } best, Value: { } probability })
                {
                    var prefix = model.Text("model") is { Length: > 0 } part ? $"{name} {part}" : name;
                    (notes[prefix], notes[$"{prefix} probability"]) = (best, probability.DeepClone());
                    tags.Add(best);
                }
            }
        }

        foreach (var host in report.Records("host").Take(1))
        {
            foreach (var field in new[] { "name", "source", "redshift", "redshift_error", "distance" })
            {
                if (PacketAlerts.Node(host[field]) is JsonValue value)
                {
                    notes[$"host_{field}"] = value;
                }
            }
        }

        foreach (var feature in report.Records("features"))
        {
            tags.Add(feature.Text("name") ?? "features");
            foreach (var (key, value) in PacketAlerts.Node(feature["features"]) as JsonObject ?? [])
            {
                if (value is JsonValue)
                {
                    notes[key] = value.DeepClone();
                }
            }
        }

        return (notes, tags);
    }
}
