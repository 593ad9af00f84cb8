using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Astronomy;
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

    /// <summary>What is watched now: the archive does not tell what was watched then.</summary>
    public WatchSnapshot Watches { get; private init; } = WatchSnapshot.Empty;

    /// <summary>Whether any of its parts asks for the distance to saved sources.</summary>
    public bool NeedsSources => Whole.NeedsSources || Other?.NeedsSources == true;

    /// <summary>Group whose watch lists and sources it reads.</summary>
    public int GroupId { get; private init; }

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

    /// <summary>The same, of a group that sees watch lists.</summary>
    public TrialFilter Watching(WatchSnapshot watches, int groupId) =>
        new(Stream, Environment, Whole, Clauses, Texts, Other) { Watches = watches, GroupId = groupId };

    /// <summary>One alert as it sees it.</summary>
    public FilterContext ContextOf(PacketRecord packet, TrialRow row)
    {
        var visible = IngestFilters.VisibleThrough(Stream, packet);
        var context = Environment.CreateContext(visible, null, row.SourceArcsec);
        if (Watches.Count == 0 || context.Summary.Current is not { RaDeg: { } ra, DecDeg: { } dec } || !SkyPosition.TryCreate(ra, dec, out var position, out _))
        {
            return context;
        }

        var hits = IngestFilters.SeenBy(GroupId, Watches.Find(position, position.ToHealpix29(), row.ObjId));
        return hits.Count == 0 ? context : Environment.CreateContext(visible, hits, row.SourceArcsec);
    }

    private static CompiledFilter Compile(FilterEnvironment environment, string text) => FilterCompiler.Compile(new FilterDefinition(text), environment);
}
