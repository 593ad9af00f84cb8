using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class AvroRoundTripTests
{
    [Theory]
    [InlineData(AvroCodec.Null)]
    [InlineData(AvroCodec.Deflate)]
    public void Read_OwnContainer_ReturnsWhatWasWritten(AvroCodec codec)
    {
        var packets = new[] { TestPackets.Alert(), TestPackets.Alert(TestPackets.Alert()) };

        var content = AvroContainer.Read(AvroWriter.WriteContainer(TestPackets.Schema, packets, codec));

        Assert.Equal("own.v1.alert", content.Schema.Name);
        Assert.Equal(2, content.Records.Count);
        var packet = content.Records[0];
        Assert.Equal("OWN25abc", packet.Text("objectId"));
        Assert.Equal(long.MaxValue, packet.Integer("candid"));
        Assert.Equal(18.25, packet.Record("candidate")!.Number("magpsf"));
        Assert.Equal(0.5, packet.Record("candidate")!.Number("rb"));
        Assert.Equal(true, packet.Record("candidate")!["isdiffpos"]);
        Assert.Equal(1_700_000_000_000_000L, packet.Record("candidate")!.Integer("when"));
        Assert.Equal([2_459_999.5, 2_459_998.5], packet.Records("prv_candidates").Select(record => record.Number("jd")!.Value));
        Assert.Null(packet.Records("prv_candidates").First().Number("magpsf"));
        Assert.Equal("naïve", packet["any"]);
        Assert.Equal("2", Assert.IsType<Dictionary<string, object?>>(packet["notes"])["b"]);
        Assert.Equal("r", packet["band"]);
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, packet["digest"]);
        Assert.Equal(new object?[] { 1.5 }, packet["numbers"]);
        Assert.Equal(300, Assert.IsType<byte[]>(packet["cutout"]).Length);
        Assert.Equal("OWN25abc", content.Records[1].Record("parent")!.Text("objectId"));
    }

    [Fact]
    public void Parse_NullableAndNestedFields_DescribesThemInTheLayout()
    {
        var layout = TestPackets.Schema.Layout;
        PacketField Field(string name) => layout.Fields[layout.IndexOf(name)];

        Assert.Equal((PacketFieldKind.Integer, false), (Field("candid").Kind, Field("candid").Nullable));
        Assert.Equal(PacketFieldKind.Array, Field("prv_candidates").Kind);
        Assert.Equal(PacketFieldKind.Record, Field("prv_candidates").ElementKind);
        Assert.Equal("own.v1.candidate", Field("prv_candidates").Record!.Name);
        Assert.Equal(PacketFieldKind.Any, Field("any").Kind);
        Assert.Equal(PacketFieldKind.Map, Field("notes").Kind);
        Assert.Equal(PacketFieldKind.Text, Field("notes").ElementKind);
        Assert.True(Field("cutout").Nullable);
    }

    [Fact]
    public void Parse_SameTextTwice_ReturnsTheSameSchema() =>
        Assert.Same(AvroSchema.Parse(TestPackets.SchemaJson), AvroSchema.Parse(TestPackets.SchemaJson));

    [Fact]
    public void Text_OfParsedSchema_ParsesToAnEqualText()
    {
        var text = TestPackets.Schema.Text;

        Assert.Equal(text, AvroSchema.Parse(text).Text);
    }

    [Fact]
    public void ParseAll_FilesInAnyOrder_ResolvesNamesAcrossThem()
    {
        string[] files =
        [
            """{"type":"record","name":"alert","namespace":"s","fields":[{"name":"c","type":"s.alert.cut"},{"name":"d","type":["null","s.alert.cut"]}]}""",
            """{"type":"record","name":"cut","namespace":"s.alert","fields":[{"name":"n","type":"int"}]}""",
        ];

        Assert.Equal("s.alert", AvroSchema.ParseAll(files).Name);
        Assert.Equal("s.alert", AvroSchema.ParseAll(files.Reverse()).Name);
        Assert.Equal("s.alert.cut", AvroSchema.ParseAll(files, "s.alert.cut").Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("\"string\"")]
    [InlineData("[\"null\",\"string\"]")]
    [InlineData("{\"type\":\"record\",\"name\":\"a\"}")]
    [InlineData("{\"type\":\"record\",\"name\":\"a\",\"fields\":[{\"name\":\"x\",\"type\":\"unknown\"}]}")]
    [InlineData("{\"type\":\"record\",\"name\":\"a\",\"fields\":[{\"name\":\"\",\"type\":\"int\"}]}")]
    [InlineData("{\"type\":\"record\",\"name\":\"a\",\"fields\":[{\"name\":\"x\",\"type\":[\"null\",[\"int\"]]}]}")]
    [InlineData("{\"type\":\"record\",\"name\":\"a\",\"fields\":[{\"name\":\"x\",\"type\":{\"type\":\"fixed\",\"name\":\"f\",\"size\":-1}}]}")]
    [InlineData("{\"type\":\"record\",\"name\":\"\\ud800\",\"fields\":[]}")]
    public void Parse_InvalidSchema_ThrowsPacketFormatException(string json) =>
        Assert.Throws<PacketFormatException>(() => AvroSchema.Parse(json));

    [Fact]
    public void ReadDatum_RepeatedFieldName_KeepsTheLastValue()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"a","fields":[{"name":"x","type":"int"},{"name":"y","type":"int"},{"name":"x","type":["null","int"]}]}""");

        var packet = AvroReader.ReadDatum(schema, [0x02, 0x04, 0x02, 0x06]);

        Assert.Equal(2, packet.Values.Length);
        Assert.Equal((3, 2), (packet.Integer("x"), packet.Integer("y")));
        Assert.Null(AvroReader.ReadDatum(schema, [0x02, 0x04, 0x00])["x"]);
    }

    [Fact]
    public void Read_ArrayInBlocksWithSizes_ReadsAllElements()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"a","fields":[{"name":"x","type":{"type":"array","items":"int"}}]}""");
        byte[] datum = [0x03, 0x04, 0x02, 0x04, 0x02, 0x06, 0x00];

        Assert.Equal(new object?[] { 1L, 2L, 3L }, AvroReader.ReadDatum(schema, datum)["x"]);
    }

    [Fact]
    public void WriteDatum_ValueThatDoesNotFit_NamesTheField()
    {
        var packet = TestPackets.Alert();
        packet.Values[packet.Layout.IndexOf("band")] = "ultraviolet";

        Assert.Equal("band", Assert.Throws<PacketFormatException>(() => AvroWriter.WriteDatum(TestPackets.Schema, packet)).FieldPath);
    }

    [Fact]
    public async Task ReadAsync_FramedMessage_UsesTheRegistrysSchema()
    {
        var message = ConfluentFraming.Write(900, AvroWriter.WriteDatum(TestPackets.Schema, TestPackets.Alert()));

        Assert.Equal(900, ConfluentFraming.SchemaIdOf(message));
        var packet = await ConfluentFraming.ReadAsync(message, new OneSchema(900));
        Assert.Equal("OWN25abc", packet.Text("objectId"));
        await Assert.ThrowsAsync<PacketFormatException>(async () => await ConfluentFraming.ReadAsync(message, new OneSchema(901)));
        Assert.Throws<PacketFormatException>(() => ConfluentFraming.SchemaIdOf([0, 0, 0]));
    }

    private sealed class OneSchema(int known) : IAvroSchemaRegistry
    {
        public ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellation = default) =>
            ValueTask.FromResult(id == known ? TestPackets.Schema : null);
    }
}
