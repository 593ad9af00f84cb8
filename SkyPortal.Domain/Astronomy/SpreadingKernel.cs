using System.Collections.Concurrent;

namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// The kernel that spreads a sample at an uneven place over even cells before a Fourier transform, and what undoes it
/// afterwards: φ(z) = exp(β (√(1 − z²) − 1)), after Barnett, Magland and af Klinteberg 2019, SIAM J. Sci. Comput. 41, C479.
/// </summary>
/// <remarks>With twelve cells and a transform of twice the frequencies that are used, sums err by about 1e-11 of the sum of the weights.</remarks>
internal static class SpreadingKernel
{
    /// <summary>Cells that a sample is spread over.</summary>
    public const int Cells = 12;

    private const double Beta = 2.3 * Cells;
    private const int Nodes = 256;
    private static readonly ConcurrentDictionary<int, double[]> Corrections = new();

    /// <summary>First cell, which may be negative, and the weights of the cells from there.</summary>
    /// <param name="place">Place in cells.</param>
    /// <param name="weights">Takes <see cref="Cells"/> weights.</param>
    public static int Spread(double place, Span<double> weights)
    {
        var first = (int)Math.Ceiling(place - (Cells / 2.0));
        for (var i = 0; i < Cells; i++)
        {
            weights[i] = At((first + i - place) / (Cells / 2.0));
        }

        return first;
    }

    /// <summary>Factors for the frequencies 0 to a quarter of the length (the same for negative ones) that undo the spreading.</summary>
    /// <param name="length">Length of the transform.</param>
    public static double[] CorrectionsOf(int length) => Corrections.GetOrAdd(length, Correct);

    private static double At(double z) => Math.Abs(z) < 1 ? Math.Exp(Beta * (Math.Sqrt(1 - (z * z)) - 1)) : 0;

    // With z = sin a the integrand is smooth and periodic, where the trapezoidal rule is all but exact.
    private static double[] Correct(int length)
    {
        var factors = new double[(length / 4) + 1];
        for (var k = 0; k < factors.Length; k++)
        {
            var sum = 0.0;
            for (var node = 0; node < Nodes; node++)
            {
                var (z, root) = Math.SinCos(Math.PI * (((node + 0.5) / Nodes) - 0.5));
                sum += Math.Exp(Beta * (root - 1)) * root * Math.Cos(Math.PI * k * Cells * z / length);
            }

            factors[k] = 1 / (sum * Math.PI / Nodes * (Cells / 2.0));
        }

        return factors;
    }
}
