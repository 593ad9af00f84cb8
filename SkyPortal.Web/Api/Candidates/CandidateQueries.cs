using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Reads the parameters of a list of candidates.</summary>
internal static class CandidateQueries
{
    public static CandidateCriteria Read(ApiQuery query)
    {
        var (page, perPage) = query.Page(25);
        if (query.Text("annotationExcludeOrigin") is not null || query.Text("annotationExcludeOutdatedDate") is not null)
        {
            throw Refusal.Invalid("annotationExcludeOrigin and annotationExcludeOutdatedDate are no longer supported.");
        }

        return new CandidateCriteria
        {
            GroupIds = query.Ints("groupIDs", "Invalid groupIDs value -- select at least one group"),
            FilterIds = query.Ints("filterIDs", "Invalid filterIDs parameter value."),
            StartDate = query.Time("startDate"),
            EndDate = query.Time("endDate"),
            SavedStatus = CandidateCriteria.ParseSavedStatus(query.Text("savedStatus")),
            MinRedshift = query.StrictNumber("minRedshift"),
            MaxRedshift = query.StrictNumber("maxRedshift"),
            ListName = query.Text("listName"),
            ListNameReject = query.Text("listNameReject"),
            Classifications = query.List("classifications"),
            ClassificationsReject = query.List("classificationsReject"),
            Annotations = Conditions(query.Text("annotationFilterList")),
            FirstDetectionAfter = query.Time("firstDetectionAfter"),
            LastDetectionBefore = query.Time("lastDetectionBefore"),
            NumberDetections = query.Text("numberDetections") is { } count
                ? int.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Refusal.Invalid($"Invalid numberDetections: {count}")
                : null,
            ExcludeForcedPhotometry = query.Bool("excludeForcedPhotometry"),
            RequireDetections = query.Bool("requireDetections", true),
            Sort = query.Text("sortByAnnotationOrigin") is { } origin && query.Text("sortByAnnotationKey") is { } key
                ? new AnnotationSort(origin, key, query.Text("sortByAnnotationOrder") == "desc")
                : null,
            QueryId = query.Text("queryID"),
            PageNumber = page,
            NumPerPage = perPage,
        };
    }

    // The list is objects joined by commas, not a JSON array; brackets make it one.
    private static IReadOnlyList<AnnotationCondition> Conditions(string? text)
    {
        if (text is null)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text.TrimStart().StartsWith('[') ? text : $"[{text}]");
            return [.. document.RootElement.EnumerateArray().Select(Condition)];
        }
        catch (JsonException)
        {
            throw Refusal.Invalid("Could not parse JSON objects for annotation filtering");
        }
    }

    private static AnnotationCondition Condition(JsonElement item)
    {
        string Required(string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Refusal.Invalid($"Invalid annotation filter list item {item.GetRawText()}: \"{name}\" is required.");
        double? Number(string name) => !item.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => throw Refusal.Invalid($"Invalid annotation filter list item {item.GetRawText()}: \"{name}\" must be a number."),
        };
        var (origin, key) = (Required("origin"), Required("key"));
        if (item.TryGetProperty("value", out var exact))
        {
            return new AnnotationCondition(origin, key, exact.ValueKind == JsonValueKind.String ? exact.GetString() : exact.GetRawText(), null, null);
        }

        var (min, max) = (Number("min"), Number("max"));
        return min is null || max is null
            ? throw Refusal.Invalid($"Invalid annotation filter list item {item.GetRawText()}: \"min\" and \"max\", or \"value\", are required.")
            : new AnnotationCondition(origin, key, null, min, max);
    }
}
