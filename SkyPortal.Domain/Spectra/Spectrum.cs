using System.Text.Json;

namespace SkyPortal.Domain.Spectra;

/// <summary>A spectrum of an object or of its surroundings.</summary>
public sealed class Spectrum : DataRow
{
    public required string ObjId { get; set; }
    public int InstrumentId { get; set; }

    /// <summary>Middle of the exposure, UTC.</summary>
    public DateTime ObservedAt { get; set; }

    /// <summary>Observed wavelengths, ångström, ascending; see <see cref="SpectrumSamples"/>.</summary>
    public double[] Wavelengths { get; set; } = [];

    /// <summary>Flux density per sample, in <see cref="Units"/>.</summary>
    public double[] Fluxes { get; set; } = [];

    /// <summary>One sigma per sample in the unit of the fluxes, not-a-number where unknown; null where none is known.</summary>
    public double[]? Errors { get; set; }

    /// <summary>One of <see cref="SpectrumUnits"/>; null for arbitrary units.</summary>
    public string? Units { get; set; }

    public string? Origin { get; set; }

    /// <summary>One of <see cref="SpectrumTypes"/>.</summary>
    public string Type { get; set; } = SpectrumTypes.Default;

    /// <summary>Shown in place of instrument and date.</summary>
    public string? Label { get; set; }

    public int? FollowupRequestId { get; set; }
    public int? AssignmentId { get; set; }

    /// <summary>What the header of the file said.</summary>
    public JsonElement? Altdata { get; set; }

    /// <summary>Content address of the file as it was uploaded.</summary>
    public string? OriginalFileHash { get; set; }

    public string? OriginalFileFilename { get; set; }
    public int OwnerId { get; set; }

    /// <summary>Groups that may read it, where they may see the object.</summary>
    public int[] GroupIds { get; set; } = [];

    public int[] PiIds { get; set; } = [];

    /// <summary>Name of a PI without account; the users of <see cref="PiIds"/> are then the contacts.</summary>
    public string? ExternalPi { get; set; }

    public int[] ReducerIds { get; set; } = [];
    public string? ExternalReducer { get; set; }
    public int[] ObserverIds { get; set; } = [];
    public string? ExternalObserver { get; set; }
}

/// <summary>What a spectrum is of.</summary>
public static class SpectrumTypes
{
    /// <summary>The type where none is named.</summary>
    public const string Default = "source";

    /// <summary>Every type, as on the wire.</summary>
    public static IReadOnlyList<string> All { get; } = [Default, "host", "host_center"];
}

/// <summary>Units in which fluxes are kept; no unit means an arbitrary scale.</summary>
public static class SpectrumUnits
{
    /// <summary>Jansky, per unit of frequency.</summary>
    public const string Jansky = "Jy";

    /// <summary>AB magnitudes.</summary>
    public const string AbMag = "AB";

    /// <summary>erg per second, square centimetre and ångström.</summary>
    public const string PerAngstrom = "erg/s/cm/cm/AA";

    /// <summary>Every unit, as on the wire.</summary>
    public static IReadOnlyList<string> All { get; } = [Jansky, AbMag, PerAngstrom];
}
