namespace SkyPortal.Domain.Astronomy;

/// <summary>Rotations of the coordinate axes by a positive angle, in radians (the sense of the axes, not of the vector).</summary>
internal static class RotationMatrix
{
    public static double[,] AboutX(double radians)
    {
        var (s, c) = Math.SinCos(radians);
        return new[,] { { 1.0, 0, 0 }, { 0, c, s }, { 0, -s, c } };
    }

    public static double[,] AboutY(double radians)
    {
        var (s, c) = Math.SinCos(radians);
        return new[,] { { c, 0, -s }, { 0, 1, 0 }, { s, 0, c } };
    }

    public static double[,] AboutZ(double radians)
    {
        var (s, c) = Math.SinCos(radians);
        return new[,] { { c, s, 0 }, { -s, c, 0 }, { 0, 0, 1.0 } };
    }

    public static double[,] Multiply(double[,] a, double[,] b)
    {
        var product = new double[3, 3];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                product[row, column] = (a[row, 0] * b[0, column]) + (a[row, 1] * b[1, column]) + (a[row, 2] * b[2, column]);
            }
        }

        return product;
    }
}
