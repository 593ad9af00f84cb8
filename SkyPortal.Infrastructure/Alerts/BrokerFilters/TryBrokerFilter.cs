using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Brokers;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>What a test of a query found.</summary>
/// <param name="Query">The query that ran.</param>
/// <param name="Results">Rows.</param>
/// <param name="HasMore">Whether there are more than these.</param>
public sealed record QueryTrial(JsonObject Query, IReadOnlyList<JsonObject> Results, bool HasMore);

/// <summary>Tries a pipeline or a query at a broker without keeping anything. What the viewer's streams do not show is withheld.</summary>
public sealed class TryBrokerFilter(OpenBroker open)
{
    /// <summary>Longest window of a pipeline's test [d].</summary>
    public const double MostDays = 7;

    /// <summary>Most rows of a test.</summary>
    public const int MostRows = 1_000;

    private static readonly string[] Fields = ["pipeline", "survey", "start_jd", "end_jd", "object_ids", "candids", "sort_by", "sort_order", "limit"];

    /// <summary>Runs a pipeline over alerts that the broker keeps; the reply is the broker's: pipeline and results, or with the count pipeline and count.</summary>
    /// <param name="viewer">Who tries.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="test">pipeline, and of survey, start_jd, end_jd (at most 7 d apart), object_ids, candids, sort_by, sort_order and limit what is wanted.</param>
    /// <param name="countsOnly">Whether only the number is wanted.</param>
    /// <param name="programmes">Programmes that a filter's stream holds, beyond which nothing is shown; null for all of the viewer.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The test cannot be, none of the viewer's streams shows the survey, or the broker failed.</exception>
    public async Task<JsonElement> PipelineAsync(Viewer viewer, int brokerId, JsonObject test, bool countsOnly, IReadOnlySet<int>? programmes, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        var client = broker.Needs<IBrokerPipelines>("pipelines");
        var surveys = client.Surveys(broker.Ask.Config);
        var survey = Text(test, "survey")?.ToUpperInvariant() ?? surveys[0];
        if (!surveys.Contains(survey))
        {
            throw Refusal.Invalid($"Invalid/missing parameters: survey: Input should be {string.Join(", ", surveys.Select(one => $"'{one}'"))}");
        }

        var wanted = new JsonObject { ["pipeline"] = PipelineRules.Demand(test["pipeline"], "pipeline").DeepClone(), ["survey"] = survey };
        CheckWindow(test);
        CheckOrder(test);
        foreach (var name in Fields.Where(name => !wanted.ContainsKey(name) && test[name] is not null))
        {
            wanted[name] = test[name]!.DeepClone();
        }

        wanted["limit"] = Limit(test) ?? 100;
        var ask = broker.Ask with { Scope = Narrow(broker, survey, programmes) };
        return await broker.TryAsync("testing the filter on", () => countsOnly ? client.CountPipelineAsync(ask, wanted, ct) : client.TryPipelineAsync(ask, wanted, ct));
    }

    /// <summary>Runs a query once.</summary>
    /// <param name="viewer">Who tries.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="query">selected, tables and conditions.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="offset">Rows to pass over.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The query may not be sent, none of the viewer's streams shows the survey, or the broker failed.</exception>
    public async Task<QueryTrial> QueryAsync(Viewer viewer, int brokerId, JsonObject query, int? limit, int? offset, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        var client = broker.Needs<IBrokerQueries>("queries");
        if (!client.Surveys(broker.Ask.Config).Any(survey => broker.Ask.Scope.Allows(survey, BrokerAlert.PublicProgramme)))
        {
            throw Hidden(client.Surveys(broker.Ask.Config)[0]);
        }

        var kept = QueryRules.Demand(query, "query");
        var most = Between(limit, "limit", 1, MostRows) ?? 100;
        var skip = Between(offset, "offset", 0, 1_000_000) ?? 0;
        var rows = await broker.TryAsync("testing the filter on", () => client.RunAsync(broker.Ask, kept, most + 1, skip, ct));
        return new QueryTrial(kept, [.. rows.Take(most)], rows.Count > most);
    }

