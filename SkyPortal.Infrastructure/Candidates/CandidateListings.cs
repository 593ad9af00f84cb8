using System.Collections.Concurrent;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A listing that a client pages through: what was handed out keeps its place, whatever is done to it meanwhile.</summary>
public sealed class CandidateListing
{
    private const int MostKept = 5_000;
    private readonly Dictionary<(string Key, int Page), CandidateHit[]> _pages = [];
    private readonly Dictionary<string, int> _totals = [];
    private int _kept;

    /// <summary>Its query id.</summary>
    public required string Id { get; init; }

    /// <summary>Who pages.</summary>
    public required int? UserId { get; init; }

    /// <summary>Newest candidate at its beginning.</summary>
    public required long LastId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The total that was told first for these criteria.</summary>
    public int? Total(string key)
    {
        lock (_pages)
        {
            return _totals.TryGetValue(key, out var total) ? total : null;
        }
    }

    /// <summary>A page that was handed out.</summary>
    public IReadOnlyList<CandidateHit>? Page(string key, int number)
    {
        lock (_pages)
        {
            return _pages.GetValueOrDefault((key, number));
        }
    }

    /// <summary>Names on all pages that were handed out, and how many of them stood before a page.</summary>
    public (string[] ObjIds, int Before) Shown(string key, int number)
    {
        lock (_pages)
        {
            var pages = _pages.Where(page => page.Key.Key == key).ToList();
            return (
                [.. pages.SelectMany(page => page.Value).Select(hit => hit.ObjId).Distinct()],
                pages.Where(page => page.Key.Page < number).Sum(page => page.Value.Length));
        }
    }

    /// <summary>Keeps a page that is handed out, and its total; pages only as long as they are not too many.</summary>
    public void Keep(string key, int number, IReadOnlyList<CandidateHit> hits, int total)
    {
        lock (_pages)
        {
            _totals.TryAdd(key, total);
            if (_kept + hits.Count <= MostKept && _pages.TryAdd((key, number), [.. hits]))
            {
                _kept += hits.Count;
            }
        }
    }
}

/// <summary>
/// Keeps the listings that clients page through for an hour, so that saving an object neither moves the others nor makes the
/// next page skip some. A listing is known on the node that began it and to its maker.
/// </summary>
public sealed class CandidateListings(Contexts contexts)
{
    private const int MostListings = 500;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(60);
    private readonly ConcurrentDictionary<string, CandidateListing> _listings = new();

    /// <summary>Goes on with a listing of the same viewer, or begins one, which is kept where it will be paged through.</summary>
    public async Task<(CandidateListing Listing, bool IsContinued)> OpenAsync(Viewer viewer, string? queryId, bool keeps, CancellationToken ct)
    {
        var now = contexts.Clock.GetUtcNow();
        if (queryId is not null && _listings.TryGetValue(queryId, out var known) && known.UserId == viewer.UserId && now - known.At < Life)
        {
            return (known, true);
        }

        await using var command = contexts.DataSource.CreateCommand("select coalesce(max(id), 0) from candidates");
        var listing = new CandidateListing
        {
            Id = Guid.NewGuid().ToString(),
            UserId = viewer.UserId,
            LastId = (long)(await command.ExecuteScalarAsync(ct))!,
            At = now,
        };
        if (keeps)
        {
            Drop(now);
            _listings[listing.Id] = listing;
        }

        return (listing, false);
    }

    private void Drop(DateTimeOffset now)
    {
        foreach (var (id, _) in _listings.Where(kept => now - kept.Value.At >= Life))
        {
            _listings.TryRemove(id, out _);
        }

        while (_listings.Count >= MostListings && _listings.MinBy(kept => kept.Value.At) is { Key: not null } oldest)
        {
            _listings.TryRemove(oldest.Key, out _);
        }
    }
}
