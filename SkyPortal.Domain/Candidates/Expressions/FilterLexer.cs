using System.Globalization;
using System.Text;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Cuts a filter's text into tokens.</summary>
internal sealed class FilterLexer(string text)
{
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "or", "not", "in", "is", "between", "true", "false", "null",
    };

    private static readonly string[] Symbols =
        ["==", "!=", "<=", ">=", "??", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", "."];

    // What people bring along from other languages, with what to write here.
    private static readonly (string Foreign, string Advice)[] ForeignSymbols =
    [
        ("&&", "Write 'and' instead of '&&'."),
        ("||", "Write 'or' instead of '||'."),
        ("<>", "Write '!=' instead of '<>'."),
        ("**", "Write 'pow(a, b)' instead of '**'."),
        ("=", "Write '==' to compare."),
        ("!", "Write 'not' instead of '!'."),
        ("&", "Write 'and' instead of '&'."),
        ("|", "Write 'or' instead of '|'."),
        ("?", "Write 'if(condition, a, b)' to choose between two values."),
        ("^", "Write 'pow(a, b)' for powers."),
    ];

    private int _position;

    /// <summary>Where comments lie, from their # to the end of the line.</summary>
    public List<FilterSpan> Comments { get; } = [];

    public List<FilterToken> ReadAll()
    {
        if (text.Length > FilterLimits.TextLength)
        {
            throw Error(
                $"The text is {text.Length} characters long; at most {FilterLimits.TextLength} are allowed.",
                FilterLimits.TextLength,
                text.Length - FilterLimits.TextLength);
        }

        var tokens = new List<FilterToken>();
        while (SkipBlank())
        {
            tokens.Add(Next());
        }

        tokens.Add(new FilterToken(FilterTokenKind.End, "", 0, new FilterSpan(text.Length, 0)));
        return tokens;
    }

    private bool SkipBlank()
    {
        while (_position < text.Length)
        {
            if (text[_position] == '#')
            {
                var start = _position;
                var end = text.IndexOf('\n', start);
                _position = end < 0 ? text.Length : end;
                Comments.Add(new FilterSpan(start, _position - start));
            }
            else if (char.IsWhiteSpace(text[_position]))
            {
                _position++;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private FilterToken Next()
    {
        var first = text[_position];
        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number();
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            return Word();
        }

        return first is '"' or '\'' ? Quoted(first) : Symbol();
    }

    private char Peek(int ahead) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    private FilterToken Number()
    {
        var start = _position;
        SkipDigits();
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _position++;
            SkipDigits();
        }

        if (Peek(0) is 'e' or 'E')
        {
            var sign = Peek(1) is '+' or '-' ? 1 : 0;
            if (char.IsAsciiDigit(Peek(1 + sign)))
            {
                _position += 1 + sign;
                SkipDigits();
            }
        }

        // "1.2.3", "3px" and "12." are slips of the pen, not two tokens.
        if (Peek(0) is '.' or '_' || char.IsAsciiLetterOrDigit(Peek(0)))
        {
            while (Peek(0) is '.' or '_' || char.IsAsciiLetterOrDigit(Peek(0)))
            {
                _position++;
            }

            throw Error($"'{Short(text[start.._position])}' is not a number.", start, _position - start);
        }

        var digits = text.AsSpan(start, _position - start);
        var value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            throw Error($"The number '{Short(digits.ToString())}' is too large.", start, _position - start);
        }

        if (value > FilterRuntime.LargestExactInteger && digits.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            throw Error(
                $"The integer '{Short(digits.ToString())}' is too large to compare exactly; compare identifiers as text: text(name) == \"{Short(digits.ToString())}\".",
                start,
                _position - start);
        }

        return new FilterToken(FilterTokenKind.Number, "", value, new FilterSpan(start, _position - start));
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(0)))
        {
            _position++;
        }
    }

    private FilterToken Word()
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) == '_')
        {
            _position++;
        }

        var word = text[start.._position];
        var span = new FilterSpan(start, word.Length);
        return Keywords.Contains(word)
            ? new FilterToken(FilterTokenKind.Keyword, word.ToLowerInvariant(), 0, span)
            : new FilterToken(FilterTokenKind.Name, word, 0, span);
    }

    private FilterToken Quoted(char quote)
    {
        var start = _position++;
        var value = new StringBuilder();
        while (_position < text.Length && text[_position] != '\n')
        {
            var character = text[_position++];
            if (character == quote)
            {
                return new FilterToken(FilterTokenKind.Text, value.ToString(), 0, new FilterSpan(start, _position - start));
            }

            if (character == '\\')
            {
                character = Peek(0);
                if (character is not ('\\' or '"' or '\''))
                {
                    throw Error("A backslash in text must be followed by a quote or a backslash.", _position - 1, 1);
                }

                _position++;
            }

            value.Append(character);
        }

        throw Error($"The text that begins here lacks its closing {quote}.", start, _position - start);
    }

    private FilterToken Symbol()
    {
        foreach (var (foreign, advice) in ForeignSymbols)
        {
            // "==", "!=" and "??" begin like foreign symbols but are ours.
            if (Here(foreign) && !Array.Exists(Symbols, symbol => symbol.Length > foreign.Length && Here(symbol)))
            {
                throw Error(advice, _position, foreign.Length);
            }
        }

        foreach (var symbol in Symbols)
        {
            if (Here(symbol))
            {
                var span = new FilterSpan(_position, symbol.Length);
                _position += symbol.Length;
                return new FilterToken(FilterTokenKind.Symbol, symbol, 0, span);
            }
        }

        throw Error($"The character '{text[_position]}' has no meaning here.", _position, 1);
    }

    private bool Here(string symbol) => string.CompareOrdinal(text, _position, symbol, 0, symbol.Length) == 0;

    private FilterSyntaxException Error(string message, int offset, int length) =>
        new(message, text, new FilterSpan(offset, length));

    internal static string Short(string word) => word.Length <= 40 ? word : word[..37] + "...";
}
