using System.Linq.Expressions;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Checks the types of an expression and turns it into code.</summary>
internal sealed class FilterBinder
{
    private readonly string _text;
    private readonly FilterNames _names;
    private readonly FilterCalls _calls;

    public FilterBinder(string text, FilterEnvironment environment, ParameterExpression context)
    {
        _text = text;
        _names = new FilterNames(text, environment, context);
        _calls = new FilterCalls(this, new FilterAggregates(this, _names, context));
    }

    /// <summary>Variables that were named so far.</summary>
    public IReadOnlyCollection<string> Used => _names.Used;

    public FilterValue Bind(FilterSyntax syntax) => syntax switch
    {
        NumberSyntax number => new(FilterType.Number, Expression.Constant(number.Value), syntax.Span),
        TextSyntax quoted => new(FilterType.Text, Expression.Constant(quoted.Value), syntax.Span),
        TruthSyntax truth => new(FilterType.Truth, Expression.Constant(truth.Value), syntax.Span),
        NullSyntax => new(FilterType.Null, Expression.Constant(null), syntax.Span),
        PathSyntax path => _names.Resolve(path),
        NegateSyntax negate => new(FilterType.Number, Expression.Negate(Number(negate.Operand, "'-'")), syntax.Span),
        NotSyntax not => new(FilterType.Truth, Expression.Not(Condition(not.Operand, "'not'")), syntax.Span),
        ChainSyntax chain => Chain(chain),
        BinarySyntax { Operator: FilterOperator.Default } binary => Default(binary),
        BinarySyntax { Operator: <= FilterOperator.Remainder } binary => Arithmetic(binary),
        BinarySyntax binary => Comparison(binary),
        InSyntax list => InList(list),
        BetweenSyntax between => Between(between),
        NullTestSyntax test => NullTest(Bind(test.Operand), test.Negated, syntax.Span),
        CallSyntax call => _calls.Bind(call),
        _ => throw new InvalidOperationException($"Unhandled syntax {syntax.GetType().Name}."),
    };

    /// <summary>Code of type double.</summary>
    public Expression Number(FilterSyntax syntax, string user) => As(Bind(syntax), FilterType.Number, user);

    /// <summary>Code of type bool; null counts as false.</summary>
    public Expression Condition(FilterSyntax syntax, string user) => Decided(As(Bind(syntax), FilterType.Truth, user));

    /// <summary>The value's code as the wanted type.</summary>
    public Expression As(FilterValue value, FilterType wanted, string user)
    {
        if (value.Type == wanted)
        {
            return value.Code;
        }

        if (value.Type == FilterType.Null)
        {
            return NullOf(wanted);
        }

        if (wanted == FilterType.Truth && value.IsFlag)
        {
            return Call(nameof(FilterRuntime.Flag), value.Code);
        }

        throw Error($"{user} needs {FilterValue.Describe(wanted)}, but '{Source(value.Span)}' is {value.TypeName}.", value.Span);
    }

    /// <summary>Two values as one type that holds both.</summary>
    public (FilterType Type, Expression Left, Expression Right) Unify(FilterValue left, FilterValue right, string user)
    {
        var type = left.Type == FilterType.Null ? right.Type : left.Type;
        if (type != right.Type && right.Type != FilterType.Null)
        {
            type = (left.IsFlag && right.Type == FilterType.Truth) || (right.IsFlag && left.Type == FilterType.Truth)
                ? FilterType.Truth
                : throw Error(
                    $"{user} cannot combine {left.TypeName} ('{Source(left.Span)}') with {right.TypeName} ('{Source(right.Span)}').",
                    FilterSpan.Cover(left.Span, right.Span));
        }

        if (type is FilterType.Record or FilterType.Records or FilterType.Other)
        {
            var culprit = left.Type == type ? left : right;
            throw Error($"{user} cannot use '{Source(culprit.Span)}', which is {culprit.TypeName}.", culprit.Span);
        }

        if (type == FilterType.Null)
        {
            type = FilterType.Number;
        }

        var (a, b) = (As(left, type, user), As(right, type, user));
        return type == FilterType.Truth && a.Type != b.Type ? (type, Nullable(a), Nullable(b)) : (type, a, b);
    }

