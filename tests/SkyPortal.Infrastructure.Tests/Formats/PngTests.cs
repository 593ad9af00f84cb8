using System.Buffers.Binary;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class PngTests
{
    // A 1 x 1 image made by another encoder: greyscale with alpha.
    private const string ForeignPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

    [Fact]
    public void Crc32_CheckText_IsThePublishedValue() => Assert.Equal(0xcbf43926u, PngChunks.Crc32("123456789"u8));

    [Theory]
    [InlineData(16, 16, true)]
    [InlineData(500, 20, true)]
    [InlineData(501, 20, false)]
    [InlineData(15, 20, false)]
    public void Read_EncodedGrey_ReturnsSizeAndColour(int width, int height, bool acceptable)
    {
        var pixels = Enumerable.Range(0, width * height).Select(i => (byte)(i * 7)).ToArray();

        var info = PngInfo.Read(PngEncoder.EncodeGrey(pixels, width, height));

        Assert.Equal(new PngInfo(width, height, true), info);
        Assert.Equal(acceptable, info.IsThumbnailSize);
    }

    [Fact]
    public void Read_EncodedRgb_TellsGreyFromColour()
    {
        var pixels = Enumerable.Range(0, 20 * 20).SelectMany(i => Enumerable.Repeat((byte)(i * i), 3)).ToArray();
        Assert.Equal(new PngInfo(20, 20, true), PngInfo.Read(PngEncoder.EncodeRgb(pixels, 20, 20)));

        pixels[^1] ^= 1;
        Assert.Equal(new PngInfo(20, 20, false), PngInfo.Read(PngEncoder.EncodeRgb(pixels, 20, 20)));
    }

    [Fact]
    public void Read_ForeignImage_IsAccepted() => Assert.Equal(new PngInfo(1, 1, true), PngInfo.Read(Convert.FromBase64String(ForeignPng)));

    [Fact]
    public void Read_WrongInputs_ThrowPngFormatException()
    {
        var png = PngEncoder.EncodeGrey(new byte[400], 20, 20);
        for (var length = 0; length < png.Length; length++)
        {
            Assert.Throws<PngFormatException>(() => PngInfo.Read(png.AsMemory(0, length)));
        }

        for (var place = 0; place < png.Length; place++)
        {
            var mutated = (byte[])png.Clone();
            mutated[place] ^= 0x10;
            Assert.Throws<PngFormatException>(() => PngInfo.Read(mutated));
        }

        Assert.Throws<PngFormatException>(() => PngInfo.Read((byte[])[.. png, 0]));
    }

    [Fact]
    public void Read_SizeThatDataDoesNotFill_ThrowsPngFormatException()
    {
        var png = PngEncoder.EncodeGrey(new byte[400], 20, 20);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 21);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), PngChunks.Crc32(png.AsSpan(12, 17)));

        Assert.Throws<PngFormatException>(() => PngInfo.Read(png));
    }
}
