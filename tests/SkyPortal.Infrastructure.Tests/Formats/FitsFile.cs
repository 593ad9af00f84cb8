using System.Buffers.Binary;
using System.Text;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>Puts FITS files together by hand.</summary>
internal static class FitsFile
{
    public const string EmptyPrimary = "SIMPLE  = T;BITPIX  = 8;NAXIS   = 0;EXTEND  = T";

    /// <summary>One unit: cards parted by semicolons, and data.</summary>
    public static byte[] Unit(string cards, byte[] data)
    {
        var text = string.Concat(cards.Split(';').Append("END").Select(card => card.PadRight(80)));
        var header = Encoding.ASCII.GetBytes(text.PadRight((text.Length + 2879) / 2880 * 2880));
        return [.. header, .. data, .. new byte[((data.Length + 2879) / 2880 * 2880) - data.Length]];
    }

    /// <summary>Big-endian single precision.</summary>
    public static byte[] Floats(params float[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }

    /// <summary>Big-endian double precision.</summary>
    public static byte[] Doubles(params double[] values)
    {
        var bytes = new byte[8 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(8 * i), values[i]);
        }

        return bytes;
    }

    /// <summary>Big-endian 16 bit integers.</summary>
    public static byte[] Shorts(params short[] values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2 * i), values[i]);
        }

        return bytes;
    }
}
