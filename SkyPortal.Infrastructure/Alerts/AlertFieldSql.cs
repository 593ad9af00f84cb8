using System.Globalization;
using System.Text;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// The names by which alerts are searched and sorted, as SQL on the alert <c>a</c>: columns of the archive under names that mean the
/// same for every survey, and the fields of the packets' main records. The SQL is made of constants and of places in arrays.
/// </summary>
/// <param name="Sql">The value.</param>
/// <param name="Type">Its type.</param>
public sealed record AlertFieldSql(string Sql, NpgsqlDbType Type)
{
    /// <summary>Time of the exposure [MJD, UTC].</summary>
    public const string Time = "mjd";

    private static readonly Dictionary<string, (AlertFieldSql Field, string Meaning)> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        [Time] = (new("a.mjd", NpgsqlDbType.Double), "Time of the exposure [MJD, UTC]"),
        ["ra"] = (new("a.ra", NpgsqlDbType.Double), "Right ascension [deg]"),
        ["dec"] = (new("a.dec", NpgsqlDbType.Double), "Declination [deg]"),
        ["mag"] = (new("a.mag", NpgsqlDbType.Real), "PSF magnitude of the absolute difference flux [mag, AB]"),
        ["magpsf"] = (new("a.mag", NpgsqlDbType.Real), "PSF magnitude of the absolute difference flux [mag, AB]"),
        ["magerr"] = (new("a.mag_err", NpgsqlDbType.Real), "Its 1-sigma error [mag]"),
        ["sigmapsf"] = (new("a.mag_err", NpgsqlDbType.Real), "Its 1-sigma error [mag]"),
        ["score"] = (new("a.score", NpgsqlDbType.Real), "Real/bogus score, 0 to 1: drb, else rb; reliability for LSST and DECam"),
        ["programid"] = (new("a.programme", NpgsqlDbType.Bigint), "Programme of the exposure"),
        ["candid"] = (new("a.alert_id", NpgsqlDbType.Bigint), "The survey's number of the alert"),
    };

    private static readonly Dictionary<string, AlertFieldSql> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["objectId"] = new("a.obj_id", NpgsqlDbType.Text),
        ["filter"] = new("a.band", NpgsqlDbType.Text),
        ["survey"] = new("a.survey", NpgsqlDbType.Text),
    };

    /// <summary>Names of the columns, and what they mean.</summary>
    public static IEnumerable<(string Name, string Meaning)> Named => Columns.Select(column => (column.Key, column.Value.Meaning));

    /// <summary>Whether alerts can be searched by a name.</summary>
    public static bool IsKnown(string name) => Columns.ContainsKey(name) || AlertFields.Named(name).Count > 0;

    /// <summary>A numeric field; refuses names that none of the surveys has.</summary>
    public static AlertFieldSql Of(string name, IReadOnlyList<string>? surveys)
    {
        if (Columns.TryGetValue(name, out var column))
        {
            return column.Field;
        }

        var fields = AlertFields.Named(name).Where(field => surveys is null || surveys.Contains(field.Survey)).ToList();
        if (fields.Count == 0)
        {
            throw Refusal.Invalid(IsKnown(name) ? $"Invalid {name}: {string.Join(" and ", surveys!)} has no such field." : $"Invalid {name}: there is no such field.");
        }

        var sql = new StringBuilder("case a.survey");
        foreach (var field in fields)
        {
            sql.Append(CultureInfo.InvariantCulture, $" when '{field.Survey}' then a.{field.Column.ToString().ToLowerInvariant()}[{field.Position}]");
        }

        var type = fields.Exists(field => field.Column != fields[0].Column) ? NpgsqlDbType.Double : TypeOf(fields[0].Column);
        return new AlertFieldSql(sql.Append(" end").ToString(), type);
    }

    /// <summary>What alerts can be sorted by: every numeric field, and objectId, filter and survey. Refuses other names.</summary>
    public static AlertFieldSql ToSortBy(string name, IReadOnlyList<string>? surveys) => Texts.GetValueOrDefault(name) ?? Of(name, surveys);

    private static NpgsqlDbType TypeOf(AlertFieldColumn column) => column switch
    {
        AlertFieldColumn.Singles => NpgsqlDbType.Real,
        AlertFieldColumn.Doubles => NpgsqlDbType.Double,
        _ => NpgsqlDbType.Bigint,
    };
}
