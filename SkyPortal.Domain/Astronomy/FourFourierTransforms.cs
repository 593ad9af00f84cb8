using System.Runtime.Intrinsics;

namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// Four discrete Fourier transforms of equal length at once, one in each lane of the vectors, so that every step is the
/// same for all: F(k) = Σ x(m) exp(+2πi k m / n), unscaled.
/// </summary>
/// <remarks>Cooley and Tukey, decimation in frequency, two levels per pass, in place; results lie in bit-reversed order.</remarks>
public sealed class FourFourierTransforms
{
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly int[] _places;

    /// <summary>Prepares transforms.</summary>
    /// <param name="length">Length, a power of two from 1 to 2^24.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is none.</exception>
    public FourFourierTransforms(int length)
    {
        if (length is < 1 or > 1 << 24 || !int.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "The length of a transform must be a power of two from 1 to 2^24.");
        }

        Length = length;
        _cosines = new double[length];
        _sines = new double[length];
        _places = new int[length];
        var bits = int.Log2(length);
        for (var k = 0; k < length; k++)
        {
            (_sines[k], _cosines[k]) = Math.SinCos(2 * Math.PI * k / length);
            for (var bit = 0; bit < bits; bit++)
            {
                _places[k] |= ((k >> bit) & 1) << (bits - 1 - bit);
            }
        }
    }

    /// <summary>Length of each transform.</summary>
    public int Length { get; }

    /// <summary>Where <see cref="Transform"/> leaves the coefficient of a frequency, −<see cref="Length"/> to <see cref="Length"/> − 1.</summary>
    public int PlaceOf(int frequency) => _places[frequency & (Length - 1)];

    /// <summary>Transforms in place.</summary>
    /// <param name="re">Real parts; at least <see cref="Length"/>, of which the first so many count.</param>
    /// <param name="im">Imaginary parts, likewise.</param>
    public void Transform(Span<Vector256<double>> re, Span<Vector256<double>> im)
    {
        re = re[..Length];
        im = im[..Length];
        var span = Length;
        for (; span >= 4; span >>= 2)
        {
            Quarter(re, im, span);
        }

        if (span == 2)
        {
            for (var at = 0; at < Length; at += 2)
            {
                (re[at], re[at + 1]) = (re[at] + re[at + 1], re[at] - re[at + 1]);
                (im[at], im[at + 1]) = (im[at] + im[at + 1], im[at] - im[at + 1]);
            }
        }
    }

    private void Quarter(Span<Vector256<double>> re, Span<Vector256<double>> im, int span)
    {
        var quarter = span >> 2;
        var stride = Length / span;
        for (var start = 0; start < Length; start += span)
        {
            var re0 = re.Slice(start, quarter);
            var re1 = re.Slice(start + quarter, quarter);
            var re2 = re.Slice(start + (2 * quarter), quarter);
            var re3 = re.Slice(start + (3 * quarter), quarter);
            var im0 = im.Slice(start, quarter);
            var im1 = im.Slice(start + quarter, quarter);
            var im2 = im.Slice(start + (2 * quarter), quarter);
            var im3 = im.Slice(start + (3 * quarter), quarter);
            for (var j = 0; j < re0.Length; j++)
            {
                var (evenRe, evenIm, evenLessRe, evenLessIm) = (re0[j] + re2[j], im0[j] + im2[j], re0[j] - re2[j], im0[j] - im2[j]);
                var (oddRe, oddIm, oddLessRe, oddLessIm) = (re1[j] + re3[j], im1[j] + im3[j], re1[j] - re3[j], im1[j] - im3[j]);
                re0[j] = evenRe + oddRe;
                im0[j] = evenIm + oddIm;

                // The odd differences are turned by a quarter of a circle.
                Turn(evenRe - oddRe, evenIm - oddIm, 2 * j * stride, out re1[j], out im1[j]);
                Turn(evenLessRe - oddLessIm, evenLessIm + oddLessRe, j * stride, out re2[j], out im2[j]);
                Turn(evenLessRe + oddLessIm, evenLessIm - oddLessRe, 3 * j * stride, out re3[j], out im3[j]);
            }
        }
    }

    private void Turn(Vector256<double> re, Vector256<double> im, int angle, out Vector256<double> turnedRe, out Vector256<double> turnedIm)
    {
        var (cosine, sine) = (Vector256.Create(_cosines[angle]), Vector256.Create(_sines[angle]));
        turnedRe = (re * cosine) - (im * sine);
        turnedIm = (re * sine) + (im * cosine);
    }
}
