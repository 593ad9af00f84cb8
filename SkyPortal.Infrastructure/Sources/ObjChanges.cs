using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Values for some columns of an object, under their wire names, each checked for type and range. A value may be null, which
/// clears the column; a column that is not named stays as it is.
/// </summary>
public sealed class ObjChanges
{
    private static readonly Dictionary<string, Column> Columns = new()
    {
        ["ra"] = Number((obj, value) => obj.Ra = value, obj => obj.Ra, 0, 360),
        ["dec"] = Number((obj, value) => obj.Dec = value, obj => obj.Dec, -90, 90),
        ["ra_dis"] = Number((obj, value) => obj.RaDis = value, obj => obj.RaDis, 0, 360),
        ["dec_dis"] = Number((obj, value) => obj.DecDis = value, obj => obj.DecDis, -90, 90),
        ["ra_err"] = Number((obj, value) => obj.RaErr = value, obj => obj.RaErr, 0, 360),
        ["dec_err"] = Number((obj, value) => obj.DecErr = value, obj => obj.DecErr, 0, 180),
        ["offset"] = Number((obj, value) => obj.Offset = value, obj => obj.Offset, 0, 1e6),
        ["t0"] = Number((obj, value) => obj.T0 = value, obj => obj.T0, -1e7, 1e7),
        ["redshift"] = Number((obj, value) => obj.Redshift = value, obj => obj.Redshift, -0.99, 1100),
        ["redshift_error"] = Number((obj, value) => obj.RedshiftError = value, obj => obj.RedshiftError, 0, 1100),
        ["redshift_origin"] = Text((obj, value) => obj.RedshiftOrigin = value, obj => obj.RedshiftOrigin),
        ["redshift_history"] = Json((obj, value) => obj.RedshiftHistory = value, obj => obj.RedshiftHistory, JsonValueKind.Array),
        ["host_id"] = Whole((obj, value) => obj.HostId = value, obj => obj.HostId),
        ["summary"] = Text((obj, value) => obj.Summary = value, obj => obj.Summary),
        ["summary_history"] = Json((obj, value) => obj.SummaryHistory = value, obj => obj.SummaryHistory, JsonValueKind.Array),
        ["altdata"] = Json((obj, value) => obj.Altdata = value, obj => obj.Altdata, JsonValueKind.Object),
        ["dist_nearest_source"] = Number((obj, value) => obj.DistNearestSource = value, obj => obj.DistNearestSource, 0, 1e6),
        ["mag_nearest_source"] = Number((obj, value) => obj.MagNearestSource = value, obj => obj.MagNearestSource, -40, 60),
        ["e_mag_nearest_source"] = Number((obj, value) => obj.EMagNearestSource = value, obj => obj.EMagNearestSource, 0, 60),
        ["transient"] = Flag((obj, value) => obj.Transient = value, obj => obj.Transient),
        ["varstar"] = Flag((obj, value) => obj.Varstar = value, obj => obj.Varstar),
        ["is_roid"] = Flag((obj, value) => obj.IsRoid = value, obj => obj.IsRoid),
        ["mpc_name"] = Text((obj, value) => obj.MpcName = value, obj => obj.MpcName),
        ["tns_name"] = Text((obj, value) => obj.TnsName = value, obj => obj.TnsName),
        ["tns_info"] = Json((obj, value) => obj.TnsInfo = value, obj => obj.TnsInfo, JsonValueKind.Object),
        ["score"] = Number((obj, value) => obj.Score = value, obj => obj.Score, -1e6, 1e6),
        ["origin"] = Text((obj, value) => obj.Origin = value, obj => obj.Origin),
        ["alias"] = new((obj, value) => obj.Alias = (string[]?)value, obj => obj.Alias, Aliases),
        ["detect_photometry_count"] = Whole((obj, value) => obj.DetectPhotometryCount = value, obj => obj.DetectPhotometryCount),
    };

    private readonly Dictionary<string, object?> _values = [];

    /// <summary>Wire names of the columns that are set.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Right ascension in degrees, where it is set.</summary>
    public double? RaDegrees => _values.GetValueOrDefault("ra") as double?;

    /// <summary>Declination in degrees, where it is set.</summary>
    public double? DecDegrees => _values.GetValueOrDefault("dec") as double?;

    /// <summary>The columns of a JSON object; other fields than columns and the ones named are refused.</summary>
    public static ObjChanges FromJson(JsonElement body, params string[] otherFields)
    {
        var changes = new ObjChanges();
        foreach (var field in body.EnumerateObject().Where(field => !otherFields.Contains(field.Name)))
        {
            changes.Set(field.Name, field.Value);
        }

        return changes;
    }

    /// <summary>Whether a column is set, be it to null.</summary>
    public bool Sets(string column) => _values.ContainsKey(column);

    /// <summary>Sets a column from JSON; refuses an unknown column and a value of the wrong type or out of range.</summary>
    public ObjChanges Set(string column, JsonElement value)
    {
        if (!Columns.TryGetValue(column, out var known))
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {{'{column}': ['Unknown field.']}}");
        }

