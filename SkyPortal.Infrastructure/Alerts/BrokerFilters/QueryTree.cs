using System.Globalization;
using System.Text;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>A part of the conditions of a query.</summary>
public abstract class QueryNode;

/// <summary>A condition on a column.</summary>
public sealed class QueryCondition : QueryNode
{
    /// <summary>Column, with its table where that is given.</summary>
    public string Column { get; set; } = "";

    /// <summary>One of <see cref="QueryTree.Operators"/>.</summary>
    public string Operator { get; set; } = "$eq";

    /// <summary>Value; of a list, its items with commas between.</summary>
    public string Value { get; set; } = "";
}

/// <summary>Conditions of which all or any must hold.</summary>
public sealed class QueryBlock : QueryNode
{
    /// <summary>Whether all must.</summary>
    public bool All { get; set; } = true;

    /// <summary>In order.</summary>
    public List<QueryNode> Parts { get; init; } = [];
}

/// <summary>The conditions of a query as a tree, written as SQL and read of it. What has no form here cannot be read and stays text.</summary>
public static class QueryTree
{
    private const int Deepest = 6;

    /// <summary>Operators by their names, with their signs.</summary>
    public static IReadOnlyDictionary<string, string> Operators { get; } = new Dictionary<string, string>
    {
        ["$eq"] = "=", ["$ne"] = "!=", ["$gt"] = ">", ["$gte"] = ">=", ["$lt"] = "<", ["$lte"] = "<=", ["$in"] = "in", ["$regex"] = "contains",
    };

    /// <summary>The SQL of a tree; conditions without a column are passed over.</summary>
    public static string Write(QueryBlock root) => Write(root, isRoot: true);

    /// <summary>The tree of conditions; null where they have no such form. What sorts the rows, behind ORDER BY, is apart.</summary>
    public static (QueryBlock? Tree, string OrderBy) Read(string conditions)
    {
        var (tokens, fault) = QuerySql.Split(conditions);
        if (fault is not null)
        {
            return (null, "");
        }

        var order = tokens.FindIndex(token => token.Is("order"));
        var orderBy = order >= 0 && order + 2 < tokens.Count && tokens[order + 1].Is("by") ? conditions[tokens[order + 2].At..].Trim() : "";
        var reader = new Reader(order >= 0 ? tokens[..order] : tokens);
        return order >= 0 && orderBy.Length == 0 ? (null, "") : (reader.Whole(), orderBy);
    }

    private static string Write(QueryBlock block, bool isRoot)
    {
        var parts = block.Parts.Select(part => part switch
        {
            QueryBlock inner => Write(inner, isRoot: false),
            QueryCondition { Column.Length: > 0 } condition => Write(condition),
            _ => "",
        }).Where(part => part.Length > 0).ToList();
        var joined = string.Join(block.All ? " AND " : " OR ", parts);
        return isRoot || parts.Count < 2 ? joined : $"({joined})";
    }

    private static string Write(QueryCondition condition) => condition.Operator switch
    {
        "$in" => $"{condition.Column} IN ({string.Join(", ", condition.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Literal))})",
        "$regex" => $"{condition.Column} LIKE {QuerySql.Quote($"%{condition.Value}%")}",
        var name => $"{condition.Column} {Operators.GetValueOrDefault(name, "=")} {Literal(condition.Value)}",
    };

    private static string Literal(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        ? value.Trim()
        : QuerySql.Quote(value.Trim());

    private sealed class Reader(List<SqlToken> tokens)
    {
        private int _at;

        private SqlToken? Next => _at < tokens.Count ? tokens[_at] : null;

        public QueryBlock? Whole()
        {
            if (tokens.Count == 0)
            {
                return new QueryBlock();
            }

            var node = Either(0);
            return _at < tokens.Count || node is null ? null : node as QueryBlock ?? new QueryBlock { Parts = { node } };
        }

        private QueryNode? Either(int depth) => Joined("or", false, () => Joined("and", true, () => One(depth)));

        private QueryNode? Joined(string word, bool all, Func<QueryNode?> read)
        {
            var parts = new List<QueryNode>();
            do
            {
                if (read() is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }
            while (Take(word));
            return parts.Count == 1 ? parts[0] : new QueryBlock { All = all, Parts = parts };
        }

        private QueryNode? One(int depth)
        {
            if (Take("("))
            {
                return depth < Deepest && Either(depth + 1) is { } inner && Take(")") ? inner : null;
            }

            if (Next is not { Kind: SqlTokenKind.Word } column || column.Is("not"))
            {
                return null;
            }

            _at++;
            return Take("in") ? List(column.Text) : Take("like") ? Like(column.Text) : Compared(column.Text);
        }

        private QueryCondition? Compared(string column)
        {
            var sign = Next is { Kind: SqlTokenKind.Symbol, Text: var text } ? text == "<>" ? "!=" : text : null;
            var name = Operators.FirstOrDefault(one => one.Value == sign).Key;
            if (name is null)
            {
                return null;
            }

            _at++;
            return Value() is { } value ? new QueryCondition { Column = column, Operator = name, Value = value } : null;
        }

        private QueryCondition? List(string column)
        {
            var items = new List<string>();
            if (!Take("("))
            {
                return null;
            }

            do
            {
                if (Value() is not { } item || item.Contains(',', StringComparison.Ordinal))
                {
                    return null;
                }

                items.Add(item);
            }
            while (Take(","));
            return Take(")") ? new QueryCondition { Column = column, Operator = "$in", Value = string.Join(", ", items) } : null;
        }

        private QueryCondition? Like(string column)
        {
            if (Next is not { Kind: SqlTokenKind.Text, Text: ['%', .. var inner, '%'] } || inner.Contains('%', StringComparison.Ordinal))
            {
                return null;
            }

            _at++;
            return new QueryCondition { Column = column, Operator = "$regex", Value = inner };
        }

        private string? Value()
        {
            var sign = new StringBuilder();
            if (Take("-"))
            {
                sign.Append('-');
            }

            // A number in quotes is text, which a row cannot tell from a number.
            if (Next is not { } token || token.Kind is not (SqlTokenKind.Number or SqlTokenKind.Text)
                || (token.Kind == SqlTokenKind.Text && (sign.Length > 0 || double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))))
            {
                return null;
            }

            _at++;
            return sign + token.Text;
        }

        private bool Take(string word)
        {
            if (Next?.Is(word) != true)
            {
                return false;
            }

            _at++;
            return true;
        }
    }
}
