using System.Text.Json;

namespace SkyPortal.Domain.Photometry;

/// <summary>One flux measurement or limit, in microjansky on the AB system.</summary>
public sealed class PhotometryPoint
{
    public long Id { get; set; }
    public required string ObjId { get; set; }
    public int InstrumentId { get; set; }

    /// <summary>Bandpass name.</summary>
    public required string Filter { get; set; }

    /// <summary>UTC MJD.</summary>
    public double Mjd { get; set; }

    /// <summary>Microjansky (AB zero point 23.9); null for a non-detection.</summary>
    public double? Flux { get; set; }

    /// <summary>Microjansky, one sigma.</summary>
    public double Fluxerr { get; set; }

    public string Origin { get; set; } = "None";
    public double? Ra { get; set; }
    public double? Dec { get; set; }

    /// <summary>Arcseconds.</summary>
    public double? RaUnc { get; set; }

    /// <summary>Arcseconds.</summary>
    public double? DecUnc { get; set; }

    public double? RefFlux { get; set; }
    public double? RefFluxerr { get; set; }
    public JsonElement? OriginalUserData { get; set; }
    public JsonElement? Altdata { get; set; }
    public Guid UploadId { get; set; }
    public int OwnerId { get; set; }

    /// <summary>Groups that may read it.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>Streams whose members may read it.</summary>
    public int[] StreamIds { get; set; } = [];

    public int? FollowupRequestId { get; set; }
    public int? AssignmentId { get; set; }

    /// <summary>Hash of (instrument, filter-independent) identity; see the photometry writer.</summary>
    public long DedupHash { get; set; }

    public DateTime CreatedAt { get; set; }
    public DateTime Modified { get; set; }
}

/// <summary>Statistics of an object's light curve, one row per object.</summary>
public sealed class PhotStat : DataRow
{
    public required string ObjId { get; set; }
    public DateTime? LastUpdate { get; set; }
    public DateTime? LastFullUpdate { get; set; }
    public int NumObsGlobal { get; set; }
    public JsonElement? NumObsPerFilter { get; set; }
    public int NumDetGlobal { get; set; }
    public int NumDetNoForcedPhotGlobal { get; set; }
    public JsonElement? NumDetPerFilter { get; set; }
    public double? FirstDetectedMjd { get; set; }
    public double? FirstDetectedMag { get; set; }
    public string? FirstDetectedFilter { get; set; }
    public double? LastDetectedMjd { get; set; }
    public double? LastDetectedMag { get; set; }
    public string? LastDetectedFilter { get; set; }
    public double? FirstDetectedNoForcedPhotMjd { get; set; }
    public double? FirstDetectedNoForcedPhotMag { get; set; }
    public string? FirstDetectedNoForcedPhotFilter { get; set; }
    public double? LastDetectedNoForcedPhotMjd { get; set; }
    public double? LastDetectedNoForcedPhotMag { get; set; }
    public string? LastDetectedNoForcedPhotFilter { get; set; }
    public double? RecentObsMjd { get; set; }
    public double[]? PredetectionMjds { get; set; }
    public double? LastNonDetectionMjd { get; set; }
    public double? TimeToNonDetection { get; set; }
    public double? MeanMagGlobal { get; set; }
    public JsonElement? MeanMagPerFilter { get; set; }
    public JsonElement? MeanColor { get; set; }
    public double? PeakMjdGlobal { get; set; }
    public JsonElement? PeakMjdPerFilter { get; set; }
    public double? PeakMagGlobal { get; set; }
    public JsonElement? PeakMagPerFilter { get; set; }
    public double? FaintestMagGlobal { get; set; }
    public JsonElement? FaintestMagPerFilter { get; set; }
    public double? DeepestLimitGlobal { get; set; }
    public JsonElement? DeepestLimitPerFilter { get; set; }
    public double? RiseRate { get; set; }
    public double? DecayRate { get; set; }
    public double? MagRmsGlobal { get; set; }
    public JsonElement? MagRmsPerFilter { get; set; }

    /// <summary>
    /// Distinct visibilities of the points behind the statistics, as <c>[{"groups": [..], "streams": [..]}]</c>: who may not see
    /// all of them must not see the whole statistics.
    /// </summary>
    public JsonElement? Visibility { get; set; }
}