    /// <summary>Whether a broker takes pipelines or queries, for who sends one.</summary>
    /// <exception cref="Refusal">It takes neither.</exception>
    public async Task<bool> TakesPipelinesAsync(Viewer viewer, int brokerId, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        return broker.Client is IBrokerPipelines || (broker.Client is IBrokerQueries ? false : throw Refusal.Invalid($"Broker {broker.Name} does not support tests of filters."));
    }

    private static BrokerScope Narrow(OpenedBroker broker, string survey, IReadOnlySet<int>? programmes)
    {
        var seen = broker.Ask.Scope.Of(survey)?.ToHashSet();
        if (programmes is not null)
        {
            seen = seen is null ? [.. programmes] : [.. seen.Intersect(programmes)];
        }

        return seen switch
        {
            null => BrokerScope.All,
            { Count: 0 } => throw Hidden(survey),
            _ => new BrokerScope(new Dictionary<string, IReadOnlySet<int>> { [survey] = seen }),
        };
    }

    private static Refusal Hidden(string survey) => Refusal.Invalid($"None of your streams shows alerts of {survey}, so a test would find nothing.");

    private static void CheckWindow(JsonObject test)
    {
        var (start, end) = (Number(test, "start_jd"), Number(test, "end_jd"));
        if (start is null != end is null)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {(start is null ? "start_jd" : "end_jd")}: Field required");
        }

        if (end - start is { } days && days is not (> 0 and <= MostDays))
        {
            throw Refusal.Invalid($"Invalid/missing parameters: end_jd: it must be later than start_jd, by at most {MostDays} days");
        }
    }

    private static void CheckOrder(JsonObject test)
    {
        _ = Text(test, "sort_by");
        if (Text(test, "sort_order") is not (null or "Ascending" or "Descending"))
        {
            throw Refusal.Invalid("Invalid/missing parameters: sort_order: Input should be 'Ascending' or 'Descending'");
        }

        foreach (var name in new[] { "object_ids", "candids" })
        {
            if (test[name] is { } node && (node is not JsonArray { Count: <= MostRows } list || list.Any(item => item is not JsonValue value || value.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number))))
            {
                throw Refusal.Invalid($"Invalid/missing parameters: {name}: Input should be a valid list of at most {MostRows} names or numbers");
            }
        }
    }

    private static int? Limit(JsonObject test) => Number(test, "limit") switch
    {
        null => null,
        { } number when number == Math.Floor(number) && Math.Abs(number) < int.MaxValue => Between((int)number, "limit", 1, MostRows),
        _ => throw Refusal.Invalid("Invalid/missing parameters: limit: Input should be a valid integer, unable to parse it as an integer"),
    };

    private static int? Between(int? value, string name, int least, int most) => value is null || (value >= least && value <= most)
        ? value
        : throw Refusal.Invalid($"Invalid/missing parameters: {name}: Input should be from {least} to {most}");

    private static double? Number(JsonObject test, string name) => test[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => throw Refusal.Invalid($"Invalid/missing parameters: {name}: Input should be a valid number"),
    };

    private static string? Text(JsonObject test, string name) => test[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Refusal.Invalid($"Invalid/missing parameters: {name}: Input should be a valid string"),
    };
}

/// <summary>The fields that filters of a broker see.</summary>
public sealed class ReadFilterSchema(OpenBroker open)
{
    /// <summary>An Avro schema.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="survey">Survey; null for the broker's first.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The broker may not be asked, does not serve the survey, has no schema, or failed.</exception>
    public async Task<JsonElement> HandleAsync(Viewer viewer, int brokerId, string? survey, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        var client = broker.Needs<IBrokerPipelines>("filter modules");
        var surveys = client.Surveys(broker.Ask.Config);
        var wanted = survey?.ToUpperInvariant() ?? surveys[0];
        return surveys.Contains(wanted)
            ? await broker.TryAsync("reading the schema of", () => client.SchemaAsync(broker.Ask, wanted, ct))
            : throw Refusal.Invalid($"Invalid survey: {survey} is not one of {string.Join(", ", surveys)}.");
    }
}
