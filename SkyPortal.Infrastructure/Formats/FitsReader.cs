using System.IO.Compression;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Reads the image of a FITS file: the primary unit's, or the first image extension's where the primary has none. Pixel
/// types 8, 16, 32, 64, -32 and -64; gzip is undone first where the bytes are gzipped.
/// </summary>
public static class FitsReader
{
    private const int MaxUnits = 1_000;

    /// <summary>Reads the first image.</summary>
    /// <param name="file">A whole FITS file, or a gzipped one.</param>
    /// <exception cref="FitsFormatException">The bytes are no FITS file, hold no image of two axes, or less or more than the header declares.</exception>
    public static FitsImage ReadImage(ReadOnlyMemory<byte> file, FitsLimits? limits = null)
    {
        limits ??= FitsLimits.Default;
        foreach (var unit in ReadUnits(file, limits))
        {
            if (unit.IsImage && unit.Axes.Length >= 2 && unit.Axes[0] > 0 && unit.Axes[1] > 0 && Array.TrueForAll(unit.Axes[2..], static length => length == 1))
            {
                return Decode(unit, limits);
            }
        }

        throw new FitsFormatException("The FITS file holds no image of two axes.");
    }

    /// <summary>Reads the units of a file one after the other; what follows a unit is looked at only when it is asked for.</summary>
    /// <param name="file">A whole FITS file, or a gzipped one.</param>
    /// <exception cref="FitsFormatException">The bytes are no FITS file, or hold less or more than the header of a unit declares.</exception>
    public static IEnumerable<FitsUnit> ReadUnits(ReadOnlyMemory<byte> file, FitsLimits? limits = null)
    {
        var bytes = Unzip(file, limits ?? FitsLimits.Default);
        if (!bytes.Span.StartsWith("SIMPLE  ="u8))
        {
            throw new FitsFormatException("The bytes do not begin as a FITS file.");
        }

        var offset = 0;
        for (var unit = 0; unit < MaxUnits && offset < bytes.Length; unit++)
        {
            var header = FitsHeader.Read(bytes.Span[offset..], out var headerBytes);
            offset += Math.Min(headerBytes, bytes.Length - offset);
            var dataBytes = DataBytes(header, out var axes);
            if (dataBytes > bytes.Length - offset)
            {
                throw new FitsFormatException($"The FITS header declares {dataBytes} bytes of data where {bytes.Length - offset} are left.");
            }

            var data = bytes.Slice(offset, (int)dataBytes);
            offset = (int)Math.Min(bytes.Length, offset + Padded(dataBytes));
            CheckWhatFollows(bytes.Span[offset..]);
            yield return new FitsUnit(header, unit == 0, axes, data);
        }
    }

    /// <summary>The file itself, decompressed where it is gzipped.</summary>
    internal static ReadOnlyMemory<byte> Unzip(ReadOnlyMemory<byte> file, FitsLimits limits)
    {
        if (!file.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return file.Length <= limits.MaxBytes
                ? file
                : throw new FitsFormatException($"A FITS file of {file.Length} bytes is larger than the {limits.MaxBytes} allowed.");
        }

        try
        {
            using var unzipper = new GZipStream(CappedInflation.StreamOf(file), CompressionMode.Decompress);
            return CappedInflation.ReadAll(unzipper, file.Length, limits.MaxBytes)
                ?? throw new FitsFormatException($"The gzipped FITS file is larger than the {limits.MaxBytes} bytes allowed.");
        }
        catch (InvalidDataException error)
        {
            throw new FitsFormatException("The gzipped FITS file is corrupt.", error);
        }
    }

    /// <summary>Length of the data by the header: |BITPIX|/8 · GCOUNT · (PCOUNT + product of the axes) (FITS Standard 4.0, equations 1 and 2).</summary>
    internal static long DataBytes(FitsHeader header, out long[] axes)
    {
        var bitpix = header.Integer("BITPIX");
        if (bitpix is not (8 or 16 or 32 or 64 or -32 or -64))
        {
            throw new FitsFormatException("The FITS header has no valid BITPIX.");
        }

        if (header.Integer("NAXIS") is not (>= 0 and <= 999 and var count))
        {
            throw new FitsFormatException("The FITS header has no valid NAXIS.");
        }

        axes = new long[count];
        Int128 elements = count == 0 ? 0 : 1;
        for (var i = 0; i < axes.Length; i++)
        {
            axes[i] = header.Integer($"NAXIS{i + 1}") is >= 0 and <= int.MaxValue and var length
                ? length
                : throw new FitsFormatException($"The FITS header has no valid NAXIS{i + 1}.");
            elements *= axes[i];
            if (elements > int.MaxValue)
            {
                throw new FitsFormatException("The FITS header declares more data than a file may hold.");
            }
        }

        var groups = header.Integer("GCOUNT") ?? 1;
        var heap = header.Integer("PCOUNT") ?? 0;
        if (groups is < 0 or > int.MaxValue || heap is < 0 or > int.MaxValue)
        {
            throw new FitsFormatException("The FITS header has no valid GCOUNT or PCOUNT.");
        }

        var bytes = (Int128)(Math.Abs(bitpix.Value) / 8) * groups * (heap + elements);
        return bytes <= int.MaxValue ? (long)bytes : throw new FitsFormatException("The FITS header declares more data than a file may hold.");
    }

    internal static long Padded(long bytes) => (bytes + FitsHeader.BlockBytes - 1) / FitsHeader.BlockBytes * FitsHeader.BlockBytes;

    /// <summary>After a unit comes another, or nothing but padding; anything else means that the declared axes are wrong.</summary>
    private static void CheckWhatFollows(ReadOnlySpan<byte> rest)
    {
        if (!rest.StartsWith("XTENSION="u8) && rest.IndexOfAnyExcept((byte)0, (byte)' ') >= 0)
        {
            throw new FitsFormatException($"The FITS file goes on for {rest.Length} bytes after the data that its header declares.");
        }
    }

    private static FitsImage Decode(FitsUnit unit, FitsLimits limits)
    {
        var axes = unit.Axes;
        if (axes[0] > limits.MaxSidePixels || axes[1] > limits.MaxSidePixels)
        {
            throw new FitsFormatException($"An image of {axes[0]} x {axes[1]} pixels is larger than the {limits.MaxSidePixels} allowed on a side.");
        }

        var (width, height) = ((int)axes[0], (int)axes[1]);
        var pixels = new float[width * height];
        var values = new FitsPixels(unit);
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)values[i];
        }

        return new FitsImage(unit.Header, width, height, pixels);
    }
}
