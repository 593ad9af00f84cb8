using System.Text;

namespace SkyPortal.Domain.Photometry;

/// <summary>
/// What makes two points of an object the same measurement: instrument, origin, time, uncertainty and flux as stored. Two
/// missing fluxes are equal. The filter is not part of it.
/// </summary>
public static class PhotometryIdentity
{
    // Odd constants of the SplitMix64 generator (Steele, Lea and Flood 2014).
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private const ulong FirstFactor = 0xBF58476D1CE4E5B9;
    private const ulong SecondFactor = 0x94D049BB133111EB;

    // No finite flux has the bits of this quiet NaN.
    private const long MissingFluxBits = 0x7FF8_0000_0000_0001;

    /// <summary>
    /// A 64 bit hash of the identity within one object. It is stored, so it must never change: it depends neither on the
    /// process nor on the machine.
    /// </summary>
    /// <param name="instrumentId">Key of the instrument.</param>
    /// <param name="origin">Origin as stored.</param>
    /// <param name="mjd">UTC MJD, days.</param>
    /// <param name="fluxerrMicroJansky">One sigma, microjansky.</param>
    /// <param name="fluxMicroJansky">Microjansky; null for a non-detection.</param>
    public static long Hash(int instrumentId, string origin, double mjd, double fluxerrMicroJansky, double? fluxMicroJansky)
    {
        var state = Mix(Increment, (uint)instrumentId);
        state = Mix(state, Bits(mjd));
        state = Mix(state, Bits(fluxerrMicroJansky));
        state = Mix(state, fluxMicroJansky is { } flux && !double.IsNaN(flux) ? Bits(flux) : unchecked((ulong)MissingFluxBits));
        return unchecked((long)MixText(state, origin));
    }

    /// <summary>The hash of a point.</summary>
    public static long Hash(PhotometryPoint point) => Hash(point.InstrumentId, point.Origin, point.Mjd, point.Fluxerr, point.Flux);

    // Adding zero turns -0 into 0: they are the same number.
    private static ulong Bits(double value) => unchecked((ulong)BitConverter.DoubleToInt64Bits(value + 0.0));

    private static ulong MixText(ulong state, string text)
    {
        Span<byte> buffer = stackalloc byte[256];
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = size <= buffer.Length ? buffer : new byte[size];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        state = Mix(state, (ulong)length);
        for (var start = 0; start < length; start += 8)
        {
            ulong word = 0;
            for (var i = start; i < Math.Min(start + 8, length); i++)
            {
                word |= (ulong)bytes[i] << (8 * (i - start));
            }

            state = Mix(state, word);
        }

        return state;
    }

    private static ulong Mix(ulong state, ulong value)
    {
        unchecked
        {
            var mixed = (state ^ value) + Increment;
            mixed = (mixed ^ (mixed >> 30)) * FirstFactor;
            mixed = (mixed ^ (mixed >> 27)) * SecondFactor;
            return mixed ^ (mixed >> 31);
        }
    }
}
