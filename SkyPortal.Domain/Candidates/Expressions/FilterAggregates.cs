using System.Linq.Expressions;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// Aggregates over arrays of records: <c>count(array [, condition])</c>, <c>any</c> and <c>all(array, condition)</c>,
/// and <c>min, max, mean, sum, first, last(array, value [, condition])</c>, which pass over null values.
/// </summary>
internal sealed class FilterAggregates(FilterBinder binder, FilterNames names, ParameterExpression context)
{
    public static readonly IReadOnlySet<string> Names =
        new HashSet<string>(StringComparer.Ordinal) { "count", "any", "all", "min", "max", "mean", "sum", "first", "last" };

    public FilterValue Bind(CallSyntax call, FilterValue array)
    {
        if (names.AggregateDepth >= FilterLimits.AggregateDepth)
        {
            throw binder.Error($"Aggregates nest at most {FilterLimits.AggregateDepth} deep.", call.Span);
        }

        var name = call.Name.Value;
        var takesValue = name is not ("count" or "any" or "all");
        var (least, most) = name switch
        {
            "count" => (1, 2),
            "any" or "all" => (2, 2),
            _ => (2, 3),
        };
        if (call.Arguments.Count < least || call.Arguments.Count > most)
        {
            throw binder.Error(
                takesValue
                    ? $"'{name}' over an array takes the array, a value and optionally a condition."
                    : $"'{name}' takes the array and a condition.",
                call.Span);
        }

        var element = Expression.Variable(typeof(PacketRecord));
        names.Enter(array.Layout!, element);
        try
        {
            var user = $"'{name}'";
            var conditionAt = takesValue ? 2 : 1;
            var condition = call.Arguments.Count > conditionAt ? binder.Condition(call.Arguments[conditionAt], user) : null;
            return takesValue
                ? OverValues(call, array, element, condition)
                : OverElements(call, array, element, condition);
        }
        finally
        {
            names.Leave();
        }
    }

    private FilterValue OverElements(CallSyntax call, FilterValue array, ParameterExpression element, Expression? condition)
    {
        var done = Expression.Label();
        if (call.Name.Value == "count")
        {
            var count = Expression.Variable(typeof(double));
            var counted = Guarded(condition, Increment(count));
            return new FilterValue(FilterType.Number, Loop(array, element, done, count, Expression.Constant(0.0), counted, count), call.Span);
        }

        // any stops at the first true, all at the first false.
        var isAny = call.Name.Value == "any";
        var answer = Expression.Variable(typeof(bool));
        var stop = Expression.IfThen(
            isAny ? condition! : Expression.Not(condition!),
            Expression.Block(Expression.Assign(answer, Expression.Constant(isAny)), Expression.Break(done)));
        return new FilterValue(FilterType.Truth, Loop(array, element, done, answer, Expression.Constant(!isAny), stop, answer), call.Span);
    }

    private FilterValue OverValues(CallSyntax call, FilterValue array, ParameterExpression element, Expression? condition)
    {
        var name = call.Name.Value;
        var value = binder.Bind(call.Arguments[1]);
        var done = Expression.Label();
        if (name is "first" or "last")
        {
            return Endmost(call, array, element, condition, value, done);
        }

        var number = binder.As(value, FilterType.Number, $"'{name}'");
        var current = Expression.Variable(typeof(double));
        var total = Expression.Variable(typeof(double));
        var count = Expression.Variable(typeof(double));
        Expression merged = name switch
        {
            "min" => FilterBinder.Call(nameof(FilterRuntime.Min), total, current),
            "max" => FilterBinder.Call(nameof(FilterRuntime.Max), total, current),
            _ => Expression.Add(total, current),
        };
        if (name is "min" or "max")
        {
            merged = Expression.Condition(Expression.Equal(count, Expression.Constant(0.0)), current, merged);
        }

        var take = Expression.Block(
            [current],
            Expression.Assign(current, number),
            Expression.IfThen(
                Expression.Equal(current, current),
                Expression.Block(Expression.Assign(total, merged), Increment(count))));
        Expression result = name switch
        {
            "sum" => FilterBinder.Call(nameof(FilterRuntime.Finite), total),
            "mean" => FilterBinder.Call(nameof(FilterRuntime.Divide), total, count),
            _ => Expression.Condition(Expression.Equal(count, Expression.Constant(0.0)), Expression.Constant(double.NaN), total),
        };
        var loop = Loop(array, element, done, total, Expression.Constant(0.0), Guarded(condition, take), result);
        return new FilterValue(
            FilterType.Number,
            Expression.Block(typeof(double), [count], Expression.Assign(count, Expression.Constant(0.0)), loop),
            call.Span);
    }

    private FilterValue Endmost(
        CallSyntax call,
        FilterValue array,
        ParameterExpression element,
        Expression? condition,
        FilterValue value,
        LabelTarget done)
    {
        if (value.Type is not (FilterType.Number or FilterType.Truth or FilterType.Text))
        {
            throw binder.Error($"'{call.Name.Value}' needs a number, a truth value or text, but '{binder.Source(value.Span)}' is {value.TypeName}.", value.Span);
        }

        var code = value.Type == FilterType.Truth ? FilterBinder.Nullable(value.Code) : value.Code;
        var kept = Expression.Variable(code.Type);
        var current = Expression.Variable(code.Type);
        var known = binder.NullTest(value with { Code = current }, negated: true, call.Span).Code;
        Expression keep = Expression.Assign(kept, current);
        if (call.Name.Value == "first")
        {
            keep = Expression.Block(keep, Expression.Break(done));
        }

        var take = Expression.Block([current], Expression.Assign(current, code), Expression.IfThen(known, keep));
        var loop = Loop(array, element, done, kept, FilterBinder.NullOf(value.Type), Guarded(condition, take), kept);
        return new FilterValue(value.Type, loop, call.Span, IsFlag: value.IsFlag);
    }

    private static Expression Guarded(Expression? condition, Expression body) =>
        condition is null ? body : Expression.IfThen(condition, body);

    private static BinaryExpression Increment(ParameterExpression count) =>
        Expression.Assign(count, Expression.Add(count, Expression.Constant(1.0)));

    /// <summary>Runs the body for each record of the array; a null array has no records.</summary>
    private BlockExpression Loop(
        FilterValue array,
        ParameterExpression element,
        LabelTarget done,
        ParameterExpression state,
        Expression initial,
        Expression body,
        Expression result)
    {
        var items = Expression.Variable(typeof(object?[]));
        var index = Expression.Variable(typeof(int));
        var step = Expression.Block(
            Expression.IfThen(
                Expression.OrElse(
                    Expression.GreaterThanOrEqual(index, Expression.ArrayLength(items)),
                    Expression.Not(Expression.Call(context, nameof(FilterContext.Visit), null))),
                Expression.Break(done)),
            Expression.Assign(element, Expression.TypeAs(Expression.ArrayIndex(items, index), typeof(PacketRecord))),
            Expression.Assign(index, Expression.Add(index, Expression.Constant(1))),
            Expression.IfThen(Expression.ReferenceNotEqual(element, Expression.Constant(null)), body));
        return Expression.Block(
            result.Type,
            [items, index, element, state],
            Expression.Assign(state, initial),
            Expression.Assign(items, array.Code),
            Expression.Assign(index, Expression.Constant(0)),
            Expression.IfThen(
                Expression.ReferenceNotEqual(items, Expression.Constant(null)),
                Expression.Loop(step, done)),
            result);
    }
}