    public FilterValue NullTest(FilterValue value, bool negated, FilterSpan span)
    {
        Expression isNull = value.Type switch
        {
            FilterType.Null => Expression.Constant(true),
            FilterType.Number => Call(typeof(double), nameof(double.IsNaN), value.Code),
            FilterType.Truth when value.Code.Type == typeof(bool) => Expression.Constant(false),
            FilterType.Truth => Expression.Not(Expression.Property(value.Code, "HasValue")),
            _ => Expression.ReferenceEqual(value.Code, Expression.Constant(null)),
        };
        return new FilterValue(FilterType.Truth, negated ? Expression.Not(isNull) : isNull, span);
    }

    public string Source(FilterSpan span) => FilterLexer.Short(_text.Substring(span.Offset, span.Length).ReplaceLineEndings(" "));

    public FilterSyntaxException Error(string message, FilterSpan span) => new(message, _text, span);

    public static Expression Call(string method, params Expression[] arguments) => Call(typeof(FilterRuntime), method, arguments);

    public static Expression Decided(Expression truth) =>
        truth.Type == typeof(bool) ? truth : Expression.Call(truth, "GetValueOrDefault", null);

    public static Expression Nullable(Expression truth) =>
        truth.Type == typeof(bool) ? Expression.Convert(truth, typeof(bool?)) : truth;

    public static Expression NullOf(FilterType type) => type switch
    {
        FilterType.Number => Expression.Constant(double.NaN),
        FilterType.Truth => Expression.Constant(null, typeof(bool?)),
        _ => Expression.Constant(null, typeof(string)),
    };

    private static Expression Call(Type owner, string method, params Expression[] arguments) =>
        Expression.Call(owner.GetMethod(method, [.. arguments.Select(argument => argument.Type)])!, arguments);

    private FilterValue Chain(ChainSyntax chain)
    {
        var user = chain.IsAnd ? "'and'" : "'or'";
        var operands = chain.Operands.Select(operand => Condition(operand, user)).ToList();
        return new FilterValue(FilterType.Truth, Balanced(chain.IsAnd, operands, 0, operands.Count), chain.Span);
    }

    /// <summary>Joins operands as a balanced tree, so that a long chain does not become a deep one; the order of evaluation stays.</summary>
    private static Expression Balanced(bool isAnd, List<Expression> operands, int from, int to)
    {
        if (to - from == 1)
        {
            return operands[from];
        }

        var middle = (from + to) / 2;
        var (left, right) = (Balanced(isAnd, operands, from, middle), Balanced(isAnd, operands, middle, to));
        return isAnd ? Expression.AndAlso(left, right) : Expression.OrElse(left, right);
    }

    private FilterValue Arithmetic(BinarySyntax binary)
    {
        var user = $"'{binary.Symbol.Value}'";
        var code = Call(binary.Operator.ToString(), Number(binary.Left, user), Number(binary.Right, user));
        return new FilterValue(FilterType.Number, code, binary.Span);
    }

    private FilterValue Default(BinarySyntax binary)
    {
        var (first, second) = (Bind(binary.Left), Bind(binary.Right));
        var (type, left, right) = Unify(first, second, "'??'");
        if (type == FilterType.Text)
        {
            return new FilterValue(type, Expression.Coalesce(left, right), binary.Span, IsFlag: first.IsFlag && second.IsFlag);
        }

        if (type == FilterType.Truth)
        {
            return new FilterValue(type, left.Type == typeof(bool) ? left : OrElse(left, right, binary), binary.Span);
        }

        return new FilterValue(type, OrElse(left, right, binary), binary.Span);
    }

    private BlockExpression OrElse(Expression left, Expression right, BinarySyntax binary)
    {
        var kept = Expression.Variable(left.Type);
        var isNull = NullTest(new FilterValue(left.Type == typeof(double) ? FilterType.Number : FilterType.Truth, kept, binary.Span), false, binary.Span);
        return Expression.Block(left.Type, [kept], Expression.Assign(kept, left), Expression.Condition(isNull.Code, right, kept));
    }

