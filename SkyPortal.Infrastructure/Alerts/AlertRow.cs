using Npgsql;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>An archived alert as a search finds it.</summary>
public sealed record AlertRow
{
    /// <summary>Columns that <see cref="Read"/> takes, in order.</summary>
    internal const string Columns = """
        a.survey, a.alert_id, a.obj_id, a.mjd, a.ra, a.dec, a.programme, a.band, a.mag, a.mag_err, a.score, a.is_positive, a.singles, a.doubles, a.integers,
        a.pack_hash, a.pack_offset, a.pack_length, a.framing, a.night
        """;

    /// <summary>How many columns these are.</summary>
    internal const int ColumnCount = 20;

    /// <summary>Survey, such as ZTF.</summary>
    public required string Survey { get; init; }

    /// <summary>The survey's number of the alert.</summary>
    public required long AlertId { get; init; }

    /// <summary>Name of the object.</summary>
    public required string ObjId { get; init; }

    /// <summary>UTC MJD, days.</summary>
    public required double Mjd { get; init; }

    /// <summary>ICRS, degrees.</summary>
    public required double RaDegrees { get; init; }

    /// <summary>ICRS, degrees.</summary>
    public required double DecDegrees { get; init; }

    /// <summary>Programme of the exposure.</summary>
    public required int Programme { get; init; }

    /// <summary>Band letter; null where it is not known.</summary>
    public string? Band { get; init; }

    /// <summary>Magnitude of the absolute difference flux, AB.</summary>
    public float? Mag { get; init; }

    /// <summary>One sigma, mag.</summary>
    public float? MagErr { get; init; }

    /// <summary>Real/bogus score, 0 to 1.</summary>
    public float? Score { get; init; }

    /// <summary>Whether brighter than the reference.</summary>
    public bool? IsPositive { get; init; }

    /// <summary>The numeric fields of the packet's main record that have a value, computed ones included, in the order of <see cref="AlertFields"/>.</summary>
    public IEnumerable<(AlertField Field, object Value)> Fields => AlertFields.Of(Survey)
        .Select(known => (Field: known, Value: Of(known)))
        .Where(pair => pair.Value is not null)
        .Select(pair => (pair.Field, pair.Value!));

    /// <summary>Time of the exposure, UTC.</summary>
    public DateTime Time => Domain.Astronomy.Mjd.TimeOf(Mjd);

    internal DateOnly Night { get; init; }

    internal float?[] Singles { get; init; } = [];

    internal double?[] Doubles { get; init; } = [];

    internal long?[] Integers { get; init; } = [];

    /// <summary>Where its packet lies.</summary>
    public required ArchivedPacket Archived { get; init; }

    /// <summary>A field of the packet's main record; null where it has none.</summary>
    public object? this[string name] => AlertFields.Named(name).FirstOrDefault(field => field.Survey == Survey) is { } known ? Of(known) : null;

    /// <summary>A field as a number; null where it has none.</summary>
    public double? Number(string name) => this[name] switch { float single => single, double number => number, long integer => integer, _ => null };

    internal static AlertRow Read(NpgsqlDataReader reader) => new()
    {
        Survey = reader.GetString(0),
        AlertId = reader.GetInt64(1),
        ObjId = reader.GetString(2),
        Mjd = reader.GetDouble(3),
        RaDegrees = reader.GetDouble(4),
        DecDegrees = reader.GetDouble(5),
        Programme = reader.GetInt32(6),
        Band = reader.Maybe<string>(7),
        Mag = reader.Maybe<float?>(8),
        MagErr = reader.Maybe<float?>(9),
        Score = reader.Maybe<float?>(10),
        IsPositive = reader.Maybe<bool?>(11),
        Singles = reader.GetFieldValue<float?[]>(12),
        Doubles = reader.GetFieldValue<double?[]>(13),
        Integers = reader.GetFieldValue<long?[]>(14),
        Archived = new ArchivedPacket(
            reader.GetString(0), reader.GetInt64(1), reader.GetInt32(6), reader.GetString(15), reader.GetInt64(16), reader.GetInt32(17), reader.GetString(18)),
        Night = reader.GetFieldValue<DateOnly>(19),
    };

    // Rows from before a field was added to the table are shorter.
    private object? Of(AlertField field) => field.Column switch
    {
        AlertFieldColumn.Singles => At(Singles, field),
        AlertFieldColumn.Doubles => At(Doubles, field),
        _ => At(Integers, field),
    };

    private static object? At<T>(T?[] values, AlertField field)
        where T : struct => field.Position <= values.Length ? values[field.Position - 1] : null;
}
