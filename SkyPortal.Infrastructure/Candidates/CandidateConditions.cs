using System.Text;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>
/// The conditions of a criteria as SQL over <c>c</c>, a row of candidates, with their parameters. Every text that comes from
/// outside is a parameter; the SQL itself is made of constants.
/// </summary>
internal sealed class CandidateConditions
{
    private readonly StringBuilder _sql = new();
    private readonly List<NpgsqlParameter> _parameters = [];

    public CandidateConditions(Viewer viewer, CandidateCriteria criteria, int[] scopeGroupIds, long? lastId)
    {
        Add("passed_from", NpgsqlDbType.TimestampTz, criteria.StartDate, "c.passed_at >= @passed_from");
        Add("passed_to", NpgsqlDbType.TimestampTz, criteria.EndDate, "c.passed_at <= @passed_to");
        Add("last_id", NpgsqlDbType.Bigint, lastId, "c.id <= @last_id");
        Window = _sql.ToString();
        IsPlain = true;
        var plain = _sql.Length;
        Saved(viewer, criteria.SavedStatus, scopeGroupIds);
        Obj(criteria);
        Lists(viewer, criteria);
        Classes(viewer, criteria);
        Annotated(viewer, criteria);
        Detections(criteria);
        IsPlain = _sql.Length == plain;
    }

    /// <summary>Conditions on the passing itself; with a leading "and" each.</summary>
    public string Window { get; }

    /// <summary>All conditions; with a leading "and" each.</summary>
    public string Sql => _sql.ToString();

    /// <summary>The window over another name of the table; with a leading "and" each.</summary>
    public string WindowOf(string alias) => Window.Replace("c.", alias + ".", StringComparison.Ordinal);

    /// <summary>Tells equal conditions from others.</summary>
    public string Key => _sql + string.Join(';', _parameters.Select(parameter => parameter.ParameterName + "=" + parameter.Value switch
    {
        Array items => string.Join(',', items.Cast<object>()),
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    }));

    /// <summary>Whether there is no condition but the window.</summary>
    public bool IsPlain { get; }

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
        const string saved = "from sources s where s.obj_id = c.obj_id and s.active and s.group_id = any(@saved_groups)";
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

    private void Lists(Viewer viewer, CandidateCriteria criteria)
    {
        if (criteria.ListName is null && criteria.ListNameReject is null && !criteria.UnseenByMe)
        {
            return;
        }

        Parameter("viewer_id", NpgsqlDbType.Integer, viewer.UserId ?? 0);
        const string listed = "exists (select 1 from listings l where l.user_id = @viewer_id and l.obj_id = c.obj_id and l.list_name = ";
        Add("on_list", NpgsqlDbType.Text, criteria.ListName, listed + "@on_list)");
        Add("not_on_list", NpgsqlDbType.Text, criteria.ListNameReject, "not " + listed + "@not_on_list)");
        if (criteria.UnseenByMe)
        {
            Condition("not exists (select 1 from candidate_views v where v.obj_id = c.obj_id and v.user_id = @viewer_id)");
        }
    }

    private void Classes(Viewer viewer, CandidateCriteria criteria)
    {
        if (criteria.Classifications is null && criteria.ClassificationsReject is null)
        {
            return;
        }

        Visible(viewer);
        const string classified = "exists (select 1 from classifications k where k.obj_id = c.obj_id and (@sees_all or k.group_ids && @viewer_groups) and k.classification = any(";
        Add("classes", NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.Classifications, classified + "@classes))");
        Add("no_classes", NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.ClassificationsReject, "not " + classified + "@no_classes))");
    }

    private void Annotated(Viewer viewer, CandidateCriteria criteria)
    {
        if (criteria.Annotations.Count == 0)
        {
            return;
        }

        Visible(viewer);
        var row = new StringBuilder("exists (select 1 from annotations a where a.obj_id = c.obj_id and (@sees_all or a.group_ids && @viewer_groups)");
        for (var i = 0; i < criteria.Annotations.Count; i++)
        {
            var condition = criteria.Annotations[i];
            Parameter($"a{i}_origin", NpgsqlDbType.Text, condition.Origin);
            Parameter($"a{i}_key", NpgsqlDbType.Text, condition.Key);
            row.Append(FormattableString.Invariant($" and a.origin = @a{i}_origin and a.data ? @a{i}_key"));
            if (condition.Value is not null)
            {
                Parameter($"a{i}_value", NpgsqlDbType.Text, condition.Value);
                row.Append(FormattableString.Invariant($" and a.data ->> @a{i}_key = @a{i}_value"));
                continue;
            }

            Parameter($"a{i}_min", NpgsqlDbType.Double, condition.Min ?? double.NegativeInfinity);
            Parameter($"a{i}_max", NpgsqlDbType.Double, condition.Max ?? double.PositiveInfinity);
            row.Append(FormattableString.Invariant(
                $" and case when jsonb_typeof(a.data -> @a{i}_key) = 'number' then (a.data ->> @a{i}_key)::float8 between @a{i}_min and @a{i}_max else false end"));
        }

        Condition(row.Append(')').ToString());
    }

    private void Detections(CandidateCriteria criteria)
    {
        if (!criteria.RequireDetections)
        {
            return;
        }

        var column = criteria.ExcludeForcedPhotometry ? "_no_forced_phot" : "";
        var count = criteria.ExcludeForcedPhotometry ? "num_det_no_forced_phot_global" : "num_det_global";
        const string stat = "exists (select 1 from photstats p where p.obj_id = c.obj_id and p.";
        Add("first_after", NpgsqlDbType.Double, ToMjd(criteria.FirstDetectionAfter), $"{stat}first_detected{column}_mjd >= @first_after)");
        Add("last_before", NpgsqlDbType.Double, ToMjd(criteria.LastDetectionBefore), $"{stat}last_detected{column}_mjd <= @last_before)");
        Add("detections", NpgsqlDbType.Integer, criteria.NumberDetections, $"{stat}{count} >= @detections)");
    }

    private void Visible(Viewer viewer)
    {
        if (_parameters.Any(parameter => parameter.ParameterName == "sees_all"))
        {
            return;
        }

        Parameter("sees_all", NpgsqlDbType.Boolean, viewer.SeesAll);
        Parameter("viewer_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer, viewer.GroupIds);
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

    private static double? ToMjd(DateTime? time) => time is { } utc ? (utc - new DateTime(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc)).TotalDays : null;
}
