using System.Text.Json;

namespace SkyPortal.Domain.Gcn;

/// <summary>Something that several messengers may have seen, known by its time.</summary>
public sealed class GcnEvent : DirectoryRow
{
    /// <summary>Who posted it first.</summary>
    public int SentById { get; set; }

    /// <summary>When it happened (UTC), in whole seconds; no two events share it.</summary>
    public DateTime Dateobs { get; set; }

    /// <summary>Number of the trigger of the mission; null for none.</summary>
    public string? TriggerId { get; set; }

    /// <summary>Other names, such as LVC#S190425z.</summary>
    public string[] Aliases { get; set; } = [];

    /// <summary>Words on it, such as GRB.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>Groups whose members may read it.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>Longest word or name.</summary>
    public const int LongestWord = 200;

    /// <summary>A time as events are known by it: in whole seconds.</summary>
    public static DateTime WholeSecond(DateTime time) => new((time.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
}

/// <summary>A sky map of an event: where it may have been. It never changes.</summary>
public sealed class Localization : DirectoryRow
{
    /// <summary>Who posted it.</summary>
    public int SentById { get; set; }

    /// <summary>Its event.</summary>
    public int EventId { get; set; }

    /// <summary>Name of its file, or the numbers of its cone.</summary>
    public required string Name { get; set; }

    /// <summary>NUNIQ numbers of its tiles, ascending.</summary>
    public long[] Uniqs { get; set; } = [];

    /// <summary>Probability density of each tile per steradian.</summary>
    public double[] Probdensity { get; set; } = [];

    /// <summary>Location of the distance in Mpc, tile by tile; null for a map without distances.</summary>
    public double[]? Distmu { get; set; }

    /// <summary>Scale of the distance in Mpc, tile by tile.</summary>
    public double[]? Distsigma { get; set; }

    /// <summary>Normalisation of the distance in Mpc^-2, tile by tile.</summary>
    public double[]? Distnorm { get; set; }

    /// <summary>Area of its 90 % credible region in square degrees.</summary>
    public double AreaNinetySquareDegrees { get; set; }

    /// <summary>Right ascension of its centre in degrees.</summary>
    public double CenterRa { get; set; }

    /// <summary>Declination of its centre in degrees.</summary>
    public double CenterDec { get; set; }

    /// <summary>What is known of it besides: area_50, area_90, probability_500, and what its file says of the distance.</summary>
    public JsonElement Properties { get; set; }

    /// <summary>Words that follow from these, such as <c>&lt; 500 sq. deg.</c></summary>
    public string[] Tags { get; set; } = [];

    /// <summary>GeoJSON of the centre and the 50 % and 90 % borders.</summary>
    public JsonElement Contour { get; set; }
}
