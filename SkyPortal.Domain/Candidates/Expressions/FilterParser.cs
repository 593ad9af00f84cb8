namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// Recursive descent over the tokens. From loosest to tightest: or; and; not; comparisons, in, between, is;
/// ??; + and -; * / and %; unary minus; names, literals, calls and parentheses.
/// </summary>
internal sealed class FilterParser
{
    private static readonly Dictionary<string, FilterOperator> Comparisons = new(StringComparer.Ordinal)
    {
        ["=="] = FilterOperator.Equal,
        ["!="] = FilterOperator.NotEqual,
        ["<"] = FilterOperator.Less,
        ["<="] = FilterOperator.LessOrEqual,
        [">"] = FilterOperator.Greater,
        [">="] = FilterOperator.GreaterOrEqual,
    };

    private readonly string _text;
    private readonly List<FilterToken> _tokens;
    private readonly List<FilterSpan> _comments;
    private int _index;
    private int _depth;
    private int _nodes;

    private FilterParser(string text)
    {
        _text = text;
        var lexer = new FilterLexer(text);
        _tokens = lexer.ReadAll();
        _comments = lexer.Comments;
    }

    private FilterToken Current => _tokens[_index];

    /// <exception cref="FilterSyntaxException">The text is not an expression or exceeds a limit.</exception>
    public static FilterSyntax Parse(string text) => Parse(text, out _);

    /// <exception cref="FilterSyntaxException">The text is not an expression or exceeds a limit.</exception>
    public static FilterSyntax Parse(string text, out IReadOnlyList<FilterSpan> comments)
    {
        var parser = new FilterParser(text);
        comments = parser._comments;
        if (parser.Current.Kind == FilterTokenKind.End)
        {
            throw new FilterSyntaxException("The expression is empty.", text, new FilterSpan(0, text.Length));
        }

        var syntax = parser.Or();
        return parser.Current.Kind == FilterTokenKind.End
            ? syntax
            : throw parser.Unexpected("an operator or the end of the expression");
    }

    private FilterSyntax Or() => Chain(isAnd: false, "or", And);

    private FilterSyntax And() => Chain(isAnd: true, "and", Not);

    private FilterSyntax Chain(bool isAnd, string keyword, Func<FilterSyntax> operand)
    {
        var first = operand();
        if (!Current.Is(keyword))
        {
            return first;
        }

        var operands = new List<FilterSyntax> { first };
        while (Take(keyword))
        {
            operands.Add(Count(operand()));
        }

        return new ChainSyntax(isAnd, operands, FilterSpan.Cover(first.Span, operands[^1].Span));
    }

    private FilterSyntax Not()
    {
        var start = Current.Span;
        if (!Take("not"))
        {
            return Comparison();
        }

        var operand = Nested(start, Not);
        return Count(new NotSyntax(operand, FilterSpan.Cover(start, operand.Span)));
    }

    private FilterSyntax Comparison()
    {
        var left = Default();
        var symbol = Current;
        if (symbol.Kind == FilterTokenKind.Symbol && Comparisons.TryGetValue(symbol.Value, out var comparison))
        {
            _index++;
            var compared = Binary(comparison, symbol, left, Default());
            return Current.Kind == FilterTokenKind.Symbol && Comparisons.ContainsKey(Current.Value)
                ? throw Error("Comparisons cannot be chained; join them with 'and', or write 'x between low and high'.", Current.Span)
                : compared;
        }

        if (Take("is"))
        {
            var negated = Take("not");
            var end = Expect("null");
            return Count(new NullTestSyntax(left, negated, FilterSpan.Cover(left.Span, end)));
        }

        var not = Take("not");
        if (Take("in"))
        {
            return Count(InList(left, not));
        }

        if (Take("between"))
        {
            var low = Default();
            Expect("and");
            var high = Default();
            return Count(new BetweenSyntax(left, low, high, not, FilterSpan.Cover(left.Span, high.Span)));
        }

        return not ? throw Unexpected("'in' or 'between'") : left;
    }

    private InSyntax InList(FilterSyntax left, bool negated)
    {
        Expect("[");
        var items = new List<FilterSyntax>();
        do
        {
            items.Add(Default());
        }
        while (Take(","));

        var end = Expect("]");
        return new InSyntax(left, items, negated, FilterSpan.Cover(left.Span, end));
    }

    private FilterSyntax Default()
    {
        var left = Sum();
        var symbol = Current;
        return Take("??") ? Binary(FilterOperator.Default, symbol, left, Nested(symbol.Span, Default)) : left;
    }

