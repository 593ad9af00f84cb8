using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>Alerts of brokers that pass the surveys' packets on, whole or with fields of their own beside them.</summary>
internal static class PacketAlerts
{
    private static readonly HashSet<string> NoNotes = new(StringComparer.Ordinal)
    {
        "objectId", "candid", "schemavsn", "publisher", "diaSourceId", "observation_reason", "target_name", "fink_broker_version", "fink_science_version", "timestamp", "brokerIngestMjd",
    };

    /// <summary>The alert of a container with one packet.</summary>
    /// <exception cref="PacketFormatException">It is none.</exception>
    public static BrokerAlert OfContainer(ReadOnlyMemory<byte> bytes) => Of(Single(bytes));

    /// <summary>The only record of a container.</summary>
    /// <exception cref="PacketFormatException">It is no container, or holds another number.</exception>
    public static PacketRecord Single(ReadOnlyMemory<byte> bytes)
    {
        if (!AvroContainer.IsContainer(bytes.Span))
        {
            throw new PacketFormatException(bytes.IsEmpty ? "It is empty" : "It is no Avro container");
        }

        var records = AvroContainer.Read(bytes).Records;
        return records.Count == 1 ? records[0] : throw new PacketFormatException($"It holds {records.Count} packets where one belongs");
    }

    /// <summary>The alert of a record with the fields of ZTF's packets or of Rubin's. What else it says of the object is noted.</summary>
    /// <exception cref="PacketFormatException">It has neither, or values that cannot be.</exception>
    public static BrokerAlert Of(PacketRecord record)
    {
        var alert = record.Record("candidate") is not null ? ZtfPackets.Read(record)
            : record.Record("diaSource") is not null ? LsstPackets.Read(record)
            : throw new PacketFormatException("It has neither the detection of ZTF nor that of Rubin");
        AlertDecoder.Check(alert);
        var (science, template, difference) = (Stamp(record, "cutoutScience"), Stamp(record, "cutoutTemplate"), Stamp(record, "cutoutDifference"));
        var id = alert.AlertId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new BrokerAlert
        {
            ObjectId = alert.ObjId,
            Survey = alert.Survey,
            AlertId = id,
            RaDegrees = alert.RaDegrees,
            DecDegrees = alert.DecDegrees,
            MjdUtcDays = alert.Mjd,
            Programme = alert.Programme,
            Score = alert.Score,
            IsRoid = alert.IsRoid,
            MpcName = alert.MpcName,
            Points = alert.Photometry,
            Properties = Notes(record),
            Cutouts = new BrokerCutouts(id, science, template, difference) is { HasAny: true } cutouts ? cutouts : null,
        };
    }

    /// <summary>The single values of a record as JSON, without those that the survey's own packets carry.</summary>
    public static JsonObject Notes(PacketRecord record)
    {
        var notes = new JsonObject();
        foreach (var (field, value) in record.Layout.Fields.Zip(record.Values).Where(pair => !NoNotes.Contains(pair.First.Name)))
        {
            if (Node(value) is JsonValue node)
            {
                notes[field.Name] = node;
            }
        }

        return notes;
    }

    /// <summary>A value of a record as JSON; null where there is none that JSON has. Bytes are left out.</summary>
    public static JsonNode? Node(object? value) => value switch
    {
        bool flag => flag,
        long number => number,
        double number when double.IsFinite(number) => number,
        string text => text.Replace("\0", "", StringComparison.Ordinal),
        PacketRecord record => new JsonObject(record.Layout.Fields.Zip(record.Values).Select(pair => KeyValuePair.Create(pair.First.Name, Node(pair.Second)))),
        object?[] list => new JsonArray([.. list.Select(Node)]),
        IReadOnlyDictionary<string, object?> map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Node(pair.Value)))),
        _ => null,
    };

    private static byte[]? Stamp(PacketRecord record, string name) => record[name] switch
    {
        byte[] { Length: > 0 } bytes => bytes,
        PacketRecord cutout when cutout["stampData"] is byte[] { Length: > 0 } bytes => bytes,
        _ => null,
    };
}
