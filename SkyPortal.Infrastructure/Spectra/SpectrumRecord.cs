using System.Text.Json;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>A spectrum with the names behind its keys. Wavelengths in ångström, fluxes and errors in its unit.</summary>
public sealed record SpectrumRecord
{
    public required long Id { get; init; }
    public required string ObjId { get; init; }
    public required DateTime ObservedAt { get; init; }
    public required int InstrumentId { get; init; }
    public required int OwnerId { get; init; }

    /// <summary>Name of the instrument; on the wire beside the instrument itself.</summary>
    public string InstrumentName { get; init; } = "";

    /// <summary>Name of the owner; never on the wire.</summary>
    public string OwnerName { get; init; } = "";

    public required string Type { get; init; }
    public string? Origin { get; init; }
    public string? Label { get; init; }
    public string? Units { get; init; }
    public int? FollowupRequestId { get; init; }
    public int? AssignmentId { get; init; }
    public JsonElement? Altdata { get; init; }
    public string? OriginalFileFilename { get; init; }

    /// <summary>Content address of the file as uploaded; never on the wire.</summary>
    public string? OriginalFileHash { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }

    /// <summary>Empty where samples were not asked for.</summary>
    public double[] Wavelengths { get; init; } = [];

    public double[] Fluxes { get; init; } = [];
    public double[]? Errors { get; init; }
    public int[] PiIds { get; init; } = [];
    public int[] ReducerIds { get; init; } = [];
    public int[] ObserverIds { get; init; } = [];
    public string? ExternalPi { get; init; }
    public string? ExternalReducer { get; init; }
    public string? ExternalObserver { get; init; }

    /// <summary>Groups that it is shared with and that are listed for the viewer, as JSON.</summary>
    public JsonElement Groups { get; init; }
}

/// <summary>Spectra with the instruments, telescopes and people that they name.</summary>
public sealed record SpectraView(
    IReadOnlyList<SpectrumRecord> Spectra,
    IReadOnlyDictionary<int, InstrumentRecord> Instruments,
    IReadOnlyDictionary<int, TelescopeRecord> Telescopes,
    IReadOnlyDictionary<int, UserRecord> Users)
{
    /// <summary>Comments by spectrum, newest first; null until they are read.</summary>
    public ILookup<long, CommentRecord>? Comments { get; init; }

    /// <summary>Annotations by spectrum; null until they are read.</summary>
    public ILookup<long, AnnotationRecord>? Annotations { get; init; }
}
