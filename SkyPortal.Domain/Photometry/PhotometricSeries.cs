using System.Text.Json;

namespace SkyPortal.Domain.Photometry;

/// <summary>
/// A dense light curve, such as a sector of a space telescope: its columns lie in a file, the row holds what is searched for.
/// Times are UTC MJD in days, magnitudes AB, fluxes microjansky.
/// </summary>
public sealed class PhotometricSeries : DataRow
{
    public required string ObjId { get; set; }

    /// <summary>Name of the campaign, such as a sector.</summary>
    public required string SeriesName { get; set; }

    /// <summary>Name of the object in the campaign.</summary>
    public required string SeriesObjId { get; set; }

    /// <summary>Bandpass name.</summary>
    public required string Filter { get; set; }

    public string Channel { get; set; } = "";
    public string Origin { get; set; } = "";

    /// <summary>Name under which the file is given out; unique, made of what names the series.</summary>
    public required string Filename { get; set; }

    public double MjdFirst { get; set; }
    public double? MagFirst { get; set; }
    public double MjdMid { get; set; }
    public double MjdLast { get; set; }
    public double? MagLast { get; set; }
    public double? MjdLastDetected { get; set; }
    public double? MagLastDetected { get; set; }
    public bool IsDetected { get; set; }

    /// <summary>Seconds; the median where each exposure has its own.</summary>
    public double ExpTime { get; set; }

    /// <summary>Hertz; null for a single exposure.</summary>
    public double? FrameRate { get; set; }

    public int NumExp { get; set; }

    /// <summary>One of <see cref="TimeStampAlignments"/>: which moment of an exposure its time is.</summary>
    public string TimeStampAlignment { get; set; } = "middle";

    /// <summary>Degrees.</summary>
    public double? Ra { get; set; }

    /// <summary>Degrees.</summary>
    public double? Dec { get; set; }

    /// <summary>Arcseconds.</summary>
    public double? RaUnc { get; set; }

    /// <summary>Arcseconds.</summary>
    public double? DecUnc { get; set; }

    public double? LimitingMag { get; set; }
    public double? RefFlux { get; set; }
    public double? RefFluxerr { get; set; }
    public JsonElement? Altdata { get; set; }
    public int InstrumentId { get; set; }
    public int? FollowupRequestId { get; set; }
    public int? AssignmentId { get; set; }
    public int OwnerId { get; set; }
    public double? MeanMag { get; set; }
    public double? RmsMag { get; set; }
    public double? RobustMag { get; set; }
    public double? RobustRms { get; set; }
    public double? MedianSnr { get; set; }
    public double? BestSnr { get; set; }
    public double? WorstSnr { get; set; }

    /// <summary>By column of numbers.</summary>
    public JsonElement? Medians { get; set; }

    /// <summary>By column of numbers.</summary>
    public JsonElement? Maxima { get; set; }

    /// <summary>By column of numbers.</summary>
    public JsonElement? Minima { get; set; }

    /// <summary>By column of numbers, of the whole population.</summary>
    public JsonElement? Stds { get; set; }

    /// <summary>MD5 of the columns, hexadecimal; an object has the same columns once.</summary>
    public required string Hash { get; set; }

    /// <summary>Content address of the data as they were uploaded.</summary>
    public required string FileHash { get; set; }

    public bool Autodelete { get; set; } = true;

    /// <summary>Groups that may read it, where they may see the object.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>Streams whose members may read it, where they may see the object.</summary>
    public int[] StreamIds { get; set; } = [];

    /// <summary>Every alignment, as on the wire.</summary>
    public static IReadOnlyList<string> TimeStampAlignments { get; } = ["start", "middle", "end"];
}
