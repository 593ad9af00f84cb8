namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>A filter ready to be evaluated; immutable and safe to share between threads.</summary>
public sealed class CompiledFilter
{
    private static readonly IReadOnlyDictionary<string, object?> NoAnnotations = new Dictionary<string, object?>();
    private static readonly FilterOutcome Rejected = new(false, NoAnnotations);
    private static readonly FilterOutcome Exhausted = new(false, NoAnnotations, IsExhausted: true);
    private static readonly FilterOutcome PassedPlain = new(true, NoAnnotations);

    private readonly Func<FilterContext, bool> _condition;
    private readonly KeyValuePair<string, Func<FilterContext, object?>>[] _annotations;

    internal CompiledFilter(
        FilterDefinition definition,
        FilterEnvironment environment,
        Func<FilterContext, bool> condition,
        KeyValuePair<string, Func<FilterContext, object?>>[] annotations,
        IReadOnlySet<string> variables)
    {
        Definition = definition;
        Environment = environment;
        _condition = condition;
        _annotations = annotations;
        NeedsSources = variables.Contains(FilterVariables.SourceDistance);
    }

    /// <summary>What was compiled.</summary>
    public FilterDefinition Definition { get; }

    /// <summary>The survey that it was compiled for.</summary>
    public FilterEnvironment Environment { get; }

    /// <summary>Whether it asks for the distance to saved sources, in its condition or in an annotation.</summary>
    public bool NeedsSources { get; }

    /// <summary>Evaluates the filter. Does not throw for any packet, whatever its layout.</summary>
    /// <param name="context">The alert, from <see cref="FilterEnvironment.CreateContext"/> of the same environment.</param>
    /// <exception cref="ArgumentException">The context belongs to another environment.</exception>
    public FilterOutcome Evaluate(FilterContext context)
    {
        if (!ReferenceEquals(context.Environment, Environment))
        {
            throw new ArgumentException("The context belongs to another environment than the filter.", nameof(context));
        }

        context.Begin();
        var passed = _condition(context);
        if (context.IsExhausted)
        {
            return Exhausted;
        }

        if (!passed)
        {
            return Rejected;
        }

        if (_annotations.Length == 0)
        {
            return PassedPlain;
        }

        var values = new Dictionary<string, object?>(_annotations.Length, StringComparer.Ordinal);
        foreach (var (name, value) in _annotations)
        {
            values.Add(name, value(context));
        }

        return context.IsExhausted ? Exhausted : new FilterOutcome(true, values);
    }
}
