using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>The filters of the viewer's groups whose streams the viewer has. One statement.</summary>
public sealed class ListFilters(Contexts contexts)
{
    /// <summary>In the order in which they were made.</summary>
    public async Task<IReadOnlyList<FilterRecord>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filters = await db.Set<Filter>().AsNoTracking().OrderBy(filter => filter.Id).ToListAsync(ct);
        return [.. filters.Select(FilterRecord.Of)];
    }
}

/// <summary>One filter with its stream. One statement.</summary>
public sealed class GetFilter(Contexts contexts)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="Refusal">There is none for this viewer.</exception>
    public async Task<FilterRecord> HandleAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var found = await (
            from filter in db.Set<Filter>().AsNoTracking()
            join stream in db.Set<AlertStream>().AsNoTracking() on filter.StreamId equals stream.Id
            where filter.Id == filterId
            select new { filter, stream }).SingleOrDefaultAsync(ct)
            ?? throw NotThere(filterId);
        var (row, its) = (found.filter, found.stream);
        return FilterRecord.Of(row) with
        {
            Stream = new FilterStreamRecord(its.Id, its.Name, its.Altdata, its.AutoJoin, its.CreatedAt, its.Modified),
        };
    }

    internal static Refusal NotThere(int id) => Refusal.Invalid($"Cannot find a filter with ID: {id}.");
}
