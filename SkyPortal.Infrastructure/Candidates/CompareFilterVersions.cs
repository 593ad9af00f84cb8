using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>What is different between two versions of a filter.</summary>
/// <param name="Clauses">Conditions that only one of them has, or both with other values.</param>
/// <param name="Lines">Their texts line by line, the annotations below.</param>
public sealed record FilterComparison(IReadOnlyList<ClauseChange> Clauses, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>Compares two texts.</summary>
    public static FilterComparison Of(FilterVersionRecord before, FilterVersionRecord after) =>
        new(FilterDiff.Clauses(before.Expression, after.Expression), FilterDiff.Lines(Text(before), Text(after)));

    private static string Text(FilterVersionRecord version) => string.Join(
        '\n', [.. version.Expression is { } text ? [text] : Array.Empty<string>(), .. (FilterText.Read(version.Annotations) ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}: {pair.Value}")]);
}

/// <summary>Compares two versions of a filter.</summary>
public sealed class CompareFilterVersions(Contexts contexts)
{
    /// <summary>What is different, from the first to the second.</summary>
    /// <exception cref="Refusal">The filter or a version is not there for this viewer.</exception>
    public async Task<FilterComparison> HandleAsync(Viewer viewer, int filterId, int before, int after, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        return FilterComparison.Of(await ListFilterVersions.OneAsync(db, filter, before, ct), await ListFilterVersions.OneAsync(db, filter, after, ct));
    }
}
