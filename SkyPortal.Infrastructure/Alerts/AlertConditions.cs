using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// The conditions of a criteria as SQL on the alert <c>a</c>, the viewer's rights among them. Every value that comes from outside is
/// a parameter; the SQL itself is made of constants.
/// </summary>
internal sealed class AlertConditions
{
    /// <summary>Whether the viewer may read the alert <c>a</c>; the same rule as the policy of alerts.</summary>
    public const string SeesAlert = "(@sees_all or a.stream_ids && @viewer_streams)";

    // Beyond this a cone is a good part of the sky, and ranges of pixels no longer help.
    private const double RangesUpToDegrees = 20;

    private readonly StringBuilder _where = new(SeesAlert);
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly Viewer _viewer;

    public AlertConditions(Viewer viewer, AlertCriteria criteria)
    {
        _viewer = viewer;
        Any("a.survey", NpgsqlDbType.Text, criteria.Surveys);
        Any("a.obj_id", NpgsqlDbType.Text, criteria.ObjIds);
        Any("a.alert_id", NpgsqlDbType.Bigint, criteria.AlertIds);
        Any("a.programme", NpgsqlDbType.Integer, criteria.Programmes);
        Any("a.band", NpgsqlDbType.Text, criteria.Bands);
        if (criteria.IsPositive is { } positive)
        {
            And($"a.is_positive = {Parameter(NpgsqlDbType.Boolean, positive)}");
        }

        foreach (var bound in criteria.Bounds)
        {
            Bound(bound, criteria.Surveys);
        }

        Cone(criteria);
        IsNarrow = criteria.ObjIds is not null || criteria.AlertIds is not null || criteria.ConeCenter is not null;
    }

    /// <summary>What is read from, up to "where".</summary>
    public string From { get; private set; } = "alerts a";

    /// <summary>The conditions, after "where".</summary>
    public string Where => _where.ToString();

    /// <summary>Whether few alerts are left by an index, so that they are gathered first and sorted then.</summary>
    public bool IsNarrow { get; }

    /// <summary>Adds a condition.</summary>
    public void And(string sql) => _where.Append(" and ").Append(sql);

    /// <summary>Adds a parameter and returns how SQL names it.</summary>
    public string Parameter(NpgsqlDbType type, object value)
    {
        var name = "p" + _parameters.Count.ToString(CultureInfo.InvariantCulture);
        _parameters.Add(new NpgsqlParameter(name, type) { Value = value });
        return "@" + name;
    }

    /// <summary>Adds the parameters to a command.</summary>
    public NpgsqlCommand Bind(NpgsqlCommand command)
    {
        command.Parameters.AddWithValue("sees_all", _viewer.SeesAll);
        command.Parameters.AddWithValue("viewer_streams", _viewer.StreamIds);
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    private void Any<T>(string column, NpgsqlDbType type, T[]? values)
    {
        if (values is not null)
        {
            And($"{column} = any({Parameter(NpgsqlDbType.Array | type, values)})");
        }
    }

    private void Bound(AlertBound bound, IReadOnlyList<string>? surveys)
    {
        var field = AlertFieldSql.Of(bound.Field, surveys);
        var sign = bound.Comparison switch
        {
            AlertComparison.Above => ">",
            AlertComparison.AtLeast => ">=",
            AlertComparison.Below => "<",
            AlertComparison.AtMost => "<=",
            _ => "=",
        };
        var value = field.Type switch
        {
            NpgsqlDbType.Real => Parameter(NpgsqlDbType.Real, (float)bound.Value),
            NpgsqlDbType.Bigint when bound.Integer is { } integer => Parameter(NpgsqlDbType.Bigint, integer),
            NpgsqlDbType.Bigint => throw Refusal.Invalid($"Invalid {bound.Field}: it is an integer."),
            _ => Parameter(NpgsqlDbType.Double, bound.Value),
        };
        And($"{field.Sql} {sign} {value}");
        if (bound.Field == AlertFieldSql.Time)
        {
            // Nights outside are not even looked at. At the edges the nights of surveys differ.
            var (earliest, latest) = SurveyNight.Range(surveys, bound.Value);
            var first = Parameter(NpgsqlDbType.Date, earliest);
            var last = Parameter(NpgsqlDbType.Date, latest);
            And(bound.Comparison switch
            {
                AlertComparison.Above or AlertComparison.AtLeast => $"a.night >= {first}",
                AlertComparison.Below or AlertComparison.AtMost => $"a.night <= {last}",
                _ => $"a.night between {first} and {last}",
            });
        }
    }

    private void Cone(AlertCriteria criteria)
    {
        if (criteria.ConeCenter is not { } center)
        {
            return;
        }

        if (criteria.ConeRadiusDegrees <= RangesUpToDegrees)
        {
            // Index alerts (healpix): a few ranges, disjoint, then the exact separation.
            var ranges = Healpix.ConeToRanges(center, criteria.ConeRadiusDegrees);
            var firsts = Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bigint, ranges.Select(range => range.Start).ToArray());
            var pasts = Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bigint, ranges.Select(range => range.End).ToArray());
            From = $"unnest({firsts}, {pasts}) as cone (first, past) join alerts a on a.healpix >= cone.first and a.healpix < cone.past";
        }

        // Haversine; exact also for small separations.
        var ra = Parameter(NpgsqlDbType.Double, center.RaDegrees);
        var dec = Parameter(NpgsqlDbType.Double, center.DecDegrees);
        And($"2 * asind(least(1, sqrt(power(sind((a.dec - {dec}) / 2), 2) + cosd(a.dec) * cosd({dec}) * power(sind((a.ra - {ra}) / 2), 2)))) <= {Parameter(NpgsqlDbType.Double, criteria.ConeRadiusDegrees)}");
    }
}
