using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Reads a BSON document (version 1.1, bsonspec.org) as JSON: times become ISO 8601 texts (UTC), binary data base64, object ids hexadecimal, and
/// numbers that are not finite null. Of a name that comes twice the last counts.
/// </summary>
public ref struct BsonReader
{
    private const int Deepest = 64;
    private const int ObjectIdBytes = 12;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private BsonReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The document that the bytes are.</summary>
    /// <exception cref="PacketFormatException">They are none.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new BsonReader(bytes);
        var document = reader.Document(0);
        return reader._at == bytes.Length ? document : throw reader.Wrong("there is more after the document");
    }

    private JsonObject Document(int depth)
    {
        var document = new JsonObject();
        Elements(depth, (name, value) => document[name] = value);
        return document;
    }

    // Their names are their places.
    private JsonArray List(int depth)
    {
        var list = new JsonArray();
        Elements(depth, (_, value) => list.Add(value));
        return list;
    }

    private void Elements(int depth, Action<string, JsonNode?> take)
    {
        if (depth >= Deepest)
        {
            throw Wrong($"it is nested {Deepest} deep or deeper");
        }

        var start = _at;
        var length = Int32();
        if (length < 5 || length > _bytes.Length - start)
        {
            throw Wrong("a document is longer than what holds it");
        }

        var end = start + length - 1;
        while (_at < end)
        {
            var type = Take(1)[0];
            take(Name(), Value(type, depth));
        }

        if (_at != end || Take(1)[0] != 0)
        {
            throw Wrong("a document does not end where it should");
        }
    }

    private JsonNode? Value(byte type, int depth) => type switch
    {
        0x01 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)) is var number && double.IsFinite(number) ? JsonValue.Create(number) : null,
        0x02 or 0x0D or 0x0E => JsonValue.Create(Text()),
        0x03 => Document(depth + 1),
        0x04 => List(depth + 1),
        0x05 => JsonValue.Create(Convert.ToBase64String(Binary())),
        0x07 => JsonValue.Create(Convert.ToHexStringLower(Take(ObjectIdBytes))),
        0x08 => JsonValue.Create(Take(1)[0] != 0),
        0x09 => Time(Int64()),
        0x06 or 0x0A or 0x7F or 0xFF => null,
        0x0B => JsonValue.Create($"/{Name()}/{Name()}"),
        0x10 => JsonValue.Create(Int32()),
        0x11 or 0x12 => JsonValue.Create(Int64()),
        _ => throw Wrong($"a value has the type 0x{type.ToString("X2", CultureInfo.InvariantCulture)}, which is not read"),
    };

    private static JsonValue? Time(long milliseconds) =>
        milliseconds is > -62_135_596_800_000 and < 253_402_300_800_000 ? JsonValue.Create(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) : null;

    private string Text()
    {
        var length = Int32();
        return length < 1 ? throw Wrong("a text has no end") : Encoding.UTF8.GetString(Take(length)[..^1]);
    }

    private ReadOnlySpan<byte> Binary()
    {
        var length = Int32();
        _ = Take(1);
        return Take(length);
    }

    private string Name()
    {
        var length = _bytes[_at..].IndexOf((byte)0);
        var name = length < 0 ? throw Wrong("a name has no end") : Encoding.UTF8.GetString(Take(length));
        _at++;
        return name;
    }

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    private long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _bytes.Length - _at)
        {
            throw Wrong("it ends within a value");
        }

        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }

    private readonly PacketFormatException Wrong(string what) => new($"It is no BSON document: {what}", "", _at);
}
