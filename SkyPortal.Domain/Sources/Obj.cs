using System.Text.Json;

namespace SkyPortal.Domain.Sources;

/// <summary>An object in the sky, keyed by its name and shared by all groups that may see it.</summary>
public sealed class Obj : Row
{
    /// <summary>Name, such as a survey's designation.</summary>
    public required string Id { get; set; }

    /// <summary>ICRS right ascension, degrees.</summary>
    public double? Ra { get; set; }

    /// <summary>ICRS declination, degrees.</summary>
    public double? Dec { get; set; }

    /// <summary>Right ascension at discovery, degrees.</summary>
    public double? RaDis { get; set; }

    /// <summary>Declination at discovery, degrees.</summary>
    public double? DecDis { get; set; }

    public double? RaErr { get; set; }
    public double? DecErr { get; set; }

    /// <summary>Distance to the nearest static object, arcseconds.</summary>
    public double? Offset { get; set; } = 0.0;

    /// <summary>Reference epoch, MJD.</summary>
    public double? T0 { get; set; }

    public double? Redshift { get; set; }
    public double? RedshiftError { get; set; }
    public string? RedshiftOrigin { get; set; }
    public JsonElement? RedshiftHistory { get; set; }
    public int? HostId { get; set; }
    public string? Summary { get; set; }
    public JsonElement? SummaryHistory { get; set; }
    public JsonElement? Altdata { get; set; }

    /// <summary>Arcseconds.</summary>
    public double? DistNearestSource { get; set; }

    /// <summary>AB magnitude.</summary>
    public double? MagNearestSource { get; set; }

    /// <summary>AB magnitude.</summary>
    public double? EMagNearestSource { get; set; }

    public bool? Transient { get; set; } = false;
    public bool? Varstar { get; set; } = false;
    public bool? IsRoid { get; set; } = false;
    public string? MpcName { get; set; }
    public string? TnsName { get; set; }
    public JsonElement? TnsInfo { get; set; }

    /// <summary>Machine-learned real/bogus score, 0 to 1.</summary>
    public double? Score { get; set; }

    /// <summary>Which ingest made it.</summary>
    public string? Origin { get; set; }

    public string[]? Alias { get; set; }

    /// <summary>Order-29 nested HEALPix index of the position.</summary>
    public long? Healpix { get; set; }

    /// <summary>Number of detections that the ingest counted when it made or last touched the object.</summary>
    public int? DetectPhotometryCount { get; set; }

    /// <summary>Opaque key by which live updates name the object without telling which it is.</summary>
    public Guid InternalKey { get; set; }

    /// <summary>Who made it; null for an ingest.</summary>
    public int? CreatedById { get; set; }

    /// <summary>Groups that know of the object: it was saved to them or passed one of their filters.</summary>
    public int[] GroupIds { get; set; } = [];
}

/// <summary>An object saved to a group. Unsaving clears <see cref="Active"/> and keeps the row.</summary>
public sealed class Source : DataRow
{
    public required string ObjId { get; set; }
    public int GroupId { get; set; }
    public int? SavedById { get; set; }
    public DateTime SavedAt { get; set; }
    public bool Active { get; set; } = true;

    /// <summary>Offered to a group that has not accepted yet.</summary>
    public bool Requested { get; set; }

    public int? UnsavedById { get; set; }
    public DateTime? UnsavedAt { get; set; }
}

/// <summary>A scanner's mark that an object was looked at for a group.</summary>
public sealed class SourceLabel : DataRow
{
    public required string ObjId { get; set; }
    public int GroupId { get; set; }
    public int LabellerId { get; set; }
}

/// <summary>An object on one of a user's own lists, such as favorites or rejected_candidates.</summary>
public sealed class Listing : DataRow
{
    public int UserId { get; set; }
    public required string ObjId { get; set; }
    public required string ListName { get; set; }
    public JsonElement? Params { get; set; }
}

/// <summary>One look of a user or a program at a source.</summary>
public sealed class SourceView : DataRow
{
    public required string ObjId { get; set; }
    public int UserId { get; set; }
    public bool IsToken { get; set; }
}

/// <summary>A picture of an object: uploaded, or drawn from an alert's cut-out when first asked for.</summary>
public sealed class Thumbnail : DataRow
{
    public required string ObjId { get; set; }

    /// <summary>One of <see cref="ThumbnailTypes"/>.</summary>
    public required string Type { get; set; }

    public string? Survey { get; set; }
    public string? Origin { get; set; }

    /// <summary>Content address of an uploaded picture.</summary>
    public string? FileHash { get; set; }

    /// <summary>Archived alert whose cut-out it shows.</summary>
    public long? AlertId { get; set; }

    /// <summary>Address at another server, for survey cut-outs.</summary>
    public string? RemoteUrl { get; set; }

    public bool IsGrayscale { get; set; }
}

/// <summary>Kinds of thumbnail.</summary>
public static class ThumbnailTypes
{
    public const string New = "new";
    public const string Ref = "ref";
    public const string Sub = "sub";

    /// <summary>Every kind, as on the wire.</summary>
    public static IReadOnlyList<string> All { get; } =
        [New, Ref, Sub, "sdss", "dr8", "ls", "ps1", "sm", "hst", "chandra", "jwst", "new_gz", "ref_gz", "sub_gz"];
}
