namespace SkyPortal.Domain.Alerts.Watches;

/// <summary>Positions and names whose alerts a group or a person wants to hear of.</summary>
public sealed class WatchList : DirectoryRow
{
    /// <summary>Most entries of one list.</summary>
    public const int MostEntries = 200_000;

    public required string Name { get; set; }
    public string? Description { get; set; }

    /// <summary>Who made it, and alone changes it.</summary>
    public int OwnerId { get; set; }

    /// <summary>Groups whose members see it, and whose filters may read it.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>Whether new packets are matched against it.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Counts the changes of its entries, by which every node sees that its copy is old.</summary>
    public long Revision { get; set; }

    /// <summary>When its people were told last (UTC).</summary>
    public DateTime? ToldAt { get; set; }
}

/// <summary>A position with a radius, or a name, on a watch list.</summary>
public sealed class WatchEntry : DataRow
{
    /// <summary>Longest label and name [characters].</summary>
    public const int MostCharacters = 200;

    /// <summary>Shortest beginning of names [characters]: shorter ones match a survey as a whole.</summary>
    public const int FewestBeginning = 5;

    /// <summary>Largest radius [arcsec].</summary>
    public const double MostRadiusArcsec = 3600;

    public int WatchListId { get; set; }
    public string? Label { get; set; }

    /// <summary>ICRS right ascension, degrees; null for a name.</summary>
    public double? Ra { get; set; }

    /// <summary>ICRS declination, degrees; null for a name.</summary>
    public double? Dec { get; set; }

    /// <summary>Above 0 up to <see cref="MostRadiusArcsec"/>; null for a name.</summary>
    public double? RadiusArcsec { get; set; }

    /// <summary>Name of an object, an alias of one, or the beginning of names with a star behind it; null for a position.</summary>
    public string? Name { get; set; }
}

/// <summary>That an alert lay within a watched position, or had a watched name.</summary>
public sealed class WatchMatch : DataRow
{
    /// <summary>The list; null where it is a person's own watched object.</summary>
    public int? WatchListId { get; set; }

    public long? WatchEntryId { get; set; }

    /// <summary>The person's own watched object; null where it is of a list.</summary>
    public long? ListingId { get; set; }

    public string? Label { get; set; }
    public required string ObjId { get; set; }
    public required string Survey { get; set; }
    public long AlertId { get; set; }
    public DateOnly Night { get; set; }

    /// <summary>UTC MJD of the alert, days.</summary>
    public double Mjd { get; set; }

    /// <summary>Distance to the watched position; null for a name.</summary>
    public double? DistanceArcsec { get; set; }

    /// <summary>Streams of the alert: who has none of them sees no match.</summary>
    public int[] StreamIds { get; set; } = [];

    /// <summary>When people were told, or that they need not be (UTC); null while it waits.</summary>
    public DateTime? ToldAt { get; set; }
}
