using System.Buffers.Binary;
using System.Text;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class FitsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadImage_WrittenImage_ReturnsPixelsAndHeader(bool gzip)
    {
        float[] pixels = [1, 2, 3, 4, float.NaN, -6e20f];
        var file = FitsWriter.WriteImage(
            pixels,
            3,
            2,
            [new("ROTPA", 12.5), new("OBJECT", "O'Neill"), new("DONE", true), new("EPOCH", 2000.0), new("CRPIX1", -5L), new("EMPTY", null)],
            gzip);

        var image = FitsReader.ReadImage(file);

        Assert.Equal((3, 2), (image.WidthPixels, image.HeightPixels));
        Assert.Equal(pixels, image.Pixels);
        Assert.Equal(12.5, image.Header.Number("ROTPA"));
        Assert.Equal("O'Neill", image.Header.Text("OBJECT"));
        Assert.True(image.Header.Logical("DONE"));
        Assert.Equal(2000.0, image.Header.Number("EPOCH"));
        Assert.Equal(-5, image.Header.Integer("CRPIX1"));
        Assert.True(image.Header.Contains("EMPTY"));
        Assert.Null(image.Header.Number("NOTHING"));
        Assert.Equal(gzip, file[0] == 0x1f);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(-32)]
    [InlineData(-64)]
    public void ReadImage_EachPixelType_AppliesScaleAndBlank(int bitpix)
    {
        var data = new byte[2 * Math.Abs(bitpix) / 8];
        Store(data, bitpix, 7);
        Store(data.AsSpan(Math.Abs(bitpix) / 8), bitpix, 9);

        var image = FitsReader.ReadImage(File(["SIMPLE  = T", $"BITPIX  = {bitpix}", "NAXIS   = 2", "NAXIS1  = 2", "NAXIS2  = 1", "BSCALE  = 2.0D0 / scale", "BZERO   = 100", "BLANK   = 9"], data));

        Assert.Equal([114f, bitpix > 0 ? float.NaN : 118f], image.Pixels);
    }

    [Fact]
    public void ReadImage_ImageInExtension_SkipsEmptyPrimaryAndTable()
    {
        var primary = File(["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "EXTEND  = T"], []);
        var table = File(["XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 4", "NAXIS2  = 2", "PCOUNT  = 3", "GCOUNT  = 1"], new byte[11]);
        var extension = File(["XTENSION= 'IMAGE   '", "BITPIX  = 8", "NAXIS   = 3", "NAXIS1  = 2", "NAXIS2  = 2", "NAXIS3  = 1", "EXTNAME = 'SCI'"], [1, 2, 3, 4]);

        var image = FitsReader.ReadImage((byte[])[.. primary, .. table, .. extension]);

        Assert.Equal([1f, 2f, 3f, 4f], image.Pixels);
        Assert.Equal("SCI", image.Header.Text("EXTNAME"));
    }

    [Fact]
    public void ReadImage_LongText_IsPutTogether()
    {
        var image = FitsReader.ReadImage(File(["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 1", "NAXIS2  = 1", "LONG    = 'first &'", "CONTINUE  'second'", "HIERARCH ESO tel = 5"], [1]));

        Assert.Equal("first second", image.Header.Text("LONG"));
        Assert.Equal(5, image.Header.Integer("ESO TEL"));
    }

    [Fact]
    public void ReadImage_WrongInputs_ThrowFitsFormatException()
    {
        var good = FitsWriter.WriteImage(new float[63 * 63], 63, 63);
        var zipped = FitsWriter.WriteImage(new float[63 * 63], 63, 63, gzip: true);
        var broken = (byte[])zipped.Clone();
        broken[20] ^= 0xff;
        byte[] Declaring(string sides) => File(["SIMPLE  = T", "BITPIX  = -32", "NAXIS   = 2", .. sides.Split(';')], new byte[5760]);

        Refused([]);
        Refused("no FITS"u8.ToArray());
        Refused(good[..2000]);
        Refused(good[..^2880]);
        Refused([.. good, .. new byte[] { 1, 2, 3 }]);
        Refused(zipped[..(zipped.Length / 2)]);
        Refused(zipped[..5]);
        Refused(broken);
        Refused(Declaring("NAXIS1  = 38;NAXIS2  = 39"));
        Refused(Declaring("NAXIS1  = 2147483647;NAXIS2  = 2147483647"));
        Refused(Declaring("NAXIS1  = -5;NAXIS2  = 3"));
        Refused(Declaring("NAXIS1  = 9223372036854775807;NAXIS2  = 3"));
        Refused(Declaring("NAXIS1  = 38"));
        Refused(File(["SIMPLE  = T", "BITPIX  = 12", "NAXIS   = 2", "NAXIS1  = 1", "NAXIS2  = 1"], [1]));
        Refused(File(["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 1"], [1]));
        Assert.Throws<FitsFormatException>(() => FitsReader.ReadImage(zipped, new FitsLimits { MaxBytes = 10_000 }));
        Assert.Throws<FitsFormatException>(() => FitsReader.ReadImage(good, new FitsLimits { MaxSidePixels = 62 }));
    }

    [Fact]
    public void ReadImage_ImageLongerThanDeclared_Throws()
    {
        var file = FitsWriter.WriteImage(Enumerable.Repeat(1f, 63 * 63).ToArray(), 63, 63);
        "20"u8.CopyTo(file.AsSpan((4 * 80) + 28));

        Assert.Throws<FitsFormatException>(() => FitsReader.ReadImage(file));
    }

    [Fact]
    public void ReadImage_MutatedFiles_SucceedOrThrowFitsFormatException()
    {
        var original = FitsWriter.WriteImage(new float[100], 10, 10, [new("ROTPA", 1.0)]);
        var random = new Random(99);
        for (var round = 0; round < 5_000; round++)
        {
            var mutated = original.AsSpan(0, random.Next(4) == 0 ? random.Next(original.Length) : original.Length).ToArray();
            for (var change = random.Next(1, 6); change > 0 && mutated.Length > 0; change--)
            {
                mutated[random.Next(Math.Min(mutated.Length, 640))] = (byte)random.Next(32, random.Next(5) == 0 ? 256 : 127);
            }

            try
            {
                CutoutRenderer.Render(mutated, CutoutKind.Science, CutoutOrientation.RotateNorthUp);
            }
            catch (FitsFormatException)
            {
                // This is the one way to refuse.
            }
        }
    }

    [Theory]
    [InlineData("lower", 1L)]
    [InlineData("TOOLONGKEY", 1L)]
    [InlineData("NAN", double.NaN)]
    [InlineData("TEXT", "this text has more than the sixty-eight characters that one card has room for")]
    public void WriteImage_CardThatFitsNoHeader_Throws(string key, object value) =>
        Assert.Throws<ArgumentException>(() => FitsWriter.WriteImage(new float[1], 1, 1, [new FitsCard(key, value)]));

    private static void Refused(byte[] file) => Assert.Throws<FitsFormatException>(() => FitsReader.ReadImage(file));

    private static byte[] File(IEnumerable<string> cards, byte[] data)
    {
        var text = string.Concat(cards.Append("END").Select(card => card.PadRight(80)));
        var header = Encoding.ASCII.GetBytes(text.PadRight((text.Length + 2879) / 2880 * 2880));
        return [.. header, .. data, .. new byte[((data.Length + 2879) / 2880 * 2880) - data.Length]];
    }

    private static void Store(Span<byte> target, int bitpix, int value)
    {
        switch (bitpix)
        {
            case 8:
                target[0] = (byte)value;
                break;
            case 16:
                BinaryPrimitives.WriteInt16BigEndian(target, (short)value);
                break;
            case 32:
                BinaryPrimitives.WriteInt32BigEndian(target, value);
                break;
            case 64:
                BinaryPrimitives.WriteInt64BigEndian(target, value);
                break;
            case -32:
                BinaryPrimitives.WriteSingleBigEndian(target, value);
                break;
            default:
                BinaryPrimitives.WriteDoubleBigEndian(target, value);
                break;
        }
    }
}
