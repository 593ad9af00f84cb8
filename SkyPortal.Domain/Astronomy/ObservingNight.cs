namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// One night of a site, from sunset to sunrise, with its twilights. Near the poles, where the Sun does not rise, a night runs
/// from one local noon to the next; where it does not set there is none.
/// </summary>
/// <param name="Sunset">When the Sun's upper edge sets, or the noon before.</param>
/// <param name="EveningCivil">When the Sun is 6 degrees down; null where it does not pass there that evening.</param>
/// <param name="EveningNautical">When the Sun is 12 degrees down.</param>
/// <param name="EveningAstronomical">When the Sun is 18 degrees down, and it is dark.</param>
/// <param name="MorningAstronomical">When the dark ends.</param>
/// <param name="MorningNautical">When the Sun comes back to 12 degrees below the horizon.</param>
/// <param name="MorningCivil">When the Sun comes back to 6 degrees below the horizon.</param>
/// <param name="Sunrise">When the Sun's upper edge rises, or the noon after.</param>
public sealed record ObservingNight(
    Mjd Sunset, Mjd? EveningCivil, Mjd? EveningNautical, Mjd? EveningAstronomical,
    Mjd? MorningAstronomical, Mjd? MorningNautical, Mjd? MorningCivil, Mjd Sunrise)
{
    private const double SearchDays = 1.1;

    /// <summary>Length in hours.</summary>
    public double Hours => (Sunrise - Sunset) * 24;

    /// <summary>
    /// The dark hours by a definition of dark; null where the Sun does not sink so far. In a polar night without that twilight the
    /// whole night counts where its middle is dark enough.
    /// </summary>
    /// <param name="sunAltitudeDegrees">Altitude below which it is dark: one of the Sun's twilights.</param>
    public (Mjd From, Mjd To)? Dark(ObservingSite site, double sunAltitudeDegrees)
    {
        var (evening, morning) = sunAltitudeDegrees switch
        {
            Sun.CivilAltitudeDegrees => (EveningCivil, MorningCivil),
            Sun.NauticalAltitudeDegrees => (EveningNautical, MorningNautical),
            _ => (EveningAstronomical, MorningAstronomical),
        };
        if (evening is { } from && morning is { } to)
        {
            return (from, to);
        }

        var middle = Sunset.AddDays((Sunrise - Sunset) / 2);
        return evening is null && morning is null && Sun.AltitudeDegrees(site, middle) < sunAltitudeDegrees ? (Sunset, Sunrise) : null;
    }

    /// <summary>The night that holds a moment, or the next one; null where the Sun does not set within a day.</summary>
    public static ObservingNight? At(ObservingSite site, Mjd moment)
    {
        var isUp = Sun.AltitudeDegrees(site, moment) >= Sun.RiseSetAltitudeDegrees;
        var sunset = isUp
            ? Sun.NextCrossing(site, moment, Sun.RiseSetAltitudeDegrees, rising: false, SearchDays)
            : Sun.PreviousCrossing(site, moment, Sun.RiseSetAltitudeDegrees, rising: false, SearchDays);
        var sunrise = sunset is { } set ? Sun.NextCrossing(site, set, Sun.RiseSetAltitudeDegrees, rising: true, SearchDays) : null;
        if (sunset is { } start && sunrise is { } end)
        {
            return Between(site, start, end);
        }

        if (isUp)
        {
            return null;
        }

        var noon = LastNoon(site, moment);
        return Between(site, noon, noon.AddDays(1));
    }

    private static ObservingNight Between(ObservingSite site, Mjd from, Mjd to)
    {
        Mjd? Evening(double altitudeDegrees) => Sun.NextCrossing(site, from, altitudeDegrees, rising: false, to - from);
        Mjd? Morning(double altitudeDegrees) => Sun.PreviousCrossing(site, to, altitudeDegrees, rising: true, to - from);
        return new ObservingNight(
            from, Evening(Sun.CivilAltitudeDegrees), Evening(Sun.NauticalAltitudeDegrees), Evening(Sun.AstronomicalAltitudeDegrees),
            Morning(Sun.AstronomicalAltitudeDegrees), Morning(Sun.NauticalAltitudeDegrees), Morning(Sun.CivilAltitudeDegrees), to);
    }

    // By the mean Sun: a quarter of an hour of the equation of time does not matter where the Sun stays down.
    private static Mjd LastNoon(ObservingSite site, Mjd moment)
    {
        var noonOfDay = 0.5 - (site.LongitudeDegrees / 360);
        return new Mjd(Math.Floor(moment.UtcDays - noonOfDay) + noonOfDay);
    }
}
