using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Messages of ANTARES: a JSON:API document of a locus as BSON under zlib, one topic a tag (client.NAME), as its own client (antares-client 1.13)
/// reads them. They name the object, bear the tags and what ANTARES says of it; its alerts are asked of ANTARES.
/// </summary>
internal static class AntaresMessages
{
    private const int MostBytes = 64 << 20;

    // Without one of these ANTARES' own client passes a locus over.
    private static readonly string[] Needed = ["ra", "dec", "properties", "tags"];

    public static BrokerMessage Read(StreamMessage message)
    {
        var document = JsonSerializer.SerializeToElement(BsonReader.Read(Inflate(message.Value)));
        if (BrokerJson.Maybe(document, "data") is not { ValueKind: JsonValueKind.Object } locus || BrokerJson.Maybe(locus, "attributes") is not { ValueKind: JsonValueKind.Object } about)
        {
            throw new PacketFormatException("It is no locus");
        }

        if (Array.Find(Needed, name => BrokerJson.Maybe(about, name) is null) is { } missing)
        {
            throw new PacketFormatException($"The locus is incomplete: it has no {missing}");
        }

        var alert = MessageReaders.Document(() => AntaresBroker.Locus(locus, null));
        if (!Domain.Sources.ObjNames.AreLettersRight(alert.ObjectId ?? "") || alert.ObjectId!.Length == 0)
        {
            throw new PacketFormatException("It names no object");
        }

        var tags = BrokerJson.Maybe(about, "tags") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(tag => tag.ToString()).ToList() : [];
        return new BrokerMessage { ObjectId = alert.ObjectId, Tags = [.. tags, message.Partition.Topic], Note = (JsonObject)alert.Properties.DeepClone() };
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var stream = new ZLibStream(CappedInflation.StreamOf(bytes), CompressionMode.Decompress);
            return CappedInflation.ReadAll(stream, bytes.Length, MostBytes) ?? throw new PacketFormatException($"It has more than {MostBytes} bytes when it is unpacked");
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new PacketFormatException("It is not packed with zlib");
        }
    }
}
