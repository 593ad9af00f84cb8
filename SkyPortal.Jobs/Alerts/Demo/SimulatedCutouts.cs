using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>The three stamps of an alert: 63 pixels a side, 1.01 arcseconds each, compressed FITS.</summary>
public static class SimulatedCutouts
{
    private const int Side = 63;
    private const double PixelArcsec = 1.01;
    private const double Fwhm = 2.1;
    private const double CountsPerMicroJansky = 4.0;

    /// <summary>Science, template and difference stamps of an object at a difference flux in microjansky.</summary>
    public static (byte[] Science, byte[] Template, byte[] Difference) Draw(SimulatedObject item, double differenceMicroJansky, int visit)
    {
        var field = new Random(item.Seed);
        var noise = new Random(unchecked(item.Seed + (7919 * (visit + 1))));
        var template = new double[Side * Side];
        var centre = (Side - 1) / 2.0;
        Host(template, item, centre);
        for (var star = 0; star < 7; star++)
        {
            var flux = SimulatedObject.MicroJansky(15.5 + (5 * field.NextDouble()));
            Point(template, field.NextDouble() * Side, field.NextDouble() * Side, flux * CountsPerMicroJansky, Fwhm);
        }

        var difference = new double[Side * Side];
        if (item.Kind == SimulatedKind.Bogus)
        {
            Artefact(difference, item, centre, differenceMicroJansky * CountsPerMicroJansky, field);
        }
        else
        {
            Point(difference, centre, centre, differenceMicroJansky * CountsPerMicroJansky, Fwhm);
        }

        var science = template.Zip(difference, (still, change) => still + change).ToArray();
        return (
            Encode(science, noise, 210, 9),
            Encode(template, noise, 180, 4),
            Encode(difference, noise, 0, 10));
    }

    private static void Host(double[] pixels, SimulatedObject item, double centre)
    {
        var x = centre + (item.HostDistanceArcsec / PixelArcsec * Math.Cos(item.HostAngleRadians));
        var y = centre + (item.HostDistanceArcsec / PixelArcsec * Math.Sin(item.HostAngleRadians));
        var flux = SimulatedObject.MicroJansky(item.HostMag) * CountsPerMicroJansky;
        if (item.HasGalaxy)
        {
            Galaxy(pixels, x, y, flux, 2.5 + (item.Number % 4), 0.45 + (0.1 * (item.Number % 5)), item.HostAngleRadians * 1.7);
        }
        else if (item.Kind is not (SimulatedKind.Asteroid or SimulatedKind.Bogus))
        {
            Point(pixels, x, y, flux, Fwhm);
        }
    }

    private static void Point(double[] pixels, double x, double y, double counts, double fwhmPixels)
    {
        var sigma = fwhmPixels / 2.3548;
        var peak = counts / (Math.Tau * sigma * sigma);
        Add(pixels, (px, py) => peak * Math.Exp(-(((px - x) * (px - x)) + ((py - y) * (py - y))) / (2 * sigma * sigma)));
    }

    private static void Galaxy(double[] pixels, double x, double y, double counts, double scale, double axisRatio, double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        var peak = counts / (Math.Tau * scale * scale * axisRatio);
        Add(pixels, (px, py) =>
        {
            var along = ((px - x) * cos) + ((py - y) * sin);
            var across = (((py - y) * cos) - ((px - x) * sin)) / axisRatio;
            return peak * Math.Exp(-Math.Sqrt((along * along) + (across * across) + 1) / scale);
        });
    }

    // The common false alarms: a dipole of a misaligned star, a cosmic ray, a bad column, a ghost.
    private static void Artefact(double[] pixels, SimulatedObject item, double centre, double counts, Random field)
    {
        switch (item.Number % 4)
        {
            case 0:
                Point(pixels, centre - 1.2, centre, counts * 2, Fwhm);
                Point(pixels, centre + 1.2, centre + 0.4, -counts * 2, Fwhm);
                break;
            case 1:
                var slope = (field.NextDouble() * 2) - 1;
                Add(pixels, (px, py) => Math.Abs(py - centre - (slope * (px - centre))) < 0.7 && Math.Abs(px - centre) < 8 ? Math.Abs(counts) : 0);
                break;
            case 2:
                Add(pixels, (px, _) => Math.Abs(px - centre) < 0.6 ? counts * 0.4 : 0);
                break;
            default:
                Add(pixels, (px, py) =>
                {
                    var radius = Math.Sqrt(((px - centre) * (px - centre)) + ((py - centre) * (py - centre)));
                    return Math.Abs(radius - 9) < 3 ? counts * 0.15 : 0;
                });
                break;
        }
    }

    private static void Add(double[] pixels, Func<double, double, double> value)
    {
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                pixels[(y * Side) + x] += value(x, y);
            }
        }
    }

    private static byte[] Encode(double[] pixels, Random noise, double sky, double sigma)
    {
        var counts = new float[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            counts[i] = (float)(sky + pixels[i] + (Gauss(noise) * Math.Sqrt((sigma * sigma) + (Math.Abs(pixels[i]) / 6))));
        }

        return FitsWriter.WriteImage(counts, Side, Side, gzip: true);
    }

    internal static double Gauss(Random random)
    {
        var u = 1 - random.NextDouble();
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(Math.Tau * random.NextDouble());
    }
}
