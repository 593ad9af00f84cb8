using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class AvroHostileInputTests
{
    private static readonly byte[] OneGigabyte = [0x80, 0x80, 0x80, 0x80, 0x08];

    [Theory]
    [InlineData("\"bytes\"")]
    [InlineData("\"string\"")]
    [InlineData("{\"type\":\"array\",\"items\":\"long\"}")]
    [InlineData("{\"type\":\"array\",\"items\":\"null\"}")]
    [InlineData("{\"type\":\"map\",\"values\":\"long\"}")]
    [InlineData("{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"e\",\"fields\":[]}}")]
    public void ReadDatum_HugeDeclaredLength_FailsWithoutAllocating(string type)
    {
        var schema = SchemaOf(type);
        Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(schema, OneGigabyte));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(schema, OneGigabyte));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal("x", error.FieldPath);
        Assert.Equal(5, error.ByteOffset);
    }

    [Fact]
    public void ReadDatum_HugeFixed_FailsWithoutAllocating() =>
        Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(SchemaOf("""{"type":"fixed","name":"f","size":2147483647}"""), [1, 2]));

    [Fact]
    public void ReadDatum_MostNegativeBlockCount_Fails() =>
        Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(
            SchemaOf("""{"type":"array","items":"null"}"""),
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00, 0x00]));

    [Fact]
    public void ReadDatum_RecordThatHoldsItselfForever_FailsByDepth()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"a","fields":[{"name":"x","type":"a"}]}""");

        Assert.Contains("deeper", Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(schema, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadDatum_RecordThatDoublesAtEachLevel_FailsByCount()
    {
        var type = """{"type":"record","name":"r0","fields":[]}""";
        for (var level = 1; level <= 25; level++)
        {
            type = $$"""{"type":"record","name":"r{{level}}","fields":[{"name":"a","type":{{type}}},{"name":"b","type":"r{{level - 1}}"}]}""";
        }

        Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(AvroSchema.Parse(type), []));
    }

    [Fact]
    public void ReadDatum_ManyBlocksOfOneElement_TakesLinearTime()
    {
        var datum = new byte[400_001];
        for (var i = 0; i < 400_000; i += 2)
        {
            datum[i] = 2;
        }

        Assert.Equal(200_000, Assert.IsType<object?[]>(AvroReader.ReadDatum(SchemaOf("""{"type":"array","items":"int"}"""), datum)["x"]).Length);
    }

    [Fact]
    public void ReadDatum_BytesLeftOver_Fails() =>
        Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(SchemaOf("\"int\""), [2, 2]));

    [Fact]
    public void ReadDatum_ErrorDeepInside_NamesFieldAndByte()
    {
        var datum = AvroWriter.WriteDatum(TestPackets.Schema, TestPackets.Alert());
        var place = datum.AsSpan().IndexOf("OWN25abc"u8) + 8 + 10;

        // After the id, the candidate: 8 bytes of jd, then fid, then the branch of magpsf.
        datum[place + 9] = 0x08;

        var error = Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(TestPackets.Schema, datum));
        Assert.Equal("candidate.magpsf", error.FieldPath);
        Assert.Equal(place + 10, error.ByteOffset);
    }

    [Fact]
    public void ReadDatum_WrongSchema_ThrowsPacketFormatException() =>
        Assert.Throws<PacketFormatException>(() => AvroReader.ReadDatum(
            AvroSchema.Parse("""{"type":"record","name":"a","fields":[{"name":"x","type":["null","double"]},{"name":"y","type":"string"}]}"""),
            AvroWriter.WriteDatum(TestPackets.Schema, TestPackets.Alert())));

    [Theory]
    [InlineData(AvroCodec.Null)]
    [InlineData(AvroCodec.Deflate)]
    public void Read_EveryTruncation_ThrowsPacketFormatException(AvroCodec codec)
    {
        var file = AvroWriter.WriteContainer(TestPackets.Schema, [TestPackets.Alert()], codec);
        var headerOnly = AvroWriter.WriteContainer(TestPackets.Schema, [], codec).Length;
        for (var length = 0; length < file.Length; length++)
        {
            if (length != headerOnly)
            {
                Assert.Throws<PacketFormatException>(() => AvroContainer.Read(file.AsMemory(0, length)));
            }
        }
    }

    [Fact]
    public void Read_DeflatedBomb_StopsAtTheCap()
    {
        var packet = TestPackets.Alert();
        packet.Values[packet.Layout.IndexOf("cutout")] = new byte[8 << 20];
        var file = AvroWriter.WriteContainer(TestPackets.Schema, [packet], AvroCodec.Deflate);

        Assert.Throws<PacketFormatException>(() => AvroContainer.Read(file, new AvroLimits { MaxInflatedBytes = 1 << 20 }));
        Assert.Single(AvroContainer.Read(file).Records);
    }

    [Fact]
    public void Read_UnknownCodec_NamesIt()
    {
        var file = AvroWriter.WriteContainer(TestPackets.Schema, [TestPackets.Alert()], AvroCodec.Deflate);
        "deflatf"u8.CopyTo(file.AsSpan(file.AsSpan().IndexOf("deflate"u8)));

        Assert.Contains("deflatf", Assert.Throws<PacketFormatException>(() => AvroContainer.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AvroCodec.Null)]
    [InlineData(AvroCodec.Deflate)]
    public void Read_MutatedContainers_SucceedOrThrowPacketFormatException(AvroCodec codec)
    {
        var file = AvroWriter.WriteContainer(TestPackets.Schema, [TestPackets.Alert(TestPackets.Alert())], codec);
        Mutate(file, seed: 20_260_101, rounds: 8_000, mutated => AvroContainer.Read(mutated));
    }

    [Fact]
    public void ReadDatum_MutatedRecords_SucceedOrThrowPacketFormatException()
    {
        var datum = AvroWriter.WriteDatum(TestPackets.Schema, TestPackets.Alert(TestPackets.Alert()));
        Mutate(datum, seed: 4_711, rounds: 20_000, mutated => AvroReader.ReadDatum(TestPackets.Schema, mutated));
    }

    private static void Mutate(byte[] original, int seed, int rounds, Action<byte[]> read)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var mutated = Mutation(original, random);
            try
            {
                read(mutated);
            }
            catch (PacketFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 10, rounds);
    }

    private static byte[] Mutation(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 20), bytes.Count - place));
                    break;
                case 3:
                    bytes.InsertRange(place, Enumerable.Repeat((byte)0xff, random.Next(1, 12)));
                    break;
                default:
                    bytes.InsertRange(place, OneGigabyte);
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static AvroSchema SchemaOf(string type) =>
        AvroSchema.Parse($$"""{"type":"record","name":"a","fields":[{"name":"x","type":{{type}}}]}""");
}
