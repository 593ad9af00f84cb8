namespace SkyPortal.Infrastructure.Formats;

/// <summary>Which of an alert's three cut-outs a picture shows.</summary>
public enum CutoutKind
{
    /// <summary>The night's image.</summary>
    Science,

    /// <summary>The reference image.</summary>
    Template,

    /// <summary>Science minus template.</summary>
    Difference,
}

/// <summary>How a survey's cut-outs must be turned so that north is up.</summary>
public enum CutoutOrientation
{
    /// <summary>First row at the bottom, as FITS images are shown.</summary>
    AsStored,

    /// <summary>First row at the top, as ZTF stores its cut-outs.</summary>
    FlipVertically,

    /// <summary>
    /// Turned by the header: counterclockwise by the position angle ROTPA (degrees, of the image's second axis, from
    /// north through east) or, where that is absent, by the direction of north in the WCS matrix. Rubin's way.
    /// </summary>
    RotateNorthUp,
}

/// <summary>A cut-out's picture.</summary>
/// <param name="Png">8-bit greyscale PNG.</param>
/// <param name="WidthPixels">Pixels in a row.</param>
/// <param name="HeightPixels">Rows.</param>
public sealed record CutoutPicture(byte[] Png, int WidthPixels, int HeightPixels);

/// <summary>
/// Makes the thumbnail of a cut-out: blank and absurd pixels take the mean, the range runs from the 1st percentile to
/// the maximum unless somebody asks for another, science and template are shown on an inverse hyperbolic sine scale (linear in the sky's noise, logarithmic
/// above it; Lupton et al. 1999, AJ 118, 1406) and differences on a linear one. Each pixel of the
/// detector becomes a square of whole pixels, without smoothing, so that artefacts can be told from stars.
/// </summary>
public static class CutoutRenderer
{
    private const float Absurd = 1e20f;

    // Where the scale turns from linear to logarithmic, in standard deviations of the sky, and never below a part of the range.
    private const double SofteningSigmas = 3;
    private const double LogFactor = 1000;
    private const double LeastSoftening = 0.001;

    // Standard deviation of a normal distribution over its median absolute deviation.
    private const double SigmaPerMad = 1.4826;
    private const int WantedSidePixels = 168;

    /// <summary>Decodes a FITS cut-out (gzipped or not) and makes its picture.</summary>
    /// <exception cref="FitsFormatException">The bytes are not a FITS image.</exception>
    public static CutoutPicture Render(ReadOnlyMemory<byte> fits, CutoutKind kind, CutoutOrientation orientation, CutoutStretch? stretch = null) =>
        Render(FitsReader.ReadImage(fits), kind, orientation, stretch);

    /// <summary>Makes the picture of a cut-out. Sides are within 16 to 500 pixels.</summary>
    public static CutoutPicture Render(FitsImage image, CutoutKind kind, CutoutOrientation orientation, CutoutStretch? stretch = null)
    {
        var grey = ToGrey(Clean(image.Pixels), kind, stretch ?? CutoutStretch.Usual);
        var view = new CutoutView(grey, image.WidthPixels, image.HeightPixels);
        var shrink = (Math.Max(view.Width, view.Height) + PngInfo.MaxThumbnailSidePixels - 1) / PngInfo.MaxThumbnailSidePixels;
        if (shrink > 1)
        {
            view = view.Shrink(shrink);
        }

        var turned = orientation == CutoutOrientation.RotateNorthUp ? CounterclockwiseDegrees(image.Header) : 0;
        var scale = ScaleFor(view.Width, view.Height);
        var picture = view.Draw(scale, turned, firstRowAtTop: orientation == CutoutOrientation.FlipVertically);
        return new CutoutPicture(PngEncoder.EncodeGrey(picture.Pixels, picture.Width, picture.Height), picture.Width, picture.Height);
    }

