using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>The positions of <c>Vectors/make_vectors.py</c>, made from integers only: n / 2^40 degrees.</summary>
internal static class MillionPositions
{
    public const int Count = 1_000_000;
    private const long Degree = 1L << 40;
    private const long Full = 360 * Degree;

    // Declinations where the formulas change: |z| = 2/3, |z| = 0.99 and a colatitude of 0.01 rad.
    private const long CapEdge = 45970927388884;
    private const long HighCap = 90039431108694;
    private const long PolarCircle = 98326072741868;

    public static SkyPosition[] Create()
    {
        var positions = new SkyPosition[Count];
        for (var i = 0; i < Count; i++)
        {
            positions[i] = At((ulong)i);
        }

        return positions;
    }

    public static SkyPosition At(ulong i)
    {
        var a = Mix((2 * i) + 1);
        var b = Mix((2 * i) + 2);
        var turn = i / 10;
        var k = (int)(turn % 31);
        var ra = (long)(a % Full);
        var dec = (long)(b % ((180 * (ulong)Degree) + 1)) - (90 * Degree);
        var sign = (a & 1) == 1 ? -1 : 1;
        var spread = (long)(b % (2UL << k)) - (1L << k);
        switch (i % 10)
        {
            case 5:
                dec = sign * ((90 * Degree) - (long)(b >> (int)(24 + (turn % 40))));
                break;
            case 6:
                ra = (long)(a % (8UL << k)) * ((45 * Degree) >> k);
                dec = (b & 1) == 0 ? 0 : dec;
                break;
            case 7:
                dec = sign * (CapEdge + spread);
                break;
            case 8:
                dec = sign * ((turn % 2 == 0 ? HighCap : PolarCircle) + spread);
                break;
            case 9:
                ra = (((long)(a >> 60) * (45 * Degree)) + (long)(a % (2UL << k)) - (1L << k)) % Full;
                ra = ra < 0 ? ra + Full : ra;
                break;
        }

        return new SkyPosition((double)ra / Degree, (double)dec / Degree);
    }

    private static ulong Mix(ulong x)
    {
        x *= 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
