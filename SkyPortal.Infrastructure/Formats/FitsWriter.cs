using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Writes single-precision FITS images, as surveys put them into their alert packets.</summary>
public static class FitsWriter
{
    /// <summary>Writes an image as the primary unit of a FITS file. Equal input gives equal bytes.</summary>
    /// <param name="pixels">Values row after row, the lowest row first; not-a-number where blank.</param>
    /// <param name="widthPixels">Pixels along the first axis.</param>
    /// <param name="heightPixels">Pixels along the second axis.</param>
    /// <param name="cards">Further keywords: up to eight characters each, with text of up to 68 characters.</param>
    /// <param name="gzip">Whether to gzip the file.</param>
    /// <exception cref="ArgumentException">The sides do not match the pixels, or a keyword cannot be written.</exception>
    public static byte[] WriteImage(
        ReadOnlySpan<float> pixels,
        int widthPixels,
        int heightPixels,
        IEnumerable<FitsCard>? cards = null,
        bool gzip = false)
    {
        if (widthPixels <= 0 || heightPixels <= 0 || (long)widthPixels * heightPixels != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} pixels do not make an image of {widthPixels} x {heightPixels}.", nameof(pixels));
        }

        FitsCard[] all =
        [
            new("SIMPLE", true),
            new("BITPIX", -32L),
            new("NAXIS", 2L),
            new("NAXIS1", (long)widthPixels),
            new("NAXIS2", (long)heightPixels),
            .. cards ?? [],
        ];
        var headerBytes = Padded((all.Length + 1) * FitsHeader.CardBytes);
        var file = new byte[headerBytes + Padded(4 * pixels.Length)];
        file.AsSpan(0, headerBytes).Fill((byte)' ');
        for (var i = 0; i < all.Length; i++)
        {
            Encoding.ASCII.GetBytes(TextOf(all[i]), file.AsSpan(i * FitsHeader.CardBytes));
        }

        "END"u8.CopyTo(file.AsSpan(all.Length * FitsHeader.CardBytes));
        for (var i = 0; i < pixels.Length; i++)
        {
            BinaryPrimitives.WriteSingleBigEndian(file.AsSpan(headerBytes + 4 * i), pixels[i]);
        }

        return gzip ? Gzip(file) : file;
    }

    internal static string TextOf(FitsCard card)
    {
        if (card.Key.Length is 0 or > 8 || card.Key.Any(static c => c is not (>= 'A' and <= 'Z' or >= '0' and <= '9' or '-' or '_')))
        {
            throw new ArgumentException($"'{card.Key}' is not a FITS keyword.");
        }

        var value = card.Value switch
        {
            null => "",
            bool flag => (flag ? "T" : "F").PadLeft(20),
            long integer => integer.ToString(CultureInfo.InvariantCulture).PadLeft(20),
            double number when double.IsFinite(number) => Real(number).PadLeft(20),
            string text when Ascii.IsValid(text) && !text.Any(char.IsControl) => $"'{text.Replace("'", "''", StringComparison.Ordinal),-8}'",
            _ => throw new ArgumentException($"The value of {card.Key} cannot be written in a FITS header."),
        };
        var line = $"{card.Key,-8}= {value}";
        return line.Length <= FitsHeader.CardBytes ? line : throw new ArgumentException($"The value of {card.Key} is too long for a FITS card.");
    }

    private static string Real(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }

    internal static int Padded(int bytes) => checked((bytes + FitsHeader.BlockBytes - 1) / FitsHeader.BlockBytes * FitsHeader.BlockBytes);

    private static byte[] Gzip(byte[] file)
    {
        using var target = new MemoryStream();
        using (var zipper = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            zipper.Write(file);
        }

        return target.ToArray();
    }
}
