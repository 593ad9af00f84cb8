using System.Text;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>What a token of the conditions of a query is.</summary>
internal enum SqlTokenKind
{
    Word,
    Number,
    Text,
    Symbol,
}

/// <summary>A token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it is written; of a text, what it says.</param>
/// <param name="At">Where it begins, from 0.</param>
/// <param name="End">Where it ends.</param>
internal sealed record SqlToken(SqlTokenKind Kind, string Text, int At, int End)
{
    /// <summary>Whether it is this word or sign, in any case.</summary>
    public bool Is(string word) => Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Splits the parts of a query into tokens: names, numbers, quoted texts and signs.</summary>
internal static class QuerySql
{
    private static readonly string[] Pairs = ["<=", ">=", "!=", "<>", "--", "/*", "||", "&&"];

    /// <summary>The tokens; and what is wrong where a quote is not closed.</summary>
    public static (List<SqlToken> Tokens, string? Fault) Split(string sql)
    {
        var tokens = new List<SqlToken>();
        for (var at = 0; at < sql.Length;)
        {
            var letter = sql[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter is '\'' or '"')
            {
                var (text, end) = Quoted(sql, at);
                if (end < 0)
                {
                    return (tokens, $"the quote at character {at + 1} is not closed");
                }

                tokens.Add(new SqlToken(SqlTokenKind.Text, text, at, end));
                at = end;
            }
            else if (char.IsAsciiLetter(letter) || letter == '_')
            {
                at = Add(tokens, sql, at, SqlTokenKind.Word, next => char.IsAsciiLetterOrDigit(next) || next is '_' or '.' or ':');
            }
            else if (char.IsAsciiDigit(letter) || (letter == '.' && at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1])))
            {
                at = Number(tokens, sql, at);
            }
            else
            {
                var length = Pairs.Any(pair => string.CompareOrdinal(sql, at, pair, 0, 2) == 0) ? 2 : 1;
                tokens.Add(new SqlToken(SqlTokenKind.Symbol, sql.Substring(at, length), at, at + length));
                at += length;
            }
        }

        return (tokens, null);
    }

    /// <summary>A text as it is written in SQL.</summary>
    public static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static int Add(List<SqlToken> tokens, string sql, int at, SqlTokenKind kind, Func<char, bool> goesOn)
    {
        var end = at + 1;
        while (end < sql.Length && goesOn(sql[end]))
        {
            end++;
        }

        tokens.Add(new SqlToken(kind, sql[at..end], at, end));
        return end;
    }

    private static int Number(List<SqlToken> tokens, string sql, int at)
    {
        var end = at;
        while (end < sql.Length && (char.IsAsciiDigit(sql[end]) || sql[end] == '.'
            || (sql[end] is 'e' or 'E' && end + 1 < sql.Length && (char.IsAsciiDigit(sql[end + 1]) || sql[end + 1] is '-' or '+')) || (sql[end] is '-' or '+' && sql[end - 1] is 'e' or 'E' && end > at)))
        {
            end++;
        }

        tokens.Add(new SqlToken(SqlTokenKind.Number, sql[at..end], at, end));
        return end;
    }

    private static (string Text, int End) Quoted(string sql, int at)
    {
        var (quote, text) = (sql[at], new StringBuilder());
        for (var next = at + 1; next < sql.Length; next++)
        {
            if (sql[next] == '\\' && next + 1 < sql.Length)
            {
                text.Append(sql[++next]);
            }
            else if (sql[next] != quote)
            {
                text.Append(sql[next]);
            }
            else if (next + 1 < sql.Length && sql[next + 1] == quote)
            {
                text.Append(sql[next++]);
            }
            else
            {
                return (text.ToString(), next + 1);
            }
        }

        return ("", -1);
    }
}
