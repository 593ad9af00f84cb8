using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>A moment as Modified Julian Date in UTC; one microsecond is about the resolution in our time.</summary>
public readonly record struct Mjd : IComparable<Mjd>
{
    private const double JulianDateOffsetDays = 2_400_000.5;
    private const double UnixEpochDays = 40_587;
    private static readonly DateTimeOffset UnixEpoch = DateTimeOffset.UnixEpoch;
    private static readonly DateTime Zero = DateTime.UnixEpoch.AddDays(-UnixEpochDays);

    // Years 1 to 9999, which is what a DateTimeOffset can hold.
    private const double FirstDays = -678_575;
    private const double EndDays = 2_973_484;

    /// <summary>Creates a moment.</summary>
    /// <param name="utcDays">Days since 1858-11-17 00:00 UTC; years 1 to 9999.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or outside the years 1 to 9999.</exception>
    public Mjd(double utcDays)
    {
        if (!IsValid(utcDays))
        {
            throw new ArgumentOutOfRangeException(nameof(utcDays), utcDays, "A Modified Julian Date must lie in the years 1 to 9999.");
        }

        UtcDays = utcDays;
    }

    /// <summary>Days since 1858-11-17 00:00 UTC.</summary>
    public double UtcDays { get; }

    /// <summary>The Julian Date in UTC, in days.</summary>
    public double JulianDateDays => UtcDays + JulianDateOffsetDays;

    /// <summary>The same moment as Modified Julian Date in TAI, in days.</summary>
    public double TaiDays => UtcDays + (LeapSeconds.TaiMinusUtcSeconds(UtcDays) / 86_400);

    /// <summary>Whether a number of days is a moment that this type can hold.</summary>
    public static bool IsValid(double utcDays) => utcDays >= FirstDays && utcDays < EndDays;

    /// <summary>Days since 1858-11-17 00:00 UTC of a time in UTC, as the database keeps it.</summary>
    public static double DaysOf(DateTime utc) => (utc - Zero).TotalDays;

    /// <summary>The time in UTC of a number of days since 1858-11-17 00:00 UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the years 1 to 9999.</exception>
    public static DateTime TimeOf(double utcDays) => Zero.AddDays(utcDays);

    /// <summary>The moment of a clock reading.</summary>
    public static Mjd FromDateTimeOffset(DateTimeOffset moment)
    {
        var sinceEpoch = moment.ToUniversalTime() - UnixEpoch;
        var wholeDays = Math.Floor(sinceEpoch.TotalDays);
        var days = UnixEpochDays + wholeDays + ((sinceEpoch.Ticks - ((long)wholeDays * TimeSpan.TicksPerDay)) / (double)TimeSpan.TicksPerDay);

        // The last ticks of the year 9999 round up to a day that does not exist.
        return new Mjd(Math.Min(days, Math.BitDecrement(EndDays)));
    }

    /// <summary>The moment of a Julian Date in UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or outside the years 1 to 9999.</exception>
    public static Mjd FromJulianDate(double utcJulianDateDays) => new(utcJulianDateDays - JulianDateOffsetDays);

    /// <summary>The moment of a Modified Julian Date in TAI, such as LSST's <c>midpointMjdTai</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or outside the years 1 to 9999.</exception>
    public static Mjd FromTai(double taiDays)
    {
        // The offset belongs to the UTC moment, which differs from the TAI moment by the offset itself.
        var firstGuess = taiDays - (LeapSeconds.TaiMinusUtcSeconds(taiDays) / 86_400);
        return new Mjd(taiDays - (LeapSeconds.TaiMinusUtcSeconds(firstGuess) / 86_400));
    }

    /// <summary>
    /// Reads ISO 8601 text such as <c>2024-02-29T23:15:42.125</c>, with <c>T</c> or a space, with or without an offset;
    /// a text without an offset is in UTC.
    /// </summary>
    public static bool TryParseIso(string? text, out Mjd moment)
    {
        moment = default;
        if (text is null || text.Length < 8 || !char.IsAsciiDigit(text[0])
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
        {
            return false;
        }

        moment = FromDateTimeOffset(parsed);
        return true;
    }

    /// <summary>The moment as a UTC clock reading, to the nearest microsecond.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var wholeDays = Math.Floor(UtcDays);
        var microseconds = (long)Math.Round((UtcDays - wholeDays) * 86_400e6);
        var ticks = ((long)(wholeDays - UnixEpochDays) * TimeSpan.TicksPerDay) + (microseconds * TimeSpan.TicksPerMicrosecond);
        return UnixEpoch.AddTicks(Math.Min(ticks, (DateTimeOffset.MaxValue - UnixEpoch).Ticks));
    }

    /// <summary>The moment as <c>2024-02-29T23:15:42.125</c>, in UTC, to the nearest millisecond.</summary>
    public string ToIsoText()
    {
        var moment = ToDateTimeOffset();
        var rounded = Math.Min(moment.Ticks + (TimeSpan.TicksPerMillisecond / 2), DateTimeOffset.MaxValue.Ticks);
        return new DateTimeOffset(rounded, TimeSpan.Zero).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    /// <summary>The moment some days later.</summary>
    public Mjd AddDays(double days) => new(UtcDays + days);

    /// <inheritdoc/>
    public int CompareTo(Mjd other) => UtcDays.CompareTo(other.UtcDays);

    /// <summary>Days from the right moment to the left.</summary>
    public static double operator -(Mjd left, Mjd right) => left.UtcDays - right.UtcDays;

    /// <summary>Whether the left moment is earlier.</summary>
    public static bool operator <(Mjd left, Mjd right) => left.UtcDays < right.UtcDays;

    /// <summary>Whether the left moment is later.</summary>
    public static bool operator >(Mjd left, Mjd right) => left.UtcDays > right.UtcDays;

    /// <summary>Whether the left moment is earlier or the same.</summary>
    public static bool operator <=(Mjd left, Mjd right) => left.UtcDays <= right.UtcDays;

    /// <summary>Whether the left moment is later or the same.</summary>
    public static bool operator >=(Mjd left, Mjd right) => left.UtcDays >= right.UtcDays;

    /// <summary>The number of days, precise enough to read back the same number.</summary>
    public override string ToString() => UtcDays.ToString(CultureInfo.InvariantCulture);
}
