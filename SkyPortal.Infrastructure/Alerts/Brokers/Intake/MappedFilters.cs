using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>A filter of this site whose candidates a broker finds.</summary>
/// <param name="Filter">The filter; what passes it is decided by the broker.</param>
/// <param name="Own">What is kept of it for the broker; empty where nothing is.</param>
/// <param name="Annotates">Whether what the broker says of an object is noted on it.</param>
public sealed record MappedFilter(IngestFilter Filter, JsonObject Own, bool Annotates)
{
    /// <summary>Whether it may show an alert: its stream decides.</summary>
    public bool MaySee(BrokerAlert alert) => Filter.Stream.Survey == alert.Survey && Filter.Stream.Selector.Contains(alert.Programme);

    /// <summary>Its counterpart at the broker; null where there is none.</summary>
    public string? RemoteId => Own["filter_id"] is JsonValue value ? value.ToString() : null;

    /// <summary>Topics whose messages are for it; empty where it names none.</summary>
    public IReadOnlyList<string> Topics => [.. Texts("topics").Concat(Own["topic"] is JsonValue one ? [one.ToString()] : [])];

    /// <summary>Words one of which a message must bear; empty where it names none.</summary>
    public IReadOnlyList<string> Tags => [.. Texts("tags")];

    /// <summary>Its query; null where it has none of its own.</summary>
    public JsonObject? Query => Own["query"] as JsonObject ?? (Own.ContainsKey("selected") ? Own : null);

    private IEnumerable<string> Texts(string name) => Own[name] is JsonArray list ? list.Select(item => $"{item}").Where(item => item.Length > 0) : [];
}

/// <summary>
/// Reads the filters that a broker's alerts are for: the active ones that are attached to it, and those that its settings name (filter_ids,
/// and topic_filter_ids by topic). One statement.
/// </summary>
public sealed class ReadMappedFilters(NpgsqlDataSource dataSource)
{
    private const string Sql = """
        select f.id, f.name, f.group_id, coalesce(nullif(g.nickname, ''), g.name), f.autosave, coalesce(f.version, 0), f.altdata::text, s.id, s.name, s.altdata::text
        from filters f join groups g on g.id = f.group_id join streams s on s.id = f.stream_id
        where f.active and (f.broker_id = $1 or f.id = any($2))
        order by f.id
        """;

    private static readonly CompiledFilter Everything = FilterCompiler.Compile(new FilterDefinition("true"), FilterEnvironment.Ztf);

    /// <summary>Them, in the order of their keys.</summary>
    public async Task<IReadOnlyList<MappedFilter>> HandleAsync(IBroker client, BrokerConfig config, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddWithValue(config.Id);
        command.Parameters.AddWithValue(BrokerTopics.Named(client, config).ToArray());
        var filters = new List<MappedFilter>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (StreamRule.Read(reader.GetInt32(7), reader.GetString(8), await reader.IsDBNullAsync(9, ct) ? null : reader.GetString(9)) is { Survey: not null } stream)
            {
                var altdata = await reader.IsDBNullAsync(6, ct) ? null : JsonNode.Parse(reader.GetString(6)) as JsonObject;
                filters.Add(new MappedFilter(
                    new IngestFilter(reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetBoolean(4), stream, Everything) { Version = reader.GetInt32(5) },
                    altdata?[BrokerTopics.KeyOf(client)] as JsonObject ?? [],
                    altdata?["autoAnnotate"] is not JsonValue flag || !flag.TryGetValue<bool>(out var annotates) || annotates));
            }
        }

        return filters;
    }
}

/// <summary>How alerts find their filters where the broker itself does not name them.</summary>
public static class BrokerTopics
{
    /// <summary>Under which name a filter's altdata keep what is the broker's, such as lasair.</summary>
    public static string KeyOf(IBroker client) => client.About.Classname.Replace("BROKER", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture);

    /// <summary>Keys of the filters that a broker's settings name, in all.</summary>
    public static IReadOnlyList<int> Named(IBroker client, BrokerConfig config) =>
        [.. Blocks(client, config).SelectMany(block => Numbers(block["filter_ids"]).Concat(ByTopic(block).SelectMany(pair => Numbers(pair.Value)))).Distinct()];

    /// <summary>Whether a message of a topic is for a filter: one that names topics or tags takes these alone, one that names none takes all.</summary>
    /// <param name="client">The plug-in.</param>
    /// <param name="config">Its settings; where they name the filters of a topic, only these are meant.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="topic">The topic; null where there is none.</param>
    /// <param name="tags">What the message bears.</param>
    public static bool IsFor(IBroker client, BrokerConfig config, MappedFilter filter, string? topic, IReadOnlyCollection<string> tags)
    {
        if (topic is not null && Blocks(client, config).SelectMany(ByTopic).Where(pair => pair.Key == topic).Select(pair => Numbers(pair.Value)).FirstOrDefault() is { } named)
        {
            return named.Contains(filter.Filter.Id);
        }

        // A filter of a broker with queries stands for its query, and a topic is one query's.
        var (topics, wanted) = (filter.Topics, filter.Tags);
        return (topics.Count > 0 ? topics.Contains(topic ?? "") : client is not IBrokerQueries)
            && (wanted.Count == 0 || wanted.Any(tag => tags.Contains(tag, StringComparer.OrdinalIgnoreCase)));
    }

    // Fink and AMPEL have a block of settings for their messages.
    private static IEnumerable<JsonObject> Blocks(IBroker client, BrokerConfig config) =>
        client.About.Form.Fields.Where(field => field.Type == "object").Select(field => config.Altdata[field.Name]).OfType<JsonObject>().Prepend(config.Altdata);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> ByTopic(JsonObject block) => block["topic_filter_ids"] as JsonObject ?? [];

    private static List<int> Numbers(JsonNode? list) =>
        [.. (list as JsonArray ?? []).Select(item => int.TryParse($"{item}", NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)];
}
