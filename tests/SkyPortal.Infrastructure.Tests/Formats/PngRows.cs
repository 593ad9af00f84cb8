using System.Buffers.Binary;
using System.IO.Compression;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>Reads the first row of an 8-bit greyscale PNG, apart from the encoder under test.</summary>
internal static class PngRows
{
    private const int SignatureBytes = 8;

    /// <summary>The grey values of the first row.</summary>
    public static byte[] Grey(byte[] png)
    {
        using var packed = new MemoryStream();
        var width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(SignatureBytes + 8));
        for (var at = SignatureBytes; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(png.AsSpan(at + 8, length));
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        var row = new byte[width + 1];
        rows.ReadExactly(row);
        var (filter, values) = (row[0], row[1..]);
        for (var i = 1; filter is 1 or 4 && i < width; i++)
        {
            // In the first row the filters Sub and Paeth both add the value to the left.
            values[i] += values[i - 1];
        }

        for (var i = 1; filter == 3 && i < width; i++)
        {
            values[i] += (byte)(values[i - 1] / 2);
        }

        return values;
    }
}
