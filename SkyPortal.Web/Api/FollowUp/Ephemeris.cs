using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>The Sun's times at a site for the night that holds a moment, or the next: in UTC, and in milliseconds since 1970.</summary>
public sealed record Ephemeris(
    string? SunsetUtc, string? SunriseUtc,
    string? TwilightMorningAstronomicalUtc, string? TwilightEveningAstronomicalUtc, string? TwilightMorningNauticalUtc, string? TwilightEveningNauticalUtc,
    double? SunsetUnixMs, double? SunriseUnixMs,
    double? TwilightMorningAstronomicalUnixMs, double? TwilightEveningAstronomicalUnixMs, double? TwilightMorningNauticalUnixMs, double? TwilightEveningNauticalUnixMs,
    double UtcOffsetHours)
{
    /// <summary>The night's times; null where the Sun does not pass.</summary>
    public static Ephemeris Of(ObservingSite site, Mjd moment)
    {
        var night = ObservingNight.At(site, moment);
        return new Ephemeris(
            Iso(night?.Sunset), Iso(night?.Sunrise),
            Iso(night?.MorningAstronomical), Iso(night?.EveningAstronomical), Iso(night?.MorningNautical), Iso(night?.EveningNautical),
            Ms(night?.Sunset), Ms(night?.Sunrise),
            Ms(night?.MorningAstronomical), Ms(night?.EveningAstronomical), Ms(night?.MorningNautical), Ms(night?.EveningNautical),
            // Nothing here knows the civil time of a site; its meridian tells the solar hour.
            Math.Round(Angle.FromDegrees(site.LongitudeDegrees).NormalizedSigned().Hours));
    }

    private static string? Iso(Mjd? moment) => moment?.ToIsoText();

    private static double? Ms(Mjd? moment) => moment?.ToDateTimeOffset().ToUnixTimeMilliseconds();
}
