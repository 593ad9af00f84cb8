using System.Linq.Expressions;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Compiles filters. Field and function names are case-sensitive, keywords are not.</summary>
public static class FilterCompiler
{
    /// <summary>Compiles a filter and its annotations for a survey.</summary>
    /// <exception cref="FilterSyntaxException">The first error found.</exception>
    public static CompiledFilter Compile(FilterDefinition definition, FilterEnvironment environment)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var condition = Condition(definition.Expression, environment, used);
        var annotations = definition.Annotations ?? new Dictionary<string, string>();
        if (annotations.Count > FilterLimits.Annotations)
        {
            throw new FilterSyntaxException(
                $"The filter has {annotations.Count} annotations; at most {FilterLimits.Annotations} are allowed.",
                definition.Expression,
                new FilterSpan(0, 0));
        }

        return new CompiledFilter(
            definition,
            environment,
            condition,
            [.. annotations.Select(item => KeyValuePair.Create(item.Key, Annotation(item.Key, item.Value, environment, used)))],
            used);
    }

    /// <summary>Every error of a filter: at most one for the condition and one per annotation. Empty where it compiles.</summary>
    public static IReadOnlyList<FilterSyntaxException> Check(FilterDefinition definition, FilterEnvironment environment)
    {
        var errors = new List<FilterSyntaxException>();
        Collect(() => Compile(definition with { Annotations = null }, environment));
        var annotations = definition.Annotations ?? new Dictionary<string, string>();
        foreach (var (name, text) in annotations.Take(FilterLimits.Annotations))
        {
            Collect(() => Annotation(name, text, environment, []));
        }

        if (errors.Count == 0 && annotations.Count > FilterLimits.Annotations)
        {
            Collect(() => Compile(definition, environment));
        }

        return errors;

        void Collect(Action compile)
        {
            try
            {
                compile();
            }
            catch (FilterSyntaxException error)
            {
                errors.Add(error);
            }
        }
    }

    private static Func<FilterContext, bool> Condition(string text, FilterEnvironment environment, HashSet<string> used)
    {
        var context = Expression.Parameter(typeof(FilterContext));
        var binder = new FilterBinder(text, environment, context);
        var body = binder.Condition(FilterParser.Parse(text), "A filter");
        used.UnionWith(binder.Used);
        return Expression.Lambda<Func<FilterContext, bool>>(body, context).Compile();
    }

    private static Func<FilterContext, object?> Annotation(string name, string text, FilterEnvironment environment, HashSet<string> used)
    {
        try
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > FilterLimits.AnnotationNameLength)
            {
                throw new FilterSyntaxException(
                    $"The name of an annotation must have 1 to {FilterLimits.AnnotationNameLength} characters and not be blank.",
                    text,
                    new FilterSpan(0, 0));
            }

            var context = Expression.Parameter(typeof(FilterContext));
            var binder = new FilterBinder(text, environment, context);
            var value = binder.Bind(FilterParser.Parse(text));
            used.UnionWith(binder.Used);
            var body = value.Type switch
            {
                FilterType.Number when value.Exact is { } exact => exact,
                FilterType.Number => FilterBinder.Call(nameof(FilterRuntime.Boxed), value.Code),
                FilterType.Truth => FilterBinder.Call(nameof(FilterRuntime.BoxedTruth), FilterBinder.Nullable(value.Code)),
                FilterType.Text or FilterType.Null => value.Code,
                _ => throw binder.Error($"An annotation must be a number, a truth value or text; '{binder.Source(value.Span)}' is {value.TypeName}.", value.Span),
            };
            return Expression.Lambda<Func<FilterContext, object?>>(Expression.Convert(body, typeof(object)), context).Compile();
        }
        catch (FilterSyntaxException error)
        {
            throw error.ForAnnotation(name);
        }
    }
}
