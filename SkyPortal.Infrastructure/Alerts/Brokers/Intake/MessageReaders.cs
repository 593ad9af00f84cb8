using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>What a message of a broker says.</summary>
public sealed record BrokerMessage
{
    /// <summary>The alert with all that was measured; null where the message only names an object, which is then asked of the broker.</summary>
    public BrokerAlert? Alert { get; init; }

    /// <summary>Name of the object where there is no alert.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The broker's filters that it passed, by their keys there, each with what is noted of it; null where topic and tags decide.</summary>
    public IReadOnlyDictionary<string, JsonObject>? Passed { get; init; }

    /// <summary>Words by which filters choose.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>What is noted of it; null for what the alert says.</summary>
    public JsonObject? Note { get; init; }
}

/// <summary>Reads the messages of brokers of one class.</summary>
/// <param name="Classname">The class.</param>
/// <param name="Framing">How its messages hold what they say.</param>
/// <param name="Read">Reads one; throws <see cref="PacketFormatException"/> where it cannot be.</param>
public sealed record MessageReader(string Classname, string Framing, Func<BrokerConfig, StreamMessage, BrokerMessage> Read);

/// <summary>The brokers whose messages of Kafka are read here.</summary>
public static class MessageReaders
{
    /// <summary>All.</summary>
    public static IReadOnlyList<MessageReader> All { get; } =
    [
        new("AMPELBROKER", StreamFramings.Container, (_, message) => AmpelReports.Read(message)),
        new("ANTARESBROKER", StreamFramings.Bson, (_, message) => AntaresMessages.Read(message)),
        new("BABAMULBROKER", StreamFramings.Container, (_, message) => BoomMessages.ReadBabamul(message)),
        new("BOOMBROKER", StreamFramings.Container, (_, message) => BoomMessages.Read(message)),
        new("FINKBROKER", StreamFramings.Keyed, (_, message) => Fink(message)),
        new("LASAIRBROKER", StreamFramings.Json, (_, message) => Lasair(message)),
    ];

    /// <summary>The reader of a class; null where there is none.</summary>
    public static MessageReader? Find(string? classname) => All.FirstOrDefault(reader => reader.Classname == classname);

    // The packet of the survey with the columns of Fink beside it, and its schema as the key.
    private static BrokerMessage Fink(StreamMessage message)
    {
        if (message.Key.IsEmpty)
        {
            throw new PacketFormatException("Its key, which should be its schema, is empty.");
        }

        var record = AvroReader.ReadDatum(AvroSchema.Parse(message.Key.Span), message.Value.Span);
        return new BrokerMessage { Alert = PacketAlerts.Of(record) };
    }

    // A row of the filter's query: the object itself is asked of Lasair.
    private static BrokerMessage Lasair(StreamMessage message)
    {
        JsonElement row;
        try
        {
            using var document = JsonDocument.Parse(message.Value);
            row = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new PacketFormatException("It is no JSON");
        }

        var name = BrokerJson.Text(row, "objectId") ?? BrokerJson.Text(row, "diaObjectId");
        return Domain.Sources.ObjNames.AreLettersRight(name ?? "") && name!.Length > 0
            ? new BrokerMessage { ObjectId = name, Note = new JsonObject(BrokerJson.Node(row).Where(field => field.Value is JsonValue).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))) }
            : throw new PacketFormatException("It names no object");
    }

    /// <summary>Reads a document with what reads replies; what is wrong with it is told of the message.</summary>
    internal static T Document<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OutsideException error)
        {
            throw new PacketFormatException(error.Message);
        }
    }
}