    private FilterValue Comparison(BinarySyntax binary)
    {
        var equality = binary.Operator is FilterOperator.Equal or FilterOperator.NotEqual;
        if (equality && (binary.Left is NullSyntax || binary.Right is NullSyntax))
        {
            var tested = Bind(binary.Left is NullSyntax ? binary.Right : binary.Left);
            return NullTest(tested, binary.Operator == FilterOperator.NotEqual, binary.Span);
        }

        var user = $"'{binary.Symbol.Value}'";
        var (type, left, right) = Unify(Bind(binary.Left), Bind(binary.Right), user);
        if (type != FilterType.Number && !equality)
        {
            throw Error($"{user} compares numbers; '{Source(binary.Left.Span)}' is {FilterValue.Describe(type)}.", binary.Span);
        }

        var code = (type, binary.Operator) switch
        {
            (FilterType.Text, FilterOperator.Equal) => Call(nameof(FilterRuntime.SameText), left, right),
            (FilterType.Text, _) => Call(nameof(FilterRuntime.OtherText), left, right),
            (FilterType.Truth, FilterOperator.Equal) => Call(nameof(FilterRuntime.SameTruth), Nullable(left), Nullable(right)),
            (FilterType.Truth, _) => Call(nameof(FilterRuntime.OtherTruth), Nullable(left), Nullable(right)),
            (_, FilterOperator.Equal) => Expression.Equal(left, right),
            (_, FilterOperator.NotEqual) => Call(nameof(FilterRuntime.NotEqual), left, right),
            (_, FilterOperator.Less) => Expression.LessThan(left, right),
            (_, FilterOperator.LessOrEqual) => Expression.LessThanOrEqual(left, right),
            (_, FilterOperator.Greater) => Expression.GreaterThan(left, right),
            _ => Expression.GreaterThanOrEqual(left, right),
        };
        return new FilterValue(FilterType.Truth, code, binary.Span);
    }

    private FilterValue InList(InSyntax list)
    {
        var operand = Bind(list.Operand);
        if (operand.Type == FilterType.Null)
        {
            throw Error("'in' needs a value on its left.", operand.Span);
        }

        var kept = Expression.Variable(operand.Code.Type);
        var keptValue = operand with { Code = kept };
        var matches = new List<Expression>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (item is NullSyntax)
            {
                throw Error("A list cannot hold null; write 'is null'.", item.Span);
            }

            var (type, left, right) = Unify(keptValue, Bind(item), "'in'");
            matches.Add(type switch
            {
                FilterType.Text => Call(nameof(FilterRuntime.SameText), left, right),
                FilterType.Truth => Call(nameof(FilterRuntime.SameTruth), Nullable(left), Nullable(right)),
                _ => Expression.Equal(left, right),
            });
        }

        var found = Balanced(isAnd: false, matches, 0, matches.Count);
        var code = list.Negated
            ? Expression.AndAlso(NullTest(keptValue, negated: true, list.Span).Code, Expression.Not(found))
            : found;
        return new FilterValue(
            FilterType.Truth,
            Expression.Block(typeof(bool), [kept], Expression.Assign(kept, operand.Code), code),
            list.Span);
    }

    private FilterValue Between(BetweenSyntax between)
    {
        var (value, low, high) = (Expression.Variable(typeof(double)), Expression.Variable(typeof(double)), Expression.Variable(typeof(double)));
        var code = between.Negated
            ? Expression.OrElse(
                Expression.AndAlso(Expression.LessThan(value, low), Expression.LessThanOrEqual(low, high)),
                Expression.AndAlso(Expression.GreaterThan(value, high), Expression.LessThanOrEqual(low, high)))
            : Expression.AndAlso(Expression.GreaterThanOrEqual(value, low), Expression.LessThanOrEqual(value, high));
        return new FilterValue(
            FilterType.Truth,
            Expression.Block(
                typeof(bool),
                [value, low, high],
                Expression.Assign(value, Number(between.Operand, "'between'")),
                Expression.Assign(low, Number(between.Low, "'between'")),
                Expression.Assign(high, Number(between.High, "'between'")),
                code),
            between.Span);
    }
}
