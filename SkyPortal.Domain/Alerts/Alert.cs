namespace SkyPortal.Domain.Alerts;

/// <summary>An archived packet. Its bytes lie in a pack of the file store, as they came.</summary>
public sealed class Alert
{
    /// <summary>Observing night of the exposure, as <see cref="SurveyNight"/> has it; the partition.</summary>
    public DateOnly Night { get; set; }

    /// <summary>Survey, such as ZTF or LSST.</summary>
    public required string Survey { get; set; }

    /// <summary>The survey's own number of the detection, unique within the survey.</summary>
    public long AlertId { get; set; }

    public required string ObjId { get; set; }

    /// <summary>Time of the exposure, UTC MJD.</summary>
    public double Mjd { get; set; }

    /// <summary>ICRS, degrees.</summary>
    public double Ra { get; set; }

    /// <summary>ICRS, degrees.</summary>
    public double Dec { get; set; }

    /// <summary>Order-29 nested HEALPix index.</summary>
    public long Healpix { get; set; }

    /// <summary>Programme of the survey under which it was taken.</summary>
    public int Programme { get; set; }

    /// <summary>Streams whose members may read it.</summary>
    public int[] StreamIds { get; set; } = [];

    /// <summary>Content address of the pack that holds the bytes.</summary>
    public required string PackHash { get; set; }

    /// <summary>First byte within the pack.</summary>
    public long PackOffset { get; set; }

    /// <summary>Number of bytes.</summary>
    public int PackLength { get; set; }

    /// <summary>How the bytes are framed: container, or confluent with a registry id.</summary>
    public required string Framing { get; set; }

    public DateTime IngestedAt { get; set; }

    /// <summary>Band letter; null where the packet tells none that is known.</summary>
    public string? Band { get; set; }

    /// <summary>Magnitude of the absolute difference flux, AB.</summary>
    public float? Mag { get; set; }

    /// <summary>One sigma, mag.</summary>
    public float? MagErr { get; set; }

    /// <summary>Real/bogus score, 0 to 1.</summary>
    public float? Score { get; set; }

    /// <summary>Whether brighter than the reference.</summary>
    public bool? IsPositive { get; set; }

    /// <summary>Fields of the main record in single precision, at the places of <see cref="AlertFields"/>.</summary>
    public float?[] Singles { get; set; } = [];

    /// <summary>Fields in double precision.</summary>
    public double?[] Doubles { get; set; } = [];

    /// <summary>Fields that are 64 bit integers.</summary>
    public long?[] Integers { get; set; } = [];
}