    private FilterSyntax Sum()
    {
        var left = Product();
        while (true)
        {
            var symbol = Current;
            if (Take("+"))
            {
                left = Binary(FilterOperator.Add, symbol, left, Product());
            }
            else if (Take("-"))
            {
                left = Binary(FilterOperator.Subtract, symbol, left, Product());
            }
            else
            {
                return left;
            }
        }
    }

    private FilterSyntax Product()
    {
        var left = Prefix();
        while (true)
        {
            var symbol = Current;
            if (Take("*"))
            {
                left = Binary(FilterOperator.Multiply, symbol, left, Prefix());
            }
            else if (Take("/"))
            {
                left = Binary(FilterOperator.Divide, symbol, left, Prefix());
            }
            else if (Take("%"))
            {
                left = Binary(FilterOperator.Remainder, symbol, left, Prefix());
            }
            else
            {
                return left;
            }
        }
    }

    private FilterSyntax Prefix()
    {
        var start = Current.Span;
        if (!Take("-"))
        {
            return Primary();
        }

        var operand = Nested(start, Prefix);
        return Count(new NegateSyntax(operand, FilterSpan.Cover(start, operand.Span)));
    }

    private FilterSyntax Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case FilterTokenKind.Number:
                _index++;
                return Count(new NumberSyntax(token.Number, token.Span));
            case FilterTokenKind.Text:
                _index++;
                return Count(new TextSyntax(token.Value, token.Span));
            case FilterTokenKind.Name:
                _index++;
                return Current.Is("(") ? Call(token) : Path(token);
            case FilterTokenKind.Keyword when token.Value is "true" or "false":
                _index++;
                return Count(new TruthSyntax(token.Value == "true", token.Span));
            case FilterTokenKind.Keyword when token.Value is "null":
                _index++;
                return Count(new NullSyntax(token.Span));
            case FilterTokenKind.Symbol when token.Value is "(":
                _index++;
                var inner = Nested(token.Span, Or);
                return inner with { Span = FilterSpan.Cover(token.Span, Expect(")")) };
            case FilterTokenKind.Keyword when token.Value is "not":
                throw Error("Put parentheses around '(not ...)' here.", token.Span);
            default:
                throw Unexpected("a value");
        }
    }

    private PathSyntax Path(FilterToken first)
    {
        var names = new List<FilterToken> { first };
        while (Take("."))
        {
            if (Current.Kind is not (FilterTokenKind.Name or FilterTokenKind.Keyword))
            {
                throw Unexpected("the name of a field");
            }

            names.Add(Current);
            _index++;
        }

        return (PathSyntax)Count(new PathSyntax(names, FilterSpan.Cover(first.Span, names[^1].Span)));
    }

    private FilterSyntax Call(FilterToken name)
    {
        Expect("(");
        var arguments = new List<FilterSyntax>();
        if (!Current.Is(")"))
        {
            do
            {
                arguments.Add(Nested(Current.Span, Or));
            }
            while (Take(","));
        }

        var end = Expect(")");
        return Count(new CallSyntax(name, arguments, FilterSpan.Cover(name.Span, end)));
    }

    private FilterSyntax Binary(FilterOperator @operator, FilterToken symbol, FilterSyntax left, FilterSyntax right) =>
        Count(new BinarySyntax(@operator, symbol, left, right, FilterSpan.Cover(left.Span, right.Span)));

    private FilterSyntax Nested(FilterSpan at, Func<FilterSyntax> inner)
    {
        if (++_depth > FilterLimits.Depth)
        {
            throw Error($"The expression nests deeper than {FilterLimits.Depth} levels.", at);
        }

        var syntax = inner();
        _depth--;
        return syntax;
    }

    private FilterSyntax Count(FilterSyntax syntax) =>
        ++_nodes <= FilterLimits.Nodes
            ? syntax
            : throw Error($"The expression has more than {FilterLimits.Nodes} parts.", syntax.Span);

    private bool Take(string symbolOrKeyword)
    {
        if (!Current.Is(symbolOrKeyword))
        {
            return false;
        }

        _index++;
        return true;
    }

    private FilterSpan Expect(string symbolOrKeyword)
    {
        var span = Current.Span;
        return Take(symbolOrKeyword) ? span : throw Unexpected($"'{symbolOrKeyword}'");
    }

    private FilterSyntaxException Unexpected(string expected)
    {
        var token = Current;
        if (token.Kind == FilterTokenKind.End)
        {
            return Error($"The expression ends where {expected} is expected.", token.Span);
        }

        var found = FilterLexer.Short(_text.Substring(token.Span.Offset, token.Span.Length));
        return Error($"Found '{found}' where {expected} is expected.", token.Span);
    }

    private FilterSyntaxException Error(string message, FilterSpan span) => new(message, _text, span);
}
