namespace SkyPortal.Web.Components.Plots;

/// <summary>Ranges of a small light curve and its places in pixels. Brighter is up, later is right.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record LightCurveFrame(double Width, double Height, double FirstMjd, double LastMjd, double BrightMag, double FaintMag)
{
    /// <summary>Space for the labels of the axes, in pixels.</summary>
    public const double Left = 28, Right = 8, Top = 6, Bottom = 18;

    /// <summary>
    /// A frame around points, with a twentieth of its height free on each side and at least one magnitude high. Of the limits only
    /// the deepest magnitude and a half beyond the detections take part: a shallow night must not squeeze the curve.
    /// </summary>
    public static LightCurveFrame Around(IReadOnlyList<LightCurvePoint> points, double width, double height, double? nowMjd = null)
    {
        var times = points.Where(point => point.Mag is not null || point.IsLimit).Select(point => point.Mjd).DefaultIfEmpty(nowMjd ?? 0).ToList();
        var mags = points.Where(point => point.Mag is not null).Select(point => point.Mag!.Value).ToList();
        var limits = points.Where(point => point.IsLimit).Select(point => point.LimitingMag!.Value).ToList();
        if (mags.Count > 0)
        {
            var (bright, faint) = (mags.Min() - 1.5, mags.Max() + 1.5);
            limits = limits.FindAll(limit => limit >= bright && limit <= faint);
        }

        var all = mags.Concat(limits).DefaultIfEmpty(20).ToList();
        var (top, bottom) = (all.Min(), all.Max());
        var spare = Math.Max((bottom - top) * .06, (1 - (bottom - top)) / 2);
        var (first, last) = (times.Min(), nowMjd ?? times.Max());
        var days = Math.Max((last - first) * .03, last - first < .5 ? .5 : 0);
        return new LightCurveFrame(width, height, first - days, last + (nowMjd is null ? days : 0), top - Math.Max(spare, .05), bottom + Math.Max(spare, .05));
    }

    /// <summary>Pixels from the left.</summary>
    public double X(double mjd) => Left + ((mjd - FirstMjd) / (LastMjd - FirstMjd) * (Width - Left - Right));

    /// <summary>Pixels from the top.</summary>
    public double Y(double mag) => Math.Clamp(Top + ((mag - BrightMag) / (FaintMag - BrightMag) * (Height - Top - Bottom)), Top, Height - Bottom);

    /// <summary>Round values in a range, about <paramref name="count"/> of them.</summary>
    public static IReadOnlyList<double> Ticks(double from, double to, int count)
    {
        var rough = (to - from) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        var ticks = new List<double>();
        for (var tick = Math.Ceiling(from / step) * step; tick <= to + (step * 1e-9); tick += step)
        {
            ticks.Add(Math.Round(tick, 6));
        }

        return ticks;
    }
}
