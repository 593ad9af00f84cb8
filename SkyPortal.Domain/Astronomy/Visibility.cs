namespace SkyPortal.Domain.Astronomy;

/// <summary>Where a target stands at a moment of a night.</summary>
/// <param name="AltitudeDegrees">Height above the horizon, without refraction.</param>
/// <param name="AzimuthDegrees">From north over east.</param>
/// <param name="Airmass">By Pickering (2002); null below the horizon.</param>
/// <param name="MoonSeparationDegrees">Distance from the Moon's centre as the site sees it.</param>
/// <param name="MoonAltitudeDegrees">Height of the Moon's centre.</param>
public readonly record struct VisibilitySample(
    Mjd Moment, double AltitudeDegrees, double AzimuthDegrees, double? Airmass, double MoonSeparationDegrees, double MoonAltitudeDegrees);

/// <summary>When a fixed position of the sky can be observed from a site.</summary>
public static class Visibility
{
    /// <summary>Airmass below which the year's hours are counted.</summary>
    public const double YearAirmass = 2.9;

    private const int YearSamples = 60;
    private const int WeeksOfYear = 52;

    /// <summary>Where the target stands at moments evenly spread from one to another, both included.</summary>
    /// <param name="count">Number of moments, 2 or more.</param>
    public static IReadOnlyList<VisibilitySample> Between(ObservingSite site, SkyPosition target, Mjd from, Mjd to, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var samples = new VisibilitySample[count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = At(site, target, from.AddDays((to - from) * i / (count - 1)));
        }

        return samples;
    }

    /// <summary>Where the target stands at a moment.</summary>
    public static VisibilitySample At(ObservingSite site, SkyPosition target, Mjd moment)
    {
        var place = site.Locate(target, moment);
        return new VisibilitySample(
            moment,
            place.AltitudeDegrees,
            place.AzimuthDegrees,
            Airmass.AtAltitude(place.AltitudeDegrees),
            Moon.PositionAt(site, moment).SeparationDegrees(target),
            Moon.AltitudeDegrees(site, moment));
    }

    /// <summary>
    /// Hours between sunset and sunrise in which the airmass stays below a limit, for one night a week from the first of January
    /// on, 52 of them; weeks in which the Sun does not set or rise are left out.
    /// </summary>
    public static IReadOnlyList<(DateOnly Date, double Hours)> HoursBelow(ObservingSite site, SkyPosition target, int year, double airmass)
    {
        var weeks = new List<(DateOnly, double)>(WeeksOfYear);
        for (var week = 0; week < WeeksOfYear; week++)
        {
            var date = new DateOnly(year, 1, 1).AddDays(7 * week);
            var moment = Mjd.FromDateTimeOffset(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));
            if (Sun.NextCrossing(site, moment, Sun.RiseSetAltitudeDegrees, rising: false) is { } sunset
                && Sun.NextCrossing(site, sunset, Sun.RiseSetAltitudeDegrees, rising: true) is { } sunrise)
            {
                var good = 0;
                for (var i = 0; i < YearSamples; i++)
                {
                    good += site.AirmassTowards(target, sunset.AddDays((sunrise - sunset) * i / (YearSamples - 1))) < airmass ? 1 : 0;
                }

                weeks.Add((date, (sunrise - sunset) * 24 * good / YearSamples));
            }
        }

        return weeks;
    }
}
