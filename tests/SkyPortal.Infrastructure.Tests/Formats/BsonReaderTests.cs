using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>Documents by the BSON specification 1.1, written byte by byte.</summary>
public sealed class BsonReaderTests
{
    private const int DeepestJson = 64;

    [Fact]
    public void Read_EveryKindOfValue_IsJson()
    {
        var document = Document(
            Element(0x01, "number", Doubles(1.5)),
            Element(0x01, "nan", Doubles(double.NaN)),
            Element(0x02, "text", Text("Ia?")),
            Element(0x03, "inner", Document(Element(0x10, "n", Ints(7)))),
            Element(0x04, "list", Document(Element(0x12, "0", Longs(1L << 40)), Element(0x08, "1", [1]))),
            Element(0x05, "bytes", [2, 0, 0, 0, 0, 0xFF, 0x00]),
            Element(0x07, "id", [.. Enumerable.Range(0, 12).Select(i => (byte)i)]),
            Element(0x09, "time", Longs(0)),
            Element(0x0A, "none", []));

        var read = JsonSerializer.Serialize(BsonReader.Read(document));

        Assert.Equal(
            """{"number":1.5,"nan":null,"text":"Ia?","inner":{"n":7},"list":[1099511627776,true],"bytes":"/wA=","id":"000102030405060708090a0b","time":"1970-01-01T00:00:00.000Z","none":null}""",
            read);
    }

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        var document = Document(Element(0x02, "text", Text("Ia")), Element(0x03, "inner", Document(Element(0x01, "x", Doubles(2)))));

        for (var length = 0; length < document.Length; length++)
        {
            var cut = document[..length];
            Assert.Throws<PacketFormatException>(() => BsonReader.Read(cut));
        }
    }

    [Fact]
    public void Read_AsDeepAsJsonGoes_CanBeWritten_AndDeeperIsRefused()
    {
        Assert.Equal(JsonValueKind.Object, JsonSerializer.SerializeToElement(BsonReader.Read(Nested(DeepestJson))).ValueKind);
        Assert.Throws<PacketFormatException>(() => BsonReader.Read(Nested(DeepestJson + 1)));
    }

    [Fact]
    public void Read_TextOfNegativeLength_IsRefused() =>
        Assert.Throws<PacketFormatException>(() => BsonReader.Read(Document(Element(0x02, "text", Ints(-5)))));

    private static byte[] Nested(int levels)
    {
        var document = Document();
        for (var i = 1; i < levels; i++)
        {
            document = Document(Element(0x03, "x", document));
        }

        return document;
    }

    private static byte[] Document(params byte[][] elements)
    {
        var inside = elements.SelectMany(element => element).ToArray();
        return [.. Ints(inside.Length + 5), .. inside, 0];
    }

    private static byte[] Element(byte type, string name, byte[] value) => [type, .. Encoding.UTF8.GetBytes(name), 0, .. value];

    private static byte[] Text(string text) => [.. Ints(Encoding.UTF8.GetByteCount(text) + 1), .. Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Doubles(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Longs(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Ints(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
