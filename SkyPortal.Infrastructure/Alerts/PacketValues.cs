using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What the readers of the surveys' packets share.</summary>
internal static class PacketValues
{
    /// <summary>Modified Julian date of Julian date zero, negated.</summary>
    public const double MjdOffset = 2_400_000.5;

    // AB zero point of fluxes in microjansky.
    private const double MicroJanskyZeroPoint = 23.9;

    // 2.5 / ln 10: magnitude error per relative flux error.
    private const double MagnitudesPerRelativeError = 1.0857362047581294;

    // No survey image is deeper than 35 mag or shows anything brighter than -5 mag.
    private const double BrightestMag = -5;
    private const double FaintestMag = 35;
    private const double MostMicroJansky = 1e12;
    private const double EarliestMjd = 40_000;
    private const double LatestMjd = 90_000;

    public static PacketRecord RequiredRecord(PacketRecord packet, string field) =>
        packet.Record(field) ?? throw new PacketFormatException("It lacks its detection", field);

    public static double RequiredNumber(PacketRecord record, string field) =>
        record.Number(field) ?? throw new PacketFormatException("It lacks a number", field);

    public static long RequiredInteger(PacketRecord record, string field) =>
        record.Integer(field) ?? throw new PacketFormatException("It lacks an integer", field);

    /// <summary>The programme; the fallback where the record names none.</summary>
    public static int Programme(PacketRecord record, int fallback = 1) => record.Integer("programid") switch
    {
        null => fallback,
        >= 0 and <= 1000 and var programme => (int)programme,
        var programme => throw new PacketFormatException($"Its programme {programme} does not exist", "programid"),
    };

    /// <summary>A point from a magnitude; null where magnitude or error cannot be.</summary>
    public static AlertMeasurement? FromMagnitude(
        string? filter, double? mjd, double? magnitude, double? magnitudeError, bool positive, double? raDegrees, double? decDegrees, int programme)
    {
        if (filter is null || !IsMagnitude(magnitude) || !(magnitudeError is > 0 and < 10) || mjd is not { } time || !IsTime(time))
        {
            return null;
        }

        var flux = Flux(magnitude!.Value);
        return new AlertMeasurement(
            filter, time, positive ? flux : -flux, flux * magnitudeError.Value / MagnitudesPerRelativeError, AlertOrigins.Alert, Angle(raDegrees), Angle(decDegrees), programme);
    }

    /// <summary>A non-detection from the 5 sigma limit of its image; null where that cannot be.</summary>
    public static AlertMeasurement? FromLimit(string? filter, double? mjd, double? limitingMagnitude, int programme) =>
        filter is null || !IsMagnitude(limitingMagnitude) || mjd is not { } time || !IsTime(time)
            ? null
            : new AlertMeasurement(filter, time, null, Flux(limitingMagnitude!.Value) / 5, AlertOrigins.Alert, null, null, programme);

    /// <summary>A point from a flux; null where flux or error cannot be.</summary>
    public static AlertMeasurement? FromFlux(
        string? filter, double? mjd, double? fluxMicroJansky, double? fluxerrMicroJansky, string origin, double? raDegrees, double? decDegrees, int programme) =>
        filter is null || fluxMicroJansky is not { } flux || !(Math.Abs(flux) < MostMicroJansky) || !(fluxerrMicroJansky is > 0 and < MostMicroJansky)
            || mjd is not { } time || !IsTime(time)
            ? null
            : new AlertMeasurement(filter, time, flux, fluxerrMicroJansky.Value, origin, Angle(raDegrees), Angle(decDegrees), programme);

    /// <summary>Points without nulls, one per origin, filter and time to a microday; a detection stays where a limit says the same time.</summary>
    public static IReadOnlyList<AlertMeasurement> Distinct(IEnumerable<AlertMeasurement?> points)
    {
        var byKey = new Dictionary<(string Origin, string Filter, long Microdays), AlertMeasurement>();
        foreach (var point in points)
        {
            if (point is null)
            {
                continue;
            }

            var key = (point.Origin, point.Filter, (long)Math.Round(point.Mjd * 1e6));
            if (!byKey.TryGetValue(key, out var known) || (known.FluxMicroJansky is null && point.FluxMicroJansky is not null))
            {
                byKey[key] = point;
            }
        }

        return [.. byKey.Values];
    }

    /// <summary>Conversion of counts with a magnitude zero point to microjansky; null where the zero point cannot be.</summary>
    public static double? MicroJanskyPerCount(double? zeroPoint) =>
        zeroPoint is > 0 and < 50 ? Math.Pow(10, -0.4 * (zeroPoint.Value - MicroJanskyZeroPoint)) : null;

    /// <summary>Whether a time can be that of a digital image.</summary>
    public static bool IsTime(double mjd) => mjd is >= EarliestMjd and <= LatestMjd;

    /// <summary>UTC of a time that Rubin's data carry as TAI; both MJD. What is no time stays as it is, for those who check it.</summary>
    public static double UtcOfTai(double taiMjdDays) => IsTime(taiMjdDays) ? Mjd.FromTai(taiMjdDays).UtcDays : taiMjdDays;

    /// <summary>The same; null of null.</summary>
    public static double? UtcOfTai(double? taiMjdDays) => taiMjdDays is { } tai ? UtcOfTai(tai) : null;

    private static double Flux(double magnitude) => Math.Pow(10, -0.4 * (magnitude - MicroJanskyZeroPoint));

    private static bool IsMagnitude(double? value) => value is > BrightestMag and < FaintestMag;

    private static double? Angle(double? degrees) => degrees is >= -90 and < 360 ? degrees : null;
}
