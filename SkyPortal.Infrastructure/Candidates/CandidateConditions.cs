using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>
/// The conditions of a criteria as SQL over <c>c</c>, a row of candidates, with their parameters. Every text that comes from
/// outside is a parameter; the SQL itself is made of constants.
/// </summary>
internal sealed class CandidateConditions
{
    private const string UpToLastId = " and c.id <= @last_id";

    // A window of so many days has fewer passings than a place of more than so much of the sky has objects.
    private const double FewSquareDegrees = 150;
    private static readonly TimeSpan ShortWindow = TimeSpan.FromDays(3);
    private readonly StringBuilder _sql = new();
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly bool _isShort;
    private SkyMapPlace? _place;

    public CandidateConditions(Viewer viewer, CandidateCriteria criteria, int[] scopeGroupIds, long? lastId, DateTime now)
    {
        _isShort = criteria.StartDate is { } start && (criteria.EndDate ?? now) - start <= ShortWindow;
        Add("passed_from", NpgsqlDbType.TimestampTz, criteria.StartDate, "c.passed_at >= @passed_from");
        Add("passed_to", NpgsqlDbType.TimestampTz, criteria.EndDate, "c.passed_at <= @passed_to");
        if (lastId is { } last)
        {
            Parameter("last_id", NpgsqlDbType.Bigint, last);
            _sql.Append(UpToLastId);
        }

        Window = _sql.ToString();
        Saved(viewer, criteria.SavedStatus, scopeGroupIds);
        Obj(criteria);
        Placed(criteria.Place);
        Lists(viewer, criteria);
        Seen(viewer, criteria, scopeGroupIds);
        Classes(viewer, criteria);
        Annotated(viewer, criteria);
        AnnotatedPoints(viewer, criteria.PointAnnotations);
        Detections(viewer, criteria);
    }

    /// <summary>Conditions on the passing itself; with a leading "and" each.</summary>
    public string Window { get; }

    /// <summary>All conditions; with a leading "and" each.</summary>
    public string Sql => _sql.ToString();

    /// <summary>Conditions on the object alone, which need <c>c.obj_id</c> and no more; with a leading "and" each.</summary>
    public string OfObject => Sql[Window.Length..];

    /// <summary>The window over another name of the table; with a leading "and" each.</summary>
    public string WindowOf(string alias) => Window.Replace("c.", alias + ".", StringComparison.Ordinal);

    /// <summary>Tells equal conditions from others, at whatever candidate the listing began.</summary>
    public string Key => $"{_place?.Key} {KeyOf(Sql, _parameters.Where(parameter => !SkyMapPlace.IsIts(parameter)))}";

    /// <summary>Tells windows from others in the same way.</summary>
    public string WindowKey => KeyOf(Window, _parameters.Where(parameter => Window.Contains("@" + parameter.ParameterName, StringComparison.Ordinal)));

    /// <summary>Whether there is no condition but the window.</summary>
    public bool IsPlain => _sql.Length == Window.Length && _place is null;

    /// <summary>Whether the objects are looked for at a place, which costs as much as that has objects and not as the window.</summary>
    public bool IsOfAPlace => _place is { IsNarrow: true };

    /// <summary>
    /// Objects of the filters <c>@filters</c> that passed within the window, each with its newest passing. At a narrow place what passed
    /// is looked up object by object. Where that has more objects than the window has passings, these are read and told by their names,
    /// which must not be an index's column for that.
    /// </summary>
    /// <param name="more">A further condition on the passing, with a leading "and".</param>
    public string Passed(string more = "") => $"""
        select c.obj_id, max(c.passed_at) as newest
        from candidates c
        where c.filter_id = any(@filters){Window}{more}{OfPlace}
        group by c.obj_id
        """;

    private string OfPlace => !IsOfAPlace ? ""
        : _isShort && _place!.Region.AreaSquareDegrees > FewSquareDegrees ? $" and c.obj_id || '' in (select inside.id from unnest({SkyMapPlace.Ids}) as inside (id))"
        : $" and c.obj_id = any({SkyMapPlace.Ids})";

    /// <summary>Adds the parameters to a command.</summary>
    public void Bind(NpgsqlParameterCollection parameters)
    {
        foreach (var parameter in _parameters)
        {
            parameters.Add(parameter.Clone());
        }
    }

