using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api;
using SkyPortal.Web.Api.Sources;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>
/// The state of the list of sources as its address holds it: a few short names of its own, and any condition of the API under the
/// API's name, so that what the page shows is what a program gets for the same query.
/// </summary>
public sealed class SourceListAddress
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/sources";

    /// <summary>Rows on a page.</summary>
    public const int PerPage = 50;

    private const double QuickRadiusDegrees = 10 / 3600.0;
    private const string CommentWord = "comment:";
    private static readonly Dictionary<string, string> ApiNames = new()
    {
        ["group"] = "group_ids", ["sort"] = "sortBy", ["order"] = "sortOrder", ["page"] = "pageNumber",
    };

    private static readonly string[] Own = ["q", "group", "saved", "classified", "sort", "order", "page", "cols"];
    private readonly ImmutableSortedDictionary<string, string> _values;

    private SourceListAddress(ImmutableSortedDictionary<string, string> values) => _values = values;

    /// <summary>Reads an address.</summary>
    public static SourceListAddress Parse(string uri)
    {
        var known = Own.Concat(SourceFilterFields.All.Select(field => field.Name)).ToHashSet(StringComparer.Ordinal);
        return new(QueryHelpers.ParseQuery(new Uri(uri).Query)
            .Where(pair => known.Contains(pair.Key) && pair.Value is { Count: > 0 } && !string.IsNullOrWhiteSpace(pair.Value[^1]))
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value[^1]!.Replace("\0", "", StringComparison.Ordinal), StringComparer.Ordinal));
    }

    /// <summary>A value; null where the address has none.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Number of the page, from 1.</summary>
    public int Page => int.TryParse(this["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, 1_000_000) : 1;

    /// <summary>By what it is sorted, in the API's words.</summary>
    public string Sort => this["sort"] ?? "saved_at";

    /// <summary>Smallest first.</summary>
    public bool Ascending => this["order"] is { } order ? order == "asc" : Sort is not ("saved_at" or "favorites" or "num_detections");

    /// <summary>Columns that the address names; null where the person's own are meant.</summary>
    public string[]? Columns => this["cols"]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether anything narrows the list.</summary>
    public bool IsFiltered => _values.Keys.Any(name => name is not ("sort" or "order" or "page" or "cols"));

    /// <summary>The conditions of the form, each with its words and the address without it.</summary>
    public IEnumerable<(string Label, string Value, SourceListAddress Without)> Chips => SourceFilterFields.All
        .Where(condition => this[condition.Name] is not null)
        .Select(condition => (condition.Label, condition.Kind == SourceFilterKind.Switch ? "" : $"{this[condition.Name]}{condition.Unit}", With(SourceFilterFields.TogetherWith(condition.Name), null)));

    /// <summary>The address with another value, on its first page; null or empty takes the value away.</summary>
    public SourceListAddress With(string name, string? value) => With([name], value);

    /// <summary>The address of another page.</summary>
    public SourceListAddress AtPage(int page) => new(page > 1 ? _values.SetItem("page", page.ToString(CultureInfo.InvariantCulture)) : _values.Remove("page"));

    /// <summary>The address sorted by something; the other way round where it was so sorted already.</summary>
    public SourceListAddress SortedBy(string sort) => Sort == sort
        ? With("sort", sort).With("order", Ascending ? "desc" : "asc")
        : With("order", null).With("sort", sort == "saved_at" ? null : sort);

    /// <summary>The criteria; refuses values that make no sense, as the API does.</summary>
    public SourceCriteria Criteria(DateTime now)
    {
        var criteria = SourceCriteriaReader.Read(new ApiQuery(ApiQuery()), needsWindow: false);
        criteria = criteria with
        {
            Classified = this["classified"] == "yes",
            Unclassified = this["classified"] == "no",
            SavedAfter = int.TryParse(this["saved"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 100_000
                ? Later(now.AddDays(-days), criteria.SavedAfter)
                : criteria.SavedAfter,
        };
        return this["q"]?.Trim() switch
        {
            null or "" => criteria,
            var text when text.StartsWith(CommentWord, StringComparison.OrdinalIgnoreCase) =>
                criteria with { CommentParts = [.. criteria.CommentParts ?? [], text[CommentWord.Length..].Trim()] },
            var text when SkyPosition.TryParse(text, out var center) => criteria with { ConeCenter = center, ConeRadiusDegrees = QuickRadiusDegrees },
            var text => criteria with { AnyNamePart = text },
        };
    }

    /// <summary>The same conditions as a query of the API; only conditions that the API has.</summary>
    public string ApiAddress(string path, DateTime now, params (string Name, string Value)[] more)
    {
        var query = ApiQuery().Where(pair => pair.Key is not ("pageNumber" or "numPerPage")).ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString());
        var criteria = Criteria(now);
        void Set(bool isSet, string name, string? value)
        {
            if (isSet)
            {
                query[name] = value;
            }
        }

        Set(criteria.Classified, "classified", "true");
        Set(criteria.Unclassified, "unclassified", "true");
        Set(criteria.SavedAfter is not null, "savedAfter", criteria.SavedAfter?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        Set(criteria.AnyNamePart is not null, "anyName", criteria.AnyNamePart);
        Set(criteria.CommentParts is not null, "commentsFilter", string.Join(',', criteria.CommentParts ?? []));
        if (criteria.ConeCenter is { } center)
        {
            Set(true, "ra", center.RaDegrees.ToString("R", CultureInfo.InvariantCulture));
            Set(true, "dec", center.DecDegrees.ToString("R", CultureInfo.InvariantCulture));
            Set(true, "radius", criteria.ConeRadiusDegrees.ToString("R", CultureInfo.InvariantCulture));
        }

        foreach (var (name, value) in more)
        {
            query[name] = value;
        }

        return QueryHelpers.AddQueryString(path, query);
    }

    /// <summary>The address; what is as usual is left out.</summary>
    public override string ToString() => QueryHelpers.AddQueryString(Path, _values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));

    /// <summary>The address with several values, on its first page; those that are null are taken away.</summary>
    public SourceListAddress With(IReadOnlyDictionary<string, string?> values)
    {
        var changed = _values.Remove("page");
        foreach (var (name, value) in values)
        {
            changed = string.IsNullOrWhiteSpace(value) ? changed.Remove(name) : changed.SetItem(name, value.Trim());
        }

        return new(changed);
    }

    private SourceListAddress With(IEnumerable<string> names, string? value) => With(names.ToDictionary(name => name, _ => value));

    private static DateTime Later(DateTime one, DateTime? other) => other > one ? other.Value : one;

    private QueryCollection ApiQuery()
    {
        var query = _values.Where(pair => pair.Key is not ("q" or "saved" or "classified" or "cols"))
            .ToDictionary(pair => ApiNames.GetValueOrDefault(pair.Key, pair.Key), pair => new StringValues(pair.Value));
        query["numPerPage"] = PerPage.ToString(CultureInfo.InvariantCulture);
        query["pageNumber"] = Page.ToString(CultureInfo.InvariantCulture);
        query["sortOrder"] = Ascending ? "asc" : "desc";
        return new QueryCollection(query);
    }
}
