using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>A filter taken apart for a test: the whole, each of its conditions, and the version that it is compared with.</summary>
internal sealed class TrialFilter
{
    // A bit for each of an object's conditions.
    private const int MostClauses = 64;

    private TrialFilter(StreamRule stream, FilterEnvironment environment, CompiledFilter whole, CompiledFilter[] clauses, IReadOnlyList<string> texts, CompiledFilter? other)
    {
        (Stream, Environment, Whole, Clauses, Texts, Other) = (stream, environment, whole, clauses, texts, other);
    }

    public StreamRule Stream { get; }

    public FilterEnvironment Environment { get; }

    public CompiledFilter Whole { get; }

    public CompiledFilter[] Clauses { get; }

    /// <summary>Texts of the conditions.</summary>
    public IReadOnlyList<string> Texts { get; }

    public CompiledFilter? Other { get; }

    /// <summary>Compiles it.</summary>
    /// <exception cref="FilterSyntaxException">A text has an error.</exception>
    public static TrialFilter Compile(StreamRule stream, FilterEnvironment environment, string expression, string? other)
    {
        var texts = FilterTreeWriter.Clauses(expression);
        if (texts.Count > MostClauses)
        {
            texts = [.. texts.Take(MostClauses - 1), string.Join(" and ", texts.Skip(MostClauses - 1).Select(text => $"({text})"))];
        }

        return new TrialFilter(
            stream, environment, Compile(environment, expression), [.. texts.Select(text => Compile(environment, text))], texts, other is null ? null : Compile(environment, other));
    }

    private static CompiledFilter Compile(FilterEnvironment environment, string text) => FilterCompiler.Compile(new FilterDefinition(text), environment);
}
