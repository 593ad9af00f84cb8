using System.Collections.Concurrent;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A list that somebody goes through. What is done to its objects does not change which they are, nor their order.</summary>
/// <param name="Id">Its id, for addresses.</param>
/// <param name="Key">The criteria that it answers.</param>
/// <param name="ObjIds">Its objects in order; at most <see cref="ScanLists.MostObjects"/>.</param>
/// <param name="GroupIds">Groups whose filters counted.</param>
/// <param name="FilterIds">Filters that counted.</param>
/// <param name="At">When it was made (UTC).</param>
public sealed record ScanList(string Id, string Key, string[] ObjIds, int[] GroupIds, int[] FilterIds, DateTime At)
{
    /// <summary>Whether more objects may answer the criteria than it holds.</summary>
    public bool IsCut => ObjIds.Length == ScanLists.MostObjects;
}

/// <summary>
/// Keeps the lists that people go through, so that saving an object neither moves the others nor makes the next page skip some.
/// A list is known on the node that made it and to its maker; where it is not known, it is made afresh. It holds names only:
/// what is shown of an object is read anew under the viewer's rights each time.
/// </summary>
public sealed class ScanLists(Contexts contexts, CandidatesPage page)
{
    /// <summary>Most objects of a list.</summary>
    public const int MostObjects = 2_000;

    private const int MostLists = 400;
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);
    private readonly ConcurrentDictionary<string, (int? UserId, ScanList List)> _lists = new();

    /// <summary>The list with an id where it is the viewer's and answers the same criteria; else null.</summary>
    public ScanList? Find(Viewer viewer, string? id, string key) =>
        id is not null && _lists.TryGetValue(id, out var kept) && kept.UserId == viewer.UserId && kept.List.Key == key && Now() - kept.List.At < Life
            ? kept.List
            : null;

    /// <summary>Makes a list of what answers the criteria now. Two statements, or a few more where the objects lie far back.</summary>
    public async Task<ScanList> MakeAsync(Viewer viewer, CandidateCriteria criteria, string key, CancellationToken ct)
    {
        var (hits, filterIds, groupIds) = await page.HitsAsync(viewer, criteria with { PageNumber = 1, NumPerPage = MostObjects, QueryId = null }, ct);
        var list = new ScanList(Guid.NewGuid().ToString("N")[..12], key, [.. hits.Select(hit => hit.ObjId)], groupIds, filterIds, Now());
        foreach (var old in _lists.Where(kept => Now() - kept.Value.List.At >= Life).Select(kept => kept.Key))
        {
            _lists.TryRemove(old, out _);
        }

        while (_lists.Count >= MostLists && _lists.MinBy(kept => kept.Value.List.At) is { Key: not null } oldest)
        {
            _lists.TryRemove(oldest.Key, out _);
        }

        _lists[list.Id] = (viewer.UserId, list);
        return list;
    }

    /// <summary>How many objects answer the criteria now that are not on the list.</summary>
    public async Task<int> CountNewAsync(Viewer viewer, CandidateCriteria criteria, ScanList list, CancellationToken ct)
    {
        var (hits, _, _) = await page.HitsAsync(viewer, criteria with { PageNumber = 1, NumPerPage = MostObjects, QueryId = null }, ct);
        return hits.Select(hit => hit.ObjId).Except(list.ObjIds).Count();
    }

    private DateTime Now() => contexts.Clock.GetUtcNow().UtcDateTime;
}