    private void Saved(Viewer viewer, SavedStatus status, int[] scope)
    {
        if (status == SavedStatus.All)
        {
            return;
        }

        var accessible = status is SavedStatus.SavedToAnyAccessible or SavedStatus.NotSavedToAnyAccessible;
        Parameter("saved_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer, accessible ? viewer.GroupIds : scope);
        Visible(viewer);
        var saved = $"from sources s where s.obj_id = c.obj_id and s.active and {(accessible ? "(@sees_all or s.group_id = any(@saved_groups))" : "s.group_id = any(@saved_groups)")}";
        Condition(status switch
        {
            SavedStatus.SavedToAnySelected or SavedStatus.SavedToAnyAccessible => $"exists (select 1 {saved})",
            SavedStatus.NotSavedToAnySelected or SavedStatus.NotSavedToAnyAccessible => $"not exists (select 1 {saved})",
            SavedStatus.SavedToAllSelected => $"(select count(*) {saved}) = cardinality(@saved_groups)",
            _ => $"(select count(*) {saved}) < cardinality(@saved_groups)",
        });
    }

    private void Obj(CandidateCriteria criteria)
    {
        Add("min_redshift", NpgsqlDbType.Double, criteria.MinRedshift, "exists (select 1 from objs o where o.id = c.obj_id and o.redshift >= @min_redshift)");
        Add("max_redshift", NpgsqlDbType.Double, criteria.MaxRedshift, "exists (select 1 from objs o where o.id = c.obj_id and o.redshift <= @max_redshift)");
    }

    // A narrow place is where the statement begins; objects in a wide one are told by looking at each.
    private void Placed(SkyMapPlace? place)
    {
        _place = place;
        if (place is { IsNarrow: true })
        {
            _parameters.AddRange(place.Bounds);
        }
        else if (place is not null)
        {
            _parameters.Add(place.Whole);
            Condition($"exists (select 1 from objs o where o.id = c.obj_id and {SkyMapPlace.Holds})");
        }
    }

    private void Lists(Viewer viewer, CandidateCriteria criteria)
    {
        if (criteria.ListName is null && criteria.ListNameReject is null)
        {
            return;
        }

        Visible(viewer);
        const string listed = "exists (select 1 from listings l where l.user_id = @viewer_user and l.obj_id = c.obj_id and l.list_name = ";
        Add("on_list", NpgsqlDbType.Text, criteria.ListName, listed + "@on_list)");
        Add("not_on_list", NpgsqlDbType.Text, criteria.ListNameReject, "not " + listed + "@not_on_list)");
    }

    // Who looked counts only for those of a common group that is scanned, as the cards tell it.
    private void Seen(Viewer viewer, CandidateCriteria criteria, int[] scope)
    {
        if (criteria.Seen == SeenStatus.Any)
        {
            return;
        }

        Visible(viewer);
        const string own = "v.user_id = @viewer_user";
        var condition = own;
        if (criteria.Seen is SeenStatus.ByGroup or SeenStatus.NotByGroup)
        {
            Parameter("seen_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer, viewer.SeesAll ? scope : [.. scope.Intersect(viewer.GroupIds)]);
            condition = $"({own} or exists (select 1 from group_users m join groups g on g.id = m.group_id where m.user_id = v.user_id and m.group_id = any(@seen_groups) and not g.sitewide))";
        }

        Condition($"{(criteria.Seen is SeenStatus.ByMe or SeenStatus.ByGroup ? "" : "not ")}exists (select 1 from candidate_views v where v.obj_id = c.obj_id and {condition})");
    }

    private void Classes(Viewer viewer, CandidateCriteria criteria)
    {
        if (criteria.Classifications is null && criteria.ClassificationsReject is null)
        {
            return;
        }

        Visible(viewer);
        const string classified = "exists (select 1 from classifications k join taxonomies x on x.id = k.taxonomy_id where k.obj_id = c.obj_id"
            + " and (@sees_all or (k.group_ids && @viewer_groups and x.group_ids && @viewer_groups)) and k.classification = any(";
        Add("classes", NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.Classifications, classified + "@classes))");
        Add("no_classes", NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.ClassificationsReject, "not " + classified + "@no_classes))");
    }

    private void Annotated(Viewer viewer, CandidateCriteria criteria)
    {
        if (criteria.Annotations.Count + criteria.EachAnnotation.Count == 0)
        {
            return;
        }

        Visible(viewer);
        if (criteria.Annotations.Count > 0)
        {
            Condition(AnnotationRow(string.Concat(criteria.Annotations.Select((condition, at) => AnnotationTest($"a{at}", condition)))));
        }

        for (var i = 0; i < criteria.EachAnnotation.Count; i++)
        {
            Condition(AnnotationRow(AnnotationTest($"e{i}", criteria.EachAnnotation[i])));
        }
    }

    private static string AnnotationRow(string tests) =>
        $"exists (select 1 from annotations a where a.obj_id = c.obj_id and (@sees_all or a.group_ids && @viewer_groups){tests})";

    // Numbers are compared as JSON paths do it: a cast would fail on numbers beyond those of double precision.
    private string AnnotationTest(string name, AnnotationCondition condition)
    {
        Parameter($"{name}_origin", NpgsqlDbType.Text, condition.Origin);
        Parameter($"{name}_key", NpgsqlDbType.Text, condition.Key);
        var row = $" and a.origin = @{name}_origin and a.data ? @{name}_key";
        if (condition.Value is not null)
        {
            Parameter($"{name}_value", NpgsqlDbType.Text, condition.Value);
            return $"{row} and a.data ->> @{name}_key = @{name}_value";
        }

        Parameter(
            $"{name}_range", NpgsqlDbType.Text,
            FormattableString.Invariant($"{{\"min\": {condition.Min ?? double.MinValue:R}, \"max\": {condition.Max ?? double.MaxValue:R}}}"));
        return $"{row} and jsonb_path_exists(a.data -> @{name}_key, 'strict $ ? (@ >= $min && @ <= $max)', @{name}_range::jsonb)";
    }

    // The points themselves must be visible too, or annotations would tell of them.
    private void AnnotatedPoints(Viewer viewer, PointAnnotationCriteria? criteria)
    {
        if (criteria is null)
        {
            return;
        }

        Visible(viewer);
        var row = new StringBuilder("""
            select 1 from annotations_on_photometry a
            where a.obj_id = c.obj_id and (@sees_all or a.group_ids && @viewer_groups)
              and exists (select 1 from photometry point where point.id = a.photometry_id and point.obj_id = a.obj_id
                    and (@sees_all or point.group_ids && @viewer_groups or point.stream_ids && @viewer_streams or point.owner_id = @viewer_user))
            """);
        And(row, "pa_origins", NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.LowerOrigins, "lower(a.origin) = any(@pa_origins)");
        And(row, "pa_before", NpgsqlDbType.TimestampTz, criteria.Before, "a.created_at <= @pa_before");
        And(row, "pa_after", NpgsqlDbType.TimestampTz, criteria.After, "a.created_at >= @pa_after");
        for (var i = 0; i < criteria.Tests.Count; i++)
        {
            var test = criteria.Tests[i];
            Parameter($"pa{i}_key", NpgsqlDbType.Text, test.Key);
            row.Append(CultureInfo.InvariantCulture, $" and a.data ? @pa{i}_key");
            if (test.Operator is { } sign)
            {
                Parameter($"pa{i}_value", NpgsqlDbType.Text, $"{{\"value\": {test.ValueJson}}}");
                row.Append(CultureInfo.InvariantCulture, $" and jsonb_path_exists(a.data -> @pa{i}_key, 'strict $ ? (@ {Sign(sign)} $value)', @pa{i}_value::jsonb)");
            }
        }

        Parameter("pa_least", NpgsqlDbType.Integer, criteria.MinCount);
        Condition($"(select count(*) from ({row} limit @pa_least) matching) >= @pa_least");
    }

    // Statistics count only for who may see every point behind them.
    private void Detections(Viewer viewer, CandidateCriteria criteria)
    {
        if (!criteria.RequireDetections)
        {
            return;
        }

        var column = criteria.ExcludeForcedPhotometry ? "_no_forced_phot" : "";
        var tests = new StringBuilder();
        And(tests, "first_after", NpgsqlDbType.Double, ToMjd(criteria.FirstDetectionAfter), $"p.first_detected{column}_mjd >= @first_after");
        And(tests, "last_before", NpgsqlDbType.Double, ToMjd(criteria.LastDetectionBefore), $"p.last_detected{column}_mjd <= @last_before");
        And(tests, "detections", NpgsqlDbType.Integer, criteria.NumberDetections, $"p.num_det{column}_global >= @detections");
        if (tests.Length > 0)
        {
            Visible(viewer);
            Condition($"exists (select 1 from photstats p where p.obj_id = c.obj_id{tests} and {ViewerSql.SeesPhotStats})");
        }
    }

    private static string KeyOf(string sql, IEnumerable<NpgsqlParameter> parameters) => sql.Replace(UpToLastId, "", StringComparison.Ordinal) + string.Join(
        ';', parameters.Where(parameter => parameter.ParameterName != "last_id").Select(parameter => parameter.ParameterName + "=" + Printed(parameter.Value)));

    private void Visible(Viewer viewer)
    {
        if (_parameters.Any(parameter => parameter.ParameterName == "sees_all"))
        {
            return;
        }

        Parameter("sees_all", NpgsqlDbType.Boolean, viewer.SeesAll);
        Parameter("viewer_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer, viewer.GroupIds);
        Parameter("viewer_streams", NpgsqlDbType.Array | NpgsqlDbType.Integer, viewer.StreamIds);
        Parameter("viewer_user", NpgsqlDbType.Integer, viewer.UserId ?? 0);
    }

    private void And(StringBuilder conditions, string name, NpgsqlDbType type, object? value, string condition)
    {
        if (value is not null)
        {
            Parameter(name, type, value);
            conditions.Append(" and ").Append(condition);
        }
    }

    private void Add(string name, NpgsqlDbType type, object? value, string condition)
    {
        if (value is not null)
        {
            Parameter(name, type, value);
            Condition(condition);
        }
    }

    private void Parameter(string name, NpgsqlDbType type, object value) => _parameters.Add(new NpgsqlParameter(name, type) { Value = value });

    private void Condition(string condition) => _sql.Append(" and ").Append(condition);

    private static double? ToMjd(DateTime? time) => time is { } utc ? Mjd.DaysOf(utc) : null;

    private static string? Printed(object? value) => value switch
    {
        Array items => string.Join(',', items.Cast<object>()),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Sign(JsonComparison comparison) => comparison switch
    {
        JsonComparison.Lt => "<",
        JsonComparison.Le => "<=",
        JsonComparison.Eq => "==",
        JsonComparison.Ne => "!=",
        JsonComparison.Ge => ">=",
        _ => ">",
    };
}
