using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>What is wrong with a part of a query.</summary>
/// <param name="Part">selected, tables or conditions.</param>
/// <param name="Message">What is wrong.</param>
public sealed record QueryFault(string Part, string Message);

/// <summary>
/// What a query may be that is sent to a broker with the token of the site: columns, tables and conditions of one select that reads.
/// Whether the columns exist only the broker knows.
/// </summary>
public static partial class QueryRules
{
    private const int LongestPart = 10_000;

    private static readonly string[] Parts = ["selected", "tables", "conditions"];

    private static readonly HashSet<string> Closed = new(StringComparer.OrdinalIgnoreCase)
    {
        "select", "insert", "update", "delete", "drop", "alter", "create", "truncate", "union", "into", "exec", "execute", "grant", "revoke", "load_file", "outfile", "sleep", "benchmark",
        "information_schema", "limit", "offset", "from", "where",
    };

    /// <summary>Its faults; empty where it may be sent.</summary>
    public static IReadOnlyList<QueryFault> Check(JsonObject query)
    {
        var faults = new List<QueryFault>();
        foreach (var part in Parts)
        {
            if (query[part] is not null && Text(query, part) is null)
            {
                faults.Add(new QueryFault(part, "Input should be a valid string"));
            }
            else if (part != "conditions" && string.IsNullOrWhiteSpace(Text(query, part)))
            {
                faults.Add(new QueryFault(part, "Field required"));
            }
            else if (Text(query, part) is { } text && Fault(text) is { } fault)
            {
                faults.Add(new QueryFault(part, fault));
            }
        }

        if (faults.Count > 0)
        {
            return faults;
        }

        var tables = Items(Text(query, "tables")!);
        faults.AddRange(tables.Where(table => !Table().IsMatch(table)).Select(table => new QueryFault("tables", $"{table} is not a table, such as objects or watchlists:42")));
        faults.AddRange(from part in Parts
                        where part != "tables"
                        from token in QuerySql.Split(Text(query, part) ?? "").Tokens
                        where token.Kind == SqlTokenKind.Word && token.Text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && !tables.Any(table => Named(table, token.Text[..dot]))
                        select new QueryFault(part, $"{token.Text} is of a table that is not among the tables"));
        return [.. faults.Distinct()];
    }

    /// <summary>Refuses a query that may not be sent; returns its three parts, trimmed.</summary>
    public static JsonObject Demand(JsonObject query, string field)
    {
        if (query.Select(one => one.Key).FirstOrDefault(name => !Parts.Contains(name)) is { } extra)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {field}.{extra}: Extra inputs are not permitted");
        }

        return Check(query) is [var fault, ..]
            ? throw Refusal.Invalid($"Invalid/missing parameters: {field}.{fault.Part}: {fault.Message}")
            : new JsonObject(Parts.Select(part => KeyValuePair.Create(part, (JsonNode?)(Text(query, part)?.Trim() ?? ""))));
    }

    /// <summary>The whole statement, for people.</summary>
    public static string Statement(string? selected, string? tables, string? conditions) =>
        $"SELECT {selected?.Trim()}\nFROM {tables?.Trim()}" + (string.IsNullOrWhiteSpace(conditions) ? "" : $"\nWHERE {conditions.Trim()}");

    /// <summary>Items of a comma-separated list, trimmed.</summary>
    public static IReadOnlyList<string> Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(JsonObject query, string part) => query[part] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // In columns a table such as watchlists:42 goes by the name before the colon, or with the number behind it.
    private static bool Named(string table, string name) => table.Equals(name, StringComparison.OrdinalIgnoreCase)
        || table.Split(':')[0].Equals(name, StringComparison.OrdinalIgnoreCase) || table.Replace(':', '_').Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string? Fault(string text)
    {
        if (text.Length > LongestPart)
        {
            return $"String should have at most {LongestPart} characters";
        }

        var (tokens, fault) = QuerySql.Split(text);
        if (fault is not null)
        {
            return fault;
        }

        var open = 0;
        foreach (var token in tokens)
        {
            if (token.Kind == SqlTokenKind.Word && token.Text.Split('.', ':').Any(Closed.Contains))
            {
                return $"{token.Text} at character {token.At + 1} is not allowed: a part of a query reads columns and nothing else";
            }

            if (token.Kind == SqlTokenKind.Symbol && token.Text is ";" or "--" or "/*" or "#" or "`" or "@" or "\\")
            {
                return $"{token.Text} at character {token.At + 1} is not allowed";
            }

            open += token.Is("(") ? 1 : token.Is(")") ? -1 : 0;
            if (open < 0)
            {
                return $"the bracket at character {token.At + 1} closes nothing";
            }
        }

        return open > 0 ? "a bracket is not closed" : null;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*(:[A-Za-z0-9_]+)?$")]
    private static partial Regex Table();
}
