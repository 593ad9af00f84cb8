using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>
/// Reads searches of the alert archive in the words that MARS gave its users, and more: any numeric field of a packet may be
/// bounded as field, field__gt, field__gte, field__lt and field__lte. An empty value counts as none, as forms send it.
/// </summary>
public sealed class AlertQueryReader(FindPlace findPlace, TimeProvider clock)
{
    private const double JdOfMjd = 2_400_000.5;
    private const double SecondsPerDay = 86_400;
    private const int MostValues = 500;

    private static readonly Dictionary<string, AlertComparison> Comparisons = new(StringComparer.Ordinal)
    {
        ["gt"] = AlertComparison.Above, ["gte"] = AlertComparison.AtLeast, ["lt"] = AlertComparison.Below, ["lte"] = AlertComparison.AtMost, ["exact"] = AlertComparison.Equal,
    };

    // What is no bound of a field.
    private static readonly string[] Words =
    [
        "format", "page", "numPerPage", "cursor", "sort_value", "sort_order", "objectId", "candid", "survey", "programid", "filter", "isdiffpos", "time", "jd", "cone", "objectcone", "objectidps",
    ];

    /// <summary>Reads a search; refuses what it does not understand, by name.</summary>
    public async Task<AlertCriteria> ReadAsync(Viewer viewer, IEnumerable<KeyValuePair<string, string>> query, CancellationToken ct)
    {
        var criteria = new AlertCriteria();
        var bounds = new List<AlertBound>();
        (string Name, double Radius)? named = null;
        foreach (var (key, text) in query)
        {
            var value = text.Trim();
            if (value.Length == 0)
            {
                continue;
            }

            if (value.Contains('\0', StringComparison.Ordinal))
            {
                throw Refusal.Invalid($"Invalid {Shown(key)}: it holds a character that no text has.");
            }

            switch (key)
            {
                case "format":
                    break;
                case "page":
                    criteria = criteria with { Page = Count(key, value, int.MaxValue) };
                    break;
                case "numPerPage":
                    criteria = criteria with { PerPage = Count(key, value, AlertCriteria.MostPerPage) };
                    break;
                case "cursor":
                    criteria = criteria with { Cursor = value };
                    break;
                case "sort_value":
                    criteria = criteria with { Sort = SortOf(value) };
                    break;
                case "sort_order":
                    criteria = criteria with { Ascending = value.ToLowerInvariant() switch { "asc" => true, "desc" => false, _ => throw Refusal.Invalid($"Invalid sort_order: {Shown(value)} is neither asc nor desc.") } };
                    break;
                case "objectId" or "objectid" or "objectId__exact":
                    criteria = criteria with { ObjIds = List(key, value) };
                    break;
                case "candid" or "lco_id" or "diaSourceId":
                    criteria = criteria with { AlertIds = [.. List(key, value).Select(item => Integer(key, item))] };
                    break;
                case "survey":
                    criteria = criteria with { Surveys = [.. List(key, value).Select(item => GetAlert.SurveyOf(item) ?? throw Refusal.Invalid($"Invalid survey: {Shown(item)} is none of {string.Join(", ", AlertFields.SurveyNames)}."))] };
                    break;
                case "programid" or "programme":
                    criteria = criteria with { Programmes = [.. List(key, value).Select(item => Integer(key, item) is >= 0 and <= 1000 and var id ? (int)id : throw Refusal.Invalid($"Invalid {key}: {Shown(item)} is no programme."))] };
                    break;
                case "filter" or "band":
                    criteria = criteria with { Bands = [.. List(key, value).Select(item => item is [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z')] ? item.ToLowerInvariant() : throw Refusal.Invalid($"Invalid {key}: {Shown(item)} is no band letter."))] };
                    break;
                case "isdiffpos":
                    criteria = criteria with { IsPositive = value.ToLowerInvariant() switch { "t" or "1" or "true" => true, "f" or "0" or "false" => false, _ => throw Refusal.Invalid($"Invalid isdiffpos: {Shown(value)} is neither t nor f.") } };
                    break;
                case "time__since":
                    bounds.Add(new(AlertFieldSql.Time, AlertComparison.AtLeast, Mjd.DaysOf(clock.GetUtcNow().UtcDateTime) - (Number(key, value) is > 0 and < 1e10 and var seconds ? seconds / SecondsPerDay : throw Refusal.Invalid($"Invalid time__since: {Shown(value)} is no number of seconds above zero."))));
                    break;
                case "cone":
                    criteria = Cone(criteria, value);
                    break;
                case "objectcone":
                    named = Named(value);
                    break;
                case "objectidps":
                    bounds.Add(new("objectidps1", AlertComparison.Equal, 0, Integer(key, value)));
                    break;
                default:
                    bounds.Add(Bound(key, value));
                    break;
            }
        }

        criteria = criteria with { Bounds = bounds };
        // Everything else is checked before another server is asked.
        Check(criteria);
        return named is not { } name ? criteria
            : criteria.ConeCenter is not null ? throw Refusal.Invalid("Invalid objectcone: there is a cone already.")
            : criteria with { ConeCenter = await findPlace.HandleAsync(viewer, name.Name, ct), ConeRadiusDegrees = name.Radius };
    }

    private static void Check(AlertCriteria criteria)
    {
        AlertFieldSql.ToSortBy(criteria.Sort, criteria.Surveys);
        foreach (var bound in criteria.Bounds)
        {
            AlertFieldSql.Of(bound.Field, criteria.Surveys);
        }
    }

    private static string SortOf(string value) => value switch
    {
        "jd" or "time" or "wall_time" or "mjd" => AlertFieldSql.Time,
        "band" => "filter",
        "objectid" or "lco_id" => value == "lco_id" ? "candid" : "objectId",
        _ when AlertFieldSql.IsKnown(value) || value is "objectId" or "filter" or "survey" => value,
        _ => throw Unknown("sort_value", value),
    };

    private static AlertBound Bound(string key, string value)
    {
        var at = key.LastIndexOf("__", StringComparison.Ordinal);
        var (field, comparison) = at > 0 && Comparisons.TryGetValue(key[(at + 2)..], out var known) ? (key[..at], known) : (key, AlertComparison.Equal);
        switch (field)
        {
            case "time":
                var time = ApiTime.Parse(value) ?? throw Refusal.Invalid($"Invalid {key}: {Shown(value)} is not a date or time (UTC).");
                return new(AlertFieldSql.Time, comparison, Mjd.DaysOf(time));
            case "jd":
                return new(AlertFieldSql.Time, comparison, Number(key, value) - JdOfMjd);
            case "mjd":
                return new(AlertFieldSql.Time, comparison, Number(key, value));
        }

        if (!AlertFieldSql.IsKnown(field))
        {
            throw Unknown("parameter", field);
        }

        var truth = value.ToLowerInvariant() switch { "true" or "t" => "1", "false" or "f" => "0", _ => value };
        return new(field, comparison, Number(key, truth), long.TryParse(truth, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer : null);
    }

    private static AlertCriteria Cone(AlertCriteria criteria, string value)
    {
        var parts = value.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 3 && SkyPosition.TryParse(parts[0], parts[1], out var center)
            ? criteria with { ConeCenter = center, ConeRadiusDegrees = Radius("cone", parts[2]) }
            : throw Refusal.Invalid($"Invalid cone: {Shown(value)} is not ra,dec,radius in degrees.");
    }

    private static (string Name, double Radius) Named(string value)
    {
        var at = value.LastIndexOf(',');
        return at > 0 ? (value[..at].Trim(), Radius("objectcone", value[(at + 1)..].Trim())) : throw Refusal.Invalid($"Invalid objectcone: {Shown(value)} is not name,radius with the radius in degrees.");
    }

    private static double Radius(string key, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var radius) && radius is > 0 and <= AlertCriteria.LargestConeDegrees
            ? radius
            : throw Refusal.Invalid($"Invalid {key}: the radius {Shown(value)} is not within 0 to {AlertCriteria.LargestConeDegrees} degrees.");

    private static string[] List(string key, string value) =>
        value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 and <= MostValues } items
            ? items
            : throw Refusal.Invalid($"Invalid {key}: it takes 1 to {MostValues} values.");

    private static int Count(string key, string value, int most) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw Refusal.Invalid(most == int.MaxValue ? $"Invalid {key}: {Shown(value)} is no number from 1." : $"Invalid {key}: {Shown(value)} is no number from 1 to {most}.");

    private static long Integer(string key, string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Refusal.Invalid($"Invalid {key}: {Shown(value)} is no integer.");

    private static double Number(string key, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Refusal.Invalid($"Invalid {Shown(key)}: {Shown(value)} is no number.");

    private static Refusal Unknown(string what, string name)
    {
        var closest = AlertFields.Closest(name, Words.Concat(AlertFieldSql.Named.Select(column => column.Name))).Take(3).ToList();
        return Refusal.Invalid($"Unknown {what} {Shown(name)}{(closest.Count == 0 ? "." : $": did you mean {string.Join(" or ", closest)}?")}");
    }

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
