namespace SkyPortal.Domain.Astronomy;

/// <summary>How dark the sky is by the altitude of the Sun's centre.</summary>
public enum TwilightState
{
    /// <summary>The Sun is up.</summary>
    Day,

    /// <summary>The Sun is set, down to -6 degrees.</summary>
    Civil,

    /// <summary>From -6 to -12 degrees.</summary>
    Nautical,

    /// <summary>From -12 to -18 degrees.</summary>
    Astronomical,

    /// <summary>Below -18 degrees: dark.</summary>
    Night,
}

/// <summary>The sky over a site at a moment.</summary>
/// <param name="Moment">The moment.</param>
/// <param name="Twilight">How dark it is.</param>
/// <param name="SunAltitudeDegrees">Altitude of the Sun's centre in degrees, without refraction.</param>
/// <param name="MoonAltitudeDegrees">Altitude of the Moon's centre in degrees, without refraction.</param>
/// <param name="MoonIlluminatedFraction">Lit part of the Moon's disc, 0 to 1.</param>
/// <param name="LocalSiderealTimeHours">Local mean sidereal time in hours, in [0, 24).</param>
public readonly record struct NightState(
    Mjd Moment,
    TwilightState Twilight,
    double SunAltitudeDegrees,
    double MoonAltitudeDegrees,
    double MoonIlluminatedFraction,
    double LocalSiderealTimeHours)
{
    /// <summary>Whether the Moon's centre is above the horizon.</summary>
    public bool IsMoonUp => MoonAltitudeDegrees > 0;

    /// <summary>The state over a site.</summary>
    public static NightState Over(ObservingSite site, Mjd moment)
    {
        var sunAltitude = Sun.AltitudeDegrees(site, moment);
        return new NightState(
            moment,
            TwilightAt(sunAltitude),
            sunAltitude,
            Moon.AltitudeDegrees(site, moment),
            Moon.IlluminatedFraction(moment),
            site.LocalSiderealTimeDegrees(moment) / 15);
    }

    /// <summary>How dark it is at an altitude of the Sun.</summary>
    /// <param name="sunAltitudeDegrees">Altitude of the Sun's centre in degrees, without refraction.</param>
    public static TwilightState TwilightAt(double sunAltitudeDegrees) => sunAltitudeDegrees switch
    {
        >= Sun.RiseSetAltitudeDegrees => TwilightState.Day,
        >= Sun.CivilAltitudeDegrees => TwilightState.Civil,
        >= Sun.NauticalAltitudeDegrees => TwilightState.Nautical,
        >= Sun.AstronomicalAltitudeDegrees => TwilightState.Astronomical,
        _ => TwilightState.Night,
    };
}
