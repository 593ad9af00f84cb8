using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>A watch list as its readers see it.</summary>
/// <param name="GroupIds">Groups that see it, as far as the reader may know of them.</param>
/// <param name="Entries">How many it has.</param>
/// <param name="Matches">Matches that the reader may see.</param>
/// <param name="LastMatchMjd">The newest of them (UTC MJD, days).</param>
public sealed record WatchListRecord(
    int Id, string Name, string? Description, int OwnerId, string Owner, int[] GroupIds, bool Active, int Entries, int Matches, double? LastMatchMjd, DateTime CreatedAt,
    DateTime Modified);

/// <summary>An entry of a watch list: a position (ICRS, degrees) with a radius, or a name.</summary>
public sealed record WatchEntryRecord(long Id, string? Label, double? Ra, double? Dec, double? RadiusArcsec, string? Name, DateTime CreatedAt);

/// <summary>A match that its reader may see. <c>WatchListId</c> is null where it is of an object that the reader watches alone.</summary>
public sealed record WatchMatchRecord(
    long Id, int? WatchListId, long? WatchEntryId, long? ListingId, string? List, string? Label, string ObjId, string Survey, long AlertId, DateOnly Night, double Mjd,
    double? DistanceArcsec, DateTime CreatedAt);

/// <summary>One page of rows, and how many there are.</summary>
public sealed record WatchPage<T>(IReadOnlyList<T> Rows, int Total);

/// <summary>Reads watch lists, their entries and their matches.</summary>
public sealed class ReadWatchLists(Contexts contexts)
{
    /// <summary>All that the viewer may see, by name. One statement, and one for the groups.</summary>
    public async Task<IReadOnlyList<WatchListRecord>> AllAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await RecordsAsync(db, db.Set<WatchList>().OrderBy(list => list.Name).ThenBy(list => list.Id), ct);
    }

    /// <summary>One.</summary>
    /// <exception cref="Domain.Refusal">It is not there for this viewer.</exception>
    public async Task<WatchListRecord> OneAsync(Viewer viewer, int listId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return (await RecordsAsync(db, db.Set<WatchList>().Where(list => list.Id == listId), ct)).SingleOrDefault() ?? throw WatchListRules.NotThere(listId);
    }

    /// <summary>A page of the entries of a list, in the order in which they came.</summary>
    /// <exception cref="Domain.Refusal">It is not there for this viewer.</exception>
    public async Task<WatchPage<WatchEntryRecord>> EntriesAsync(Viewer viewer, int listId, int skip, int take, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await DemandAsync(db, listId, ct);
        var entries = db.Set<WatchEntry>().AsNoTracking().Where(entry => entry.WatchListId == listId);
        var rows = await entries.OrderBy(entry => entry.Id).Skip(skip).Take(take)
            .Select(entry => new WatchEntryRecord(entry.Id, entry.Label, entry.Ra, entry.Dec, entry.RadiusArcsec, entry.Name, entry.CreatedAt))
            .ToListAsync(ct);
        return new WatchPage<WatchEntryRecord>(rows, await entries.CountAsync(ct));
    }

    /// <summary>A page of matches, newest first: of one list, or of all lists and objects that the viewer watches.</summary>
    /// <exception cref="Domain.Refusal">The list is not there for this viewer.</exception>
    public async Task<WatchPage<WatchMatchRecord>> MatchesAsync(Viewer viewer, int? listId, int skip, int take, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (listId is { } one)
        {
            await DemandAsync(db, one, ct);
        }

        var matches = db.Set<WatchMatch>().AsNoTracking().Where(match => listId == null || match.WatchListId == listId);
        var rows = await matches.OrderByDescending(match => match.Id).Skip(skip).Take(take)
            .Select(match => new WatchMatchRecord(
                match.Id, match.WatchListId, match.WatchEntryId, match.ListingId,
                db.Set<WatchList>().Where(list => list.Id == match.WatchListId).Select(list => list.Name).FirstOrDefault(),
                match.Label, match.ObjId, match.Survey, match.AlertId, match.Night, match.Mjd, match.DistanceArcsec, match.CreatedAt))
            .ToListAsync(ct);
        return new WatchPage<WatchMatchRecord>(rows, await matches.CountAsync(ct));
    }

    private static async Task DemandAsync(SkyPortalContext db, int listId, CancellationToken ct)
    {
        if (!await db.Set<WatchList>().AnyAsync(list => list.Id == listId, ct))
        {
            throw WatchListRules.NotThere(listId);
        }
    }

    private static async Task<IReadOnlyList<WatchListRecord>> RecordsAsync(SkyPortalContext db, IQueryable<WatchList> lists, CancellationToken ct)
    {
        var rows = await lists.AsNoTracking().Select(list => new WatchListRecord(
            list.Id,
            list.Name,
            list.Description,
            list.OwnerId,
            db.Set<User>().Where(user => user.Id == list.OwnerId).Select(user => user.Username).First(),
            list.GroupIds,
            list.Active,
            db.Set<WatchEntry>().Count(entry => entry.WatchListId == list.Id),
            db.Set<WatchMatch>().Count(match => match.WatchListId == list.Id),
            db.Set<WatchMatch>().Where(match => match.WatchListId == list.Id).Max(match => (double?)match.Mjd),
            list.CreatedAt,
            list.Modified)).ToListAsync(ct);
        var named = rows.SelectMany(row => row.GroupIds).Distinct().ToList();
        var known = await db.Set<Group>().Where(group => named.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
        return [.. rows.Select(row => row with { GroupIds = [.. row.GroupIds.Intersect(known)] })];
    }
}