    /// <summary>Angle in degrees by which the picture, first row at the bottom, is turned counterclockwise to have north up.</summary>
    internal static double CounterclockwiseDegrees(FitsHeader header)
    {
        if (header.Number("ROTPA") is { } positionAngle && double.IsFinite(positionAngle))
        {
            return positionAngle;
        }

        var matrix = header.Contains("CD1_1") || header.Contains("CD1_2") ? "CD" : "PC";
        if (!header.Contains($"{matrix}1_1") && !header.Contains($"{matrix}1_2"))
        {
            return 0;
        }

        // North is the column of the inverse matrix that belongs to declination; its length does not matter.
        var scale1 = matrix == "PC" ? header.Number("CDELT1") ?? 1 : 1;
        var (a, b) = ((header.Number($"{matrix}1_1") ?? 0) * scale1, (header.Number($"{matrix}1_2") ?? 0) * scale1);
        var scale2 = matrix == "PC" ? header.Number("CDELT2") ?? 1 : 1;
        var (c, d) = ((header.Number($"{matrix}2_1") ?? 0) * scale2, (header.Number($"{matrix}2_2") ?? 0) * scale2);
        var determinant = (a * d) - (b * c);
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            return 0;
        }

        var (northX, northY) = (-b * Math.Sign(determinant), a * Math.Sign(determinant));
        return double.RadiansToDegrees(Math.Atan2(northX, northY));
    }

    private static float[] Clean(float[] pixels)
    {
        var sum = 0.0;
        var count = 0;
        foreach (var pixel in pixels)
        {
            if (Math.Abs(pixel) <= Absurd)
            {
                sum += pixel;
                count++;
            }
        }

        var mean = count > 0 ? (float)(sum / count) : 0;
        return Array.ConvertAll(pixels, pixel => Math.Abs(pixel) <= Absurd ? pixel : mean);
    }

    private static byte[] ToGrey(float[] pixels, CutoutKind kind, CutoutStretch stretch)
    {
        var sorted = (float[])pixels.Clone();
        Array.Sort(sorted);
        double low = Percentile(sorted, stretch.LowPercent);
        var range = Percentile(sorted, stretch.HighPercent) - low;
        if (!(range > 0))
        {
            return new byte[pixels.Length];
        }

        var scale = stretch.Scale != CutoutScale.Usual ? stretch.Scale : kind == CutoutKind.Difference ? CutoutScale.Linear : CutoutScale.Asinh;
        var softening = scale == CutoutScale.Asinh ? Math.Max(LeastSoftening, SofteningSigmas * SkySigma(sorted) / range) : 1;
        return Array.ConvertAll(pixels, pixel =>
        {
            var linear = Math.Clamp((pixel - low) / range, 0, 1);
            var shown = scale switch
            {
                CutoutScale.Asinh => Math.Asinh(linear / softening) / Math.Asinh(1 / softening),
                CutoutScale.Log => Math.Log(1 + (LogFactor * linear)) / Math.Log(1 + LogFactor),
                _ => linear,
            };
            return (byte)Math.Round(255 * shown);
        });
    }

    private static double SkySigma(float[] sorted)
    {
        var median = Percentile(sorted, 50);
        var deviations = Array.ConvertAll(sorted, pixel => (float)Math.Abs(pixel - median));
        Array.Sort(deviations);
        return SigmaPerMad * Percentile(deviations, 50);
    }

    private static double Percentile(float[] sorted, double percent)
    {
        var place = percent / 100 * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * ((double)sorted[above] - sorted[below]));
    }

    private static int ScaleFor(int width, int height)
    {
        var (shortest, longest) = (Math.Min(width, height), Math.Max(width, height));
        var wanted = Math.Max(
            (WantedSidePixels + longest - 1) / longest,
            (PngInfo.MinThumbnailSidePixels + shortest - 1) / shortest);
        return Math.Max(1, Math.Min(wanted, PngInfo.MaxThumbnailSidePixels / longest));
    }
}
