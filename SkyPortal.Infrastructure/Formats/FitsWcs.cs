using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// From the pixels of a FITS image to the sky: gnomonic projections by CD matrix, or PC matrix and CDELT, with or without SIP
/// polynomials (FITS WCS paper II; Shupe et al. 2005, ASPC 347, 491), and the plate solutions of the digitized sky surveys.
/// </summary>
public sealed class FitsWcs
{
    private readonly Func<double, double, (double EastDegrees, double NorthDegrees)> _plane;

    private FitsWcs(SkyPosition center, Func<double, double, (double, double)> plane) => (Center, _plane) = (center, plane);

    /// <summary>Centre of the projection.</summary>
    public SkyPosition Center { get; }

    /// <summary>The solution in a header.</summary>
    /// <exception cref="FitsFormatException">There is none, or one that is not understood.</exception>
    public static FitsWcs Read(FitsHeader header)
    {
        var isTangent = header.Text("CTYPE1")?.StartsWith("RA---TAN", StringComparison.Ordinal) == true && header.Text("CTYPE2")?.StartsWith("DEC--TAN", StringComparison.Ordinal) == true;
        var hasMatrix = header.Contains("CD1_1") || header.Contains("CDELT1") || header.Contains("PC1_1");
        if (isTangent && hasMatrix)
        {
            return Tangent(header);
        }

        return header.Contains("AMDX1") && header.Contains("PLTRAH")
            ? Plate(header)
            : throw new FitsFormatException("The FITS header holds no gnomonic projection of right ascension and declination.");
    }

    /// <summary>The position of a pixel.</summary>
    /// <param name="x">Pixels along the first axis; the centre of the first pixel is 0.</param>
    /// <param name="y">Pixels along the second axis; the centre of the first pixel is 0.</param>
    public SkyPosition At(double x, double y)
    {
        var (east, north) = _plane(x + 1, y + 1);
        return TangentPlane.Deproject(Center, east, north);
    }

    private static FitsWcs Tangent(FitsHeader header)
    {
        var center = Position(Needed(header, "CRVAL1"), Needed(header, "CRVAL2"));
        var (x0, y0) = (Needed(header, "CRPIX1"), Needed(header, "CRPIX2"));
        var (a, b, c, d) = Matrix(header);
        var (sipA, sipB) = header.Text("CTYPE1")!.EndsWith("-SIP", StringComparison.Ordinal) ? (Sip(header, "A"), Sip(header, "B")) : ([], []);
        return new FitsWcs(center, (x, y) =>
        {
            var (u, v) = (x - x0, y - y0);
            var (du, dv) = (Sum(sipA, u, v), Sum(sipB, u, v));
            return ((a * (u + du)) + (b * (v + dv)), (c * (u + du)) + (d * (v + dv)));
        });
    }

    private static (double A, double B, double C, double D) Matrix(FitsHeader header)
    {
        if (header.Contains("CD1_1"))
        {
            return (Needed(header, "CD1_1"), header.Number("CD1_2") ?? 0, header.Number("CD2_1") ?? 0, Needed(header, "CD2_2"));
        }

        var (scale1, scale2) = (header.Number("CDELT1") ?? 1, header.Number("CDELT2") ?? 1);
        if (header.Number("CROTA2") is { } turned && !header.Contains("PC1_1"))
        {
            var (sin, cos) = Math.SinCos(turned * Math.PI / 180);
            return (scale1 * cos, -scale2 * sin, scale1 * sin, scale2 * cos);
        }

        return (
            scale1 * (header.Number("PC1_1") ?? 1), scale1 * (header.Number("PC1_2") ?? 0),
            scale2 * (header.Number("PC2_1") ?? 0), scale2 * (header.Number("PC2_2") ?? 1));
    }

    private static (int P, int Q, double Value)[] Sip(FitsHeader header, string name)
    {
        var order = (int)Math.Clamp(header.Integer($"{name}_ORDER") ?? 0, 0, 9);
        return [..
            from p in Enumerable.Range(0, order + 1)
            from q in Enumerable.Range(0, order + 1 - p)
            where header.Contains($"{name}_{p}_{q}")
            select (p, q, header.Number($"{name}_{p}_{q}") ?? 0)];
    }

    private static double Sum((int P, int Q, double Value)[] terms, double u, double v)
    {
        var sum = 0.0;
        foreach (var (p, q, value) in terms)
        {
            sum += value * Math.Pow(u, p) * Math.Pow(v, q);
        }

        return sum;
    }

    // The plate model of the Guide Star Catalogue: Russell et al. 1990 (AJ 99, 2059); lengths on the plate in mm, angles in arcsec.
    private static FitsWcs Plate(FitsHeader header)
    {
        var ra = 15 * (Needed(header, "PLTRAH") + (Needed(header, "PLTRAM") / 60) + (Needed(header, "PLTRAS") / 3600));
        var dec = Needed(header, "PLTDECD") + (Needed(header, "PLTDECM") / 60) + (Needed(header, "PLTDECS") / 3600);
        var center = Position(ra, header.Text("PLTDECSN")?.Trim() == "-" ? -dec : dec);
        var (left, bottom) = (Needed(header, "CNPIX1"), Needed(header, "CNPIX2"));
        var (sizeX, sizeY) = (Needed(header, "XPIXELSZ"), Needed(header, "YPIXELSZ"));
        var (centerX, centerY) = (Needed(header, "PPO3"), Needed(header, "PPO6"));
        double[] Terms(string name) => [.. Enumerable.Range(1, 13).Select(i => header.Number($"{name}{i}") ?? 0)];
        var (forX, forY) = (Terms("AMDX"), Terms("AMDY"));
        return new FitsWcs(center, (x, y) =>
        {
            var plateX = (centerX - (sizeX * (left + x - 0.5))) / 1000;
            var plateY = ((sizeY * (bottom + y - 0.5)) - centerY) / 1000;
            return (Model(forX, plateX, plateY) / 3600, Model(forY, plateY, plateX) / 3600);
        });
    }

    private static double Model(double[] term, double x, double y)
    {
        var squared = (x * x) + (y * y);
        return (term[0] * x) + (term[1] * y) + term[2] + (term[3] * x * x) + (term[4] * x * y) + (term[5] * y * y) + (term[6] * squared)
            + (term[7] * x * x * x) + (term[8] * x * x * y) + (term[9] * x * y * y) + (term[10] * y * y * y)
            + (term[11] * x * squared) + (term[12] * x * squared * squared);
    }

    private static double Needed(FitsHeader header, string key) =>
        header.Number(key) is { } value && double.IsFinite(value) ? value : throw new FitsFormatException($"The FITS header has no valid {key}.");

    private static SkyPosition Position(double raDegrees, double decDegrees) =>
        SkyPosition.TryCreate(raDegrees, decDegrees, out var position, out var error) ? position : throw new FitsFormatException(error);
}
