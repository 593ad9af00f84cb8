namespace SkyPortal.Domain.Alerts.Watches;

/// <summary>An entry that a packet matches.</summary>
/// <param name="Source">The entry.</param>
/// <param name="DistanceArcsec">Distance to the watched position; null for a name.</param>
public sealed record WatchHit(WatchSource Source, double? DistanceArcsec);

/// <summary>An entry of a list, or a person's own watched object.</summary>
/// <param name="List">The list; null for a person's own.</param>
/// <param name="EntryId">The entry of the list, or of the person's own.</param>
/// <param name="Label">What people call it; null where they call it nothing.</param>
public sealed record WatchSource(WatchedList? List, long EntryId, string? Label)
{
    /// <summary>Whose own watched object it is; null for an entry of a list.</summary>
    public int? UserId { get; init; }
}

/// <summary>A list as filters and the ingest need it.</summary>
/// <param name="Id">Key.</param>
/// <param name="Name">Its name.</param>
/// <param name="GroupIds">Groups whose filters may read it.</param>
public sealed record WatchedList(int Id, string Name, int[] GroupIds);

/// <summary>All that is watched on a site, at one time. Immutable.</summary>
public sealed class WatchSnapshot(WatchIndex positions, WatchedNames names, IReadOnlyList<WatchSource> sources)
{
    /// <summary>Most entries of one list, or of one person's own, that a packet matches.</summary>
    public const int MostOfOne = 100;

    /// <summary>Where nothing is watched.</summary>
    public static WatchSnapshot Empty { get; } = new(new WatchIndex([]), new WatchedNames([]), []);

    /// <summary>How many entries are watched.</summary>
    public int Count => sources.Count;

    /// <summary>
    /// What a packet matches, each entry once: a position counts with its distance. Of one list, or of one person's own, at most
    /// <see cref="MostOfOne"/>: the names and then the nearest.
    /// </summary>
    /// <param name="position">Position of the packet.</param>
    /// <param name="healpix">Its order-29 nested HEALPix pixel.</param>
    /// <param name="objId">Name of its object.</param>
    public IReadOnlyList<WatchHit> Find(Astronomy.SkyPosition position, long healpix, string objId)
    {
        if (sources.Count == 0)
        {
            return [];
        }

        var (places, named) = (new List<WatchedPlace>(), new List<int>());
        positions.Find(position, healpix, places);
        names.Find(objId, named);
        if (places.Count == 0 && named.Count == 0)
        {
            return [];
        }

        var hits = places.DistinctBy(place => place.Entry).Select(place => new WatchHit(sources[place.Entry], place.DistanceArcsec))
            .Concat(named.Distinct().Select(entry => new WatchHit(sources[entry], null)));
        return places.Count + named.Count <= MostOfOne
            ? [.. hits]
            : [.. hits.GroupBy(hit => (hit.Source.List?.Id, hit.Source.UserId)).SelectMany(some => some.OrderBy(hit => hit.DistanceArcsec ?? -1).ThenBy(hit => hit.Source.EntryId).Take(MostOfOne))];
    }
}
