using System.Buffers.Binary;
using System.IO.Compression;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Encodes 8-bit greyscale and RGB images as PNG. Equal input gives equal bytes.</summary>
public static class PngEncoder
{
    private const byte Grey = 0;
    private const byte Rgb = 2;

    /// <summary>Encodes a greyscale image.</summary>
    /// <param name="pixels">One byte per pixel, 0 black to 255 white, row after row from the top.</param>
    /// <param name="widthPixels">Pixels in a row.</param>
    /// <param name="heightPixels">Rows.</param>
    /// <exception cref="ArgumentException">The sides do not match the pixels.</exception>
    public static byte[] EncodeGrey(ReadOnlySpan<byte> pixels, int widthPixels, int heightPixels) =>
        Encode(pixels, widthPixels, heightPixels, 1, Grey);

    /// <summary>Encodes a colour image.</summary>
    /// <param name="pixels">Three bytes per pixel (red, green, blue), row after row from the top.</param>
    /// <param name="widthPixels">Pixels in a row.</param>
    /// <param name="heightPixels">Rows.</param>
    /// <exception cref="ArgumentException">The sides do not match the pixels.</exception>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> pixels, int widthPixels, int heightPixels) =>
        Encode(pixels, widthPixels, heightPixels, 3, Rgb);

    private static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels, byte colourType)
    {
        if (width <= 0 || height <= 0 || (long)width * height * channels != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} bytes do not make an image of {width} x {height} with {channels} channels.", nameof(pixels));
        }

        using var output = new MemoryStream();
        output.Write(PngChunks.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = colourType;
        WriteChunk(output, "IHDR"u8, header);
        WriteChunk(output, "IDAT"u8, Compress(pixels, width * channels, height, channels));
        WriteChunk(output, "IEND"u8, []);
        return output.ToArray();
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rowBytes, int height, int channels)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            var up = new byte[rowBytes + 1];
            var left = new byte[rowBytes + 1];
            ReadOnlySpan<byte> above = new byte[rowBytes];
            for (var y = 0; y < height; y++)
            {
                var row = pixels.Slice(y * rowBytes, rowBytes);
                left[0] = 1;
                up[0] = 2;
                for (var x = 0; x < rowBytes; x++)
                {
                    left[x + 1] = (byte)(row[x] - (x >= channels ? row[x - channels] : 0));
                    up[x + 1] = (byte)(row[x] - above[x]);
                }

                zlib.Write(Roughness(up) <= Roughness(left) ? up : left);
                above = row;
            }
        }

        return target.ToArray();
    }

    /// <summary>The usual guess at which filter compresses better: the smaller sum of differences, taken as signed.</summary>
    private static int Roughness(ReadOnlySpan<byte> filtered)
    {
        var sum = 0;
        foreach (var value in filtered[1..])
        {
            sum += value < 128 ? value : 256 - value;
        }

        return sum;
    }

    private static void WriteChunk(MemoryStream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), PngChunks.Crc32(chunk.AsSpan(4, 4 + data.Length)));
        output.Write(chunk);
    }
}
