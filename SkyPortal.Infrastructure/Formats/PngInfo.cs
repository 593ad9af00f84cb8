using System.Buffers.Binary;
using System.IO.Compression;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>What an uploaded PNG is, once its structure and every checksum have been verified.</summary>
/// <param name="WidthPixels">Pixels in a row.</param>
/// <param name="HeightPixels">Rows.</param>
/// <param name="IsGreyscale">Whether every pixel is grey, whatever colour type the file declares.</param>
public sealed record PngInfo(int WidthPixels, int HeightPixels, bool IsGreyscale)
{
    /// <summary>Shortest side in pixels of an acceptable thumbnail.</summary>
    public const int MinThumbnailSidePixels = 16;

    /// <summary>Longest side in pixels of an acceptable thumbnail.</summary>
    public const int MaxThumbnailSidePixels = 500;

    private const int MaxSidePixels = 16_384;
    private const int MaxFileBytes = 32 << 20;
    private const long MaxInflatedBytes = 64 << 20;

    /// <summary>Whether both sides are acceptable for a thumbnail.</summary>
    public bool IsThumbnailSize =>
        WidthPixels is >= MinThumbnailSidePixels and <= MaxThumbnailSidePixels
        && HeightPixels is >= MinThumbnailSidePixels and <= MaxThumbnailSidePixels;

    /// <summary>
    /// Verifies signature, header, order and checksums of the chunks, and that the image data inflates to what the
    /// header declares.
    /// </summary>
    /// <param name="file">A whole PNG file.</param>
    /// <exception cref="PngFormatException">The bytes are not a valid PNG, or one far larger than any thumbnail.</exception>
    public static PngInfo Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length > MaxFileBytes)
        {
            throw new PngFormatException($"A PNG of {file.Length} bytes is larger than the {MaxFileBytes} allowed.");
        }

        if (!file.Span.StartsWith(PngChunks.Signature))
        {
            throw new PngFormatException("The bytes do not begin as a PNG file.");
        }

        var (header, palette, data) = ReadChunks(file.Span[PngChunks.Signature.Length..]);
        var layout = PngLayout.Read(header);
        if (layout.Width > MaxSidePixels || layout.Height > MaxSidePixels || layout.ImageBytes > MaxInflatedBytes)
        {
            throw new PngFormatException($"A PNG of {layout.Width} x {layout.Height} pixels is too large.");
        }

        if (layout.ColourType == PngLayout.Indexed && (palette.Length == 0 || palette.Length % 3 != 0 || palette.Length > 768))
        {
            throw new PngFormatException("The PNG has no valid palette.");
        }

        var image = Inflate(data, (int)layout.ImageBytes);
        return new PngInfo(layout.Width, layout.Height, layout.IsGreyscale(image, palette));
    }

    private static (byte[] Header, byte[] Palette, MemoryStream Data) ReadChunks(ReadOnlySpan<byte> rest)
    {
        byte[]? header = null;
        byte[] palette = [];
        var data = new MemoryStream();
        while (true)
        {
            if (rest.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(rest) > rest.Length - 12)
            {
                throw new PngFormatException("The PNG is cut short.");
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var type = rest.Slice(4, 4);
            var content = rest.Slice(8, length);
            if (BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]) != PngChunks.Crc32(rest.Slice(4, 4 + length)))
            {
                throw new PngFormatException("The PNG has a chunk with a wrong checksum.");
            }

            if (type.SequenceEqual("IHDR"u8) != header is null || (header is null && length != 13))
            {
                throw new PngFormatException("The PNG does not begin with one header.");
            }

            if (header is null)
            {
                header = content.ToArray();
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = content.ToArray();
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                data.Write(content);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                data.Position = 0;
                return rest.Length == 12 + length
                    ? (header, palette, data)
                    : throw new PngFormatException("The PNG goes on after its end.");
            }

            rest = rest[(12 + length)..];
        }
    }

    private static byte[] Inflate(MemoryStream data, int expectedBytes)
    {
        try
        {
            using var zlib = new ZLibStream(data, CompressionMode.Decompress);
            var image = new byte[Math.Min(expectedBytes, 1032L * data.Length + 64)];
            var length = zlib.ReadAtLeast(image, image.Length, throwOnEndOfStream: false);
            return length == expectedBytes && zlib.ReadByte() < 0
                ? image
                : throw new PngFormatException("The PNG's image data does not match its size.");
        }
        catch (InvalidDataException error)
        {
            throw new PngFormatException("The PNG's image data is corrupt.", error);
        }
    }
}