        _values[column] = value.ValueKind == JsonValueKind.Null ? null : known.Parse(column, value);
        return this;
    }

    /// <summary>Sets a column; the value is checked as one that came as JSON.</summary>
    public ObjChanges Set<T>(string column, T value) => Set(column, JsonSerializer.SerializeToElement(value));

    /// <summary>The present values of the columns that are set, so that these changes can be undone.</summary>
    public Dictionary<string, object?> Before(Obj obj) => _values.Keys.ToDictionary(name => name, name => Columns[name].Get(obj));

    /// <summary>The new values by column.</summary>
    public Dictionary<string, object?> After() => new(_values);

    /// <summary>
    /// Writes the values to an object with what follows from them: the index of the position, and an entry in the histories of
    /// redshift and summary.
    /// </summary>
    public void ApplyTo(Obj obj, int? userId, DateTime utcNow)
    {
        foreach (var (name, value) in _values)
        {
            Columns[name].Set(obj, value);
        }

        if (Sets("ra") || Sets("dec"))
        {
            obj.Healpix = obj is { Ra: { } ra, Dec: { } dec } ? new SkyPosition(ra, dec).ToHealpix29() : null;
        }

        NoteRedshift(obj, userId, utcNow);
        if (Sets("summary"))
        {
            var item = new Dictionary<string, object?>
            {
                ["set_by_user_id"] = userId,
                ["set_at_utc"] = Stamp(utcNow),
                ["summary"] = _values["summary"],
                ["is_bot"] = false,
                ["analysis_id"] = null,
            };
            obj.SummaryHistory = JsonSerializer.SerializeToElement(Items(obj.SummaryHistory).Cast<object>().Prepend(item));
        }
    }

    /// <summary>Notes a redshift that was given in the object's history, oldest first; does nothing where none was.</summary>
    public void NoteRedshift(Obj obj, int? userId, DateTime utcNow)
    {
        if (!Sets("redshift"))
        {
            return;
        }

        var item = new Dictionary<string, object?>
        {
            ["set_by_user_id"] = userId,
            ["set_at_utc"] = Stamp(utcNow),
            ["value"] = _values["redshift"],
            ["uncertainty"] = _values.GetValueOrDefault("redshift_error"),
        };
        if (_values.GetValueOrDefault("redshift_origin") is { } origin)
        {
            item["origin"] = origin;
        }

        obj.RedshiftHistory = JsonSerializer.SerializeToElement(Items(obj.RedshiftHistory).Cast<object>().Append(item));
    }

    private static JsonElement[] Items(JsonElement? history) =>
        history is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static string Stamp(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture);

    private static Refusal Wrong(string column, string reason) => Refusal.Invalid($"Invalid/missing parameters: {{'{column}': ['{reason}']}}");

    private static Column Number(Action<Obj, double?> set, Func<Obj, double?> get, double min, double max) =>
        new((obj, value) => set(obj, (double?)value), obj => get(obj), (name, value) =>
        {
            var number = value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetDouble(out var plain) => plain,
                JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
                _ => throw Wrong(name, "Not a valid number."),
            };
            return number >= min && number <= max ? number : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"Must be between {min} and {max}."));
        });

    private static Column Whole(Action<Obj, int?> set, Func<Obj, int?> get) =>
        new((obj, value) => set(obj, (int?)value), obj => get(obj), (name, value) => value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var number) && number >= 0 => number,
            JsonValueKind.String when int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw Wrong(name, "Not a valid integer."),
        });

    private static Column Flag(Action<Obj, bool?> set, Func<Obj, bool?> get) =>
        new((obj, value) => set(obj, (bool?)value), obj => get(obj), (name, value) => value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetInt32(out var number) && number is 0 or 1 => value.GetInt32() == 1,
            JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "true" or "t" or "yes" or "y" or "1" or "on" => true,
            JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "false" or "f" or "no" or "n" or "0" or "off" => false,
            _ => throw Wrong(name, "Not a valid boolean."),
        });

    private static Column Text(Action<Obj, string?> set, Func<Obj, string?> get) =>
        new((obj, value) => set(obj, (string?)value), obj => get(obj), Plain);

    private static Column Json(Action<Obj, JsonElement?> set, Func<Obj, JsonElement?> get, JsonValueKind kind) =>
        new((obj, value) => set(obj, (JsonElement?)value), obj => get(obj), (name, value) =>
            value.ValueKind == kind && !HasNul(value) ? value : throw Wrong(name, kind == JsonValueKind.Array ? "Not a valid list." : "Not a valid mapping type."));

    private static object Plain(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw Wrong(name, "Not a valid string.");

    private static object Aliases(string name, JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select(item => (string)Plain(name, item)).ToArray()
        : throw Wrong(name, "Not a valid list.");

    // PostgreSQL's jsonb cannot hold the NUL character.
    private static bool HasNul(JsonElement value) => value.GetRawText().Contains("\\u0000", StringComparison.OrdinalIgnoreCase);

    private sealed record Column(Action<Obj, object?> Set, Func<Obj, object?> Get, Func<string, JsonElement, object> Parse);
}
