using System.Globalization;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Web.Components.Plots;

/// <summary>A stretch of a night with one darkness.</summary>
/// <param name="Left">Place along the axis, 0 to 1.</param>
/// <param name="Right">Its end.</param>
/// <param name="Darkness">0 civil, 1 nautical and 2 astronomical twilight, 3 night.</param>
public readonly record struct NightBand(double Left, double Right, int Darkness);

/// <summary>A target over one night at one telescope, ready to be drawn: where things stand from 0 (sunset) to 1 (sunrise).</summary>
public sealed class NightFrame
{
    /// <summary>Largest airmass that is drawn.</summary>
    public const double MaxAirmass = 4;

    private const int Samples = 73;

    /// <summary>Reckons it.</summary>
    public NightFrame(ObservingSite site, SkyPosition target, ObservingNight night)
    {
        Night = night;
        Points = Visibility.Between(site, target, night.Sunset, night.Sunrise, Samples);
        Bands = [.. BandsOf(site)];
        DarkHours = night.Dark(site, Sun.AstronomicalAltitudeDegrees);
        Best = Points.Where(point => point.Airmass is not null && IsIn(DarkHours ?? (night.Sunset, night.Sunrise), point.Moment))
            .Cast<VisibilitySample?>().MinBy(point => point!.Value.Airmass);
        MoonFraction = Moon.IlluminatedFraction(night.Sunset.AddDays((night.Sunrise - night.Sunset) / 2));
    }

    /// <summary>The night.</summary>
    public ObservingNight Night { get; }

    /// <summary>Where the target stands, from sunset to sunrise.</summary>
    public IReadOnlyList<VisibilitySample> Points { get; }

    /// <summary>Twilights and night, in order.</summary>
    public IReadOnlyList<NightBand> Bands { get; }

    /// <summary>From the end of astronomical twilight to its beginning; null where it does not get dark.</summary>
    public (Mjd From, Mjd To)? DarkHours { get; }

    /// <summary>Where the target stands best while it is dark, or at all where it does not get dark; null where it stays down.</summary>
    public VisibilitySample? Best { get; }

    /// <summary>Why there is no best time, in words that follow "the source".</summary>
    public string Absence => Points.Any(point => point.Airmass is not null) ? "is not up in the dark hours" : "does not rise";

    /// <summary>Lit part of the Moon in the middle of the night, 0 to 1.</summary>
    public double MoonFraction { get; }

    /// <summary>Dark hours in which the airmass is below a limit.</summary>
    public double HoursBelow(double airmass) => DarkHours is { } dark
        ? Points.Count(point => point.Airmass < airmass && IsIn(dark, point.Moment)) * Night.Hours / (Samples - 1)
        : 0;

    /// <summary>Place of a moment along the axis; outside 0 to 1 where it is not of this night.</summary>
    public double Along(Mjd moment) => (moment - Night.Sunset) / (Night.Sunrise - Night.Sunset);

    /// <summary>Place of an airmass from the top (1) to the bottom (4).</summary>
    public static double Down(double airmass) => (Math.Clamp(airmass, 1, MaxAirmass) - 1) / (MaxAirmass - 1);

    /// <summary>Full hours of UTC within the night, so far apart that their numbers do not touch.</summary>
    public IEnumerable<(double Along, string Text)> Ticks()
    {
        var step = Night.Hours > 16 ? 3 : Night.Hours > 9 ? 2 : 1;
        var first = (long)Math.Ceiling(Night.Sunset.UtcDays * 24);
        for (var hour = first; hour <= Night.Sunrise.UtcDays * 24; hour++)
        {
            if (hour % step == 0)
            {
                yield return (Along(new Mjd(hour / 24.0)), (hour % 24).ToString("00", CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The curve of airmass as an SVG path over a box, broken where the target is lower than what is drawn.</summary>
    public string Path(double left, double top, double width, double height)
    {
        var path = new System.Text.StringBuilder();
        var isDrawing = false;
        foreach (var point in Points)
        {
            if (point.Airmass is not { } airmass || airmass > MaxAirmass)
            {
                isDrawing = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isDrawing ? 'L' : 'M')}{left + (Along(point.Moment) * width):0.0},{top + (Down(airmass) * height):0.0}");
            isDrawing = true;
        }

        return path.ToString();
    }

    private static bool IsIn((Mjd From, Mjd To) span, Mjd moment) => moment >= span.From && moment <= span.To;

    private IEnumerable<NightBand> BandsOf(ObservingSite site)
    {
        Mjd?[] evening = [Night.EveningCivil, Night.EveningNautical, Night.EveningAstronomical];
        Mjd?[] morning = [Night.MorningAstronomical, Night.MorningNautical, Night.MorningCivil];
        var edges = evening.Concat(morning).OfType<Mjd>().Prepend(Night.Sunset).Append(Night.Sunrise).Order().ToList();
        for (var i = 0; i + 1 < edges.Count; i++)
        {
            var middle = edges[i].AddDays((edges[i + 1] - edges[i]) / 2);
            var darkness = NightState.TwilightAt(Sun.AltitudeDegrees(site, middle)) switch
            {
                TwilightState.Day or TwilightState.Civil => 0,
                TwilightState.Nautical => 1,
                TwilightState.Astronomical => 2,
                _ => 3,
            };
            yield return new NightBand(Along(edges[i]), Along(edges[i + 1]), darkness);
        }
    }
}
