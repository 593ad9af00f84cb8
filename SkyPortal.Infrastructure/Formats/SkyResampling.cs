using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Turns a part of an image so that north is up and east to the left.</summary>
public static class SkyResampling
{
    private const int Knots = 7;

    /// <summary>
    /// The square of the sky around a centre as pixels, row after row from the north; not-a-number where the image has none. Within
    /// the square the image's projection is taken as linear, which over a quarter of a degree is right to a tenth of an arcsecond.
    /// </summary>
    /// <param name="sideDegrees">Side of the square.</param>
    /// <param name="sidePixels">Pixels along a side of the result.</param>
    /// <exception cref="FitsFormatException">The image has no projection, or its pixels lie on a line.</exception>
    public static float[] Square(FitsImage image, SkyPosition center, double sideDegrees, int sidePixels)
    {
        var toPixel = Fit(image, FitsWcs.Read(image.Header), center);
        var pixels = new float[sidePixels * sidePixels];
        for (var row = 0; row < sidePixels; row++)
        {
            var north = (0.5 - ((row + 0.5) / sidePixels)) * sideDegrees;
            for (var column = 0; column < sidePixels; column++)
            {
                var east = (0.5 - ((column + 0.5) / sidePixels)) * sideDegrees;
                var (x, y) = toPixel(east, north);
                pixels[(row * sidePixels) + column] = Sample(image, x, y);
            }
        }

        return pixels;
    }

    // Least squares of pixel coordinates over plane coordinates, at a net of pixels.
    private static Func<double, double, (double X, double Y)> Fit(FitsImage image, FitsWcs wcs, SkyPosition center)
    {
        var normal = new double[3, 3];
        var (rightX, rightY) = (new double[3], new double[3]);
        var used = 0;
        for (var i = 0; i < Knots; i++)
        {
            for (var j = 0; j < Knots; j++)
            {
                var (x, y) = ((image.WidthPixels - 1.0) * i / (Knots - 1), (image.HeightPixels - 1.0) * j / (Knots - 1));
                if (TangentPlane.Project(center, wcs.At(x, y)) is not { } plane)
                {
                    continue;
                }

                used++;
                double[] basis = [1, plane.EastDegrees, plane.NorthDegrees];
                for (var a = 0; a < 3; a++)
                {
                    for (var b = 0; b < 3; b++)
                    {
                        normal[a, b] += basis[a] * basis[b];
                    }

                    rightX[a] += basis[a] * x;
                    rightY[a] += basis[a] * y;
                }
            }
        }

        if (used < 4 || Solve(normal, rightX) is not { } forX || Solve(normal, rightY) is not { } forY)
        {
            throw new FitsFormatException("The projection of the FITS image cannot be undone.");
        }

        return (east, north) => (forX[0] + (forX[1] * east) + (forX[2] * north), forY[0] + (forY[1] * east) + (forY[2] * north));
    }

    // By Cramer's rule.
    private static double[]? Solve(double[,] m, double[] right)
    {
        double Determinant(int replaced)
        {
            double At(int row, int column) => column == replaced ? right[row] : m[row, column];
            return (At(0, 0) * ((At(1, 1) * At(2, 2)) - (At(1, 2) * At(2, 1))))
                - (At(0, 1) * ((At(1, 0) * At(2, 2)) - (At(1, 2) * At(2, 0))))
                + (At(0, 2) * ((At(1, 0) * At(2, 1)) - (At(1, 1) * At(2, 0))));
        }

        var whole = Determinant(-1);
        double[] solution = [Determinant(0) / whole, Determinant(1) / whole, Determinant(2) / whole];
        return Array.TrueForAll(solution, double.IsFinite) ? solution : null;
    }

    // Linear between the four pixels around the place, where they are known.
    private static float Sample(FitsImage image, double x, double y)
    {
        if (!(x > -0.5 && y > -0.5 && x < image.WidthPixels - 0.5 && y < image.HeightPixels - 0.5))
        {
            return float.NaN;
        }

        var (left, bottom) = ((int)Math.Clamp(Math.Floor(x), 0, image.WidthPixels - 1), (int)Math.Clamp(Math.Floor(y), 0, image.HeightPixels - 1));
        var (right, top) = (Math.Min(left + 1, image.WidthPixels - 1), Math.Min(bottom + 1, image.HeightPixels - 1));
        var (partX, partY) = ((float)Math.Clamp(x - left, 0, 1), (float)Math.Clamp(y - bottom, 0, 1));
        float At(int column, int row) => image.Pixels[(row * image.WidthPixels) + column];
        var lower = At(left, bottom) + (partX * (At(right, bottom) - At(left, bottom)));
        var upper = At(left, top) + (partX * (At(right, top) - At(left, top)));
        var value = lower + (partY * (upper - lower));
        return float.IsFinite(value) ? value : At((int)Math.Round(x), (int)Math.Round(y));
    }
}
