using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Searches the archive and answers as MARS did.</summary>
public sealed class MarsSearch(AlertQueryReader reader, SearchAlerts search, OpenPackets open)
{
    private const int MostQueries = 20;

    /// <summary>One search: a page of alerts with their packets.</summary>
    public async Task<Dictionary<string, object?>> HandleAsync(Viewer viewer, IReadOnlyDictionary<string, string> query, string site, CancellationToken ct)
    {
        var criteria = await reader.ReadAsync(viewer, query, ct);
        var page = await search.HandleAsync(viewer, criteria, ct);
        var packets = await open.HandleAsync(viewer, page.Alerts, ct);
        return new Dictionary<string, object?>
        {
            ["has_next"] = page.HasNext,
            ["has_prev"] = criteria.Cursor is not null || criteria.Page > 1,
            ["pages"] = Math.Max(1, (page.Total + criteria.PerPage - 1) / criteria.PerPage),
            ["total"] = page.Total,
            ["total_is_lower_bound"] = page.IsAtLeast,
            ["next_cursor"] = page.NextCursor,
            ["query"] = query,
            ["results"] = page.Alerts.Select((alert, i) => AlertWire.Mars(alert, packets[i], site)).ToArray(),
        };
    }

    /// <summary>Several searches, one result set for each.</summary>
    /// <exception cref="Refusal">The list of searches is not one, or one of them is refused; the message names which.</exception>
    public async Task<Dictionary<string, object?>> HandleManyAsync(Viewer viewer, ApiBody body, string site, CancellationToken ct)
    {
        if (body.Element("queries") is not { ValueKind: JsonValueKind.Array } queries || queries.GetArrayLength() is 0 or > MostQueries)
        {
            throw ApiBody.Wrong("queries", $"a list of 1 to {MostQueries} searches is needed");
        }

        var sets = new List<Dictionary<string, object?>>();
        foreach (var query in queries.EnumerateArray())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"queries[{sets.Count}]");
            if (query.ValueKind != JsonValueKind.Object)
            {
                throw ApiBody.Wrong(place, "it is no object");
            }

            try
            {
                var set = await HandleAsync(viewer, Texts(query), site, ct);
                set["num_alerts"] = ((Array)set["results"]!).Length;
                sets.Add(set);
            }
            catch (Refusal refusal) when (refusal.Kind == RefusalKind.Invalid)
            {
                throw ApiBody.Wrong(place, refusal.Message);
            }
        }

        return new Dictionary<string, object?> { ["total"] = sets.Sum(set => (long)set["total"]!), ["results"] = sets };
    }

    private static Dictionary<string, string> Texts(JsonElement query) => query.EnumerateObject()
        .Where(property => property.Value.ValueKind != JsonValueKind.Null)
        .ToDictionary(property => property.Name, property => property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
            JsonValueKind.Array when property.Value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number) =>
                string.Join(',', property.Value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : item.GetRawText())),
            _ => throw Refusal.Invalid($"Invalid {property.Name}: a text, a number or a list of them is needed."),
        });
}
