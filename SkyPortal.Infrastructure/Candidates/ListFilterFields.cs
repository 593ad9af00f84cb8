using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>The names that the filters of a stream may use. One statement.</summary>
public sealed class ListFilterFields(Contexts contexts)
{
    /// <summary>Every name with kind and meaning; none where the stream's packets cannot be filtered here.</summary>
    /// <exception cref="Refusal">The stream is not there for this viewer.</exception>
    public async Task<IReadOnlyList<FilterField>> HandleAsync(Viewer viewer, int streamId, CancellationToken ct) =>
        await FindAsync(viewer, streamId, ct) is { } environment ? FilterFields.Of(environment) : [];

    /// <summary>What a builder offers to compare, with units and usual values; nothing where the stream's packets cannot be filtered here.</summary>
    /// <exception cref="Refusal">The stream is not there for this viewer.</exception>
    public async Task<IReadOnlyList<FilterQuantity>> QuantitiesAsync(Viewer viewer, int streamId, CancellationToken ct) =>
        await FindAsync(viewer, streamId, ct) is { } environment ? FilterQuantities.Of(environment) : [];

    private async Task<FilterEnvironment?> FindAsync(Viewer viewer, int streamId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == streamId, ct)
            ?? throw Refusal.Invalid($"Stream with ID {streamId} is not accessible.");
        return FilterText.EnvironmentOf(stream);
    }
}
