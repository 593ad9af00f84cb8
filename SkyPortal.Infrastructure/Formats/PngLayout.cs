using System.Buffers.Binary;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>How a PNG's pixels lie in its inflated data (PNG specification, third edition, sections 7, 9 and 11.2.1).</summary>
internal sealed record PngLayout(int Width, int Height, int Depth, byte ColourType, bool Interlaced)
{
    public const byte Indexed = 3;
    private const byte Rgb = 2;
    private const byte Rgba = 6;

    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ];

    private int BitsPerPixel => Depth * (ColourType switch { Rgb => 3, 4 => 2, Rgba => 4, _ => 1 });

    /// <summary>Length of the inflated data in bytes, with one filter byte per row.</summary>
    public long ImageBytes => Images().Sum(image => image.Height * (1L + RowBytes(image.Width)));

    public static PngLayout Read(ReadOnlySpan<byte> header)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var (depth, colour) = (header[8], header[9]);
        var known = (colour, depth) is (0, 1 or 2 or 4 or 8 or 16) or (Indexed, 1 or 2 or 4 or 8) or (Rgb or 4 or Rgba, 8 or 16);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue || !known || header[10] != 0 || header[11] != 0 || header[12] > 1)
        {
            throw new PngFormatException("The PNG's header is not valid.");
        }

        return new PngLayout((int)width, (int)height, depth, colour, header[12] == 1);
    }

    /// <summary>Whether all pixels of the inflated data are grey. Filters are undone in place.</summary>
    public bool IsGreyscale(Span<byte> data, ReadOnlySpan<byte> palette)
    {
        var grey = ColourType switch
        {
            Rgb or Rgba => true,
            Indexed => AllGrey(palette, 3, 1),
            _ => true,
        };
        var offset = 0;
        foreach (var (width, height) in Images())
        {
            var rowBytes = (int)RowBytes(width);
            Span<byte> above = default;
            for (var y = 0; y < height; y++)
            {
                var filter = data[offset];
                var row = data.Slice(offset + 1, rowBytes);
                Unfilter(filter, row, above, Math.Max(1, BitsPerPixel / 8));
                if (ColourType is Rgb or Rgba)
                {
                    grey &= AllGrey(row, BitsPerPixel / 8, Depth / 8);
                }

                above = row;
                offset += rowBytes + 1;
            }
        }

        return grey;
    }

    private IEnumerable<(int Width, int Height)> Images()
    {
        if (!Interlaced)
        {
            return [(Width, Height)];
        }

        return Passes
            .Select(pass => ((Width - pass.X + pass.StepX - 1) / pass.StepX, (Height - pass.Y + pass.StepY - 1) / pass.StepY))
            .Where(static size => size is (> 0, > 0));
    }

    private long RowBytes(int width) => ((long)width * BitsPerPixel + 7) / 8;

    private static bool AllGrey(ReadOnlySpan<byte> pixels, int pixelBytes, int sampleBytes)
    {
        for (var i = 0; i + pixelBytes <= pixels.Length; i += pixelBytes)
        {
            var red = pixels.Slice(i, sampleBytes);
            if (!red.SequenceEqual(pixels.Slice(i + sampleBytes, sampleBytes))
                || !red.SequenceEqual(pixels.Slice(i + 2 * sampleBytes, sampleBytes)))
            {
                return false;
            }
        }

        return true;
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        if (filter > 4)
        {
            throw new PngFormatException($"The PNG has a row with the unknown filter {filter}.");
        }

        for (var x = 0; x < row.Length; x++)
        {
            int left = x >= pixelBytes ? row[x - pixelBytes] : 0;
            int up = above.IsEmpty ? 0 : above[x];
            int corner = above.IsEmpty || x < pixelBytes ? 0 : above[x - pixelBytes];
            row[x] += (byte)(filter switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => 0,
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (byLeft, byUp, byCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    }
}
