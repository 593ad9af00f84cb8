using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>A packet ready to be written.</summary>
/// <param name="Alert">The packet.</param>
/// <param name="StreamIds">Streams whose members may read it.</param>
/// <param name="Healpix">Order-29 nested HEALPix index.</param>
/// <param name="Passings">Filters that it passes.</param>
/// <param name="Points">Its measurements as rows.</param>
/// <param name="DroppedPoints">Measurements that no stream covers.</param>
/// <param name="CutoutTypes">Thumbnail types whose cut-outs can be drawn; looked at only where the packet passes a filter.</param>
/// <param name="Fields">What it can be searched by.</param>
public sealed record PreparedAlert(
    DecodedAlert Alert,
    int[] StreamIds,
    long Healpix,
    IReadOnlyList<FilterPassing> Passings,
    IReadOnlyList<PhotometryPoint> Points,
    int DroppedPoints,
    IReadOnlyList<string> CutoutTypes,
    SearchedFields Fields)
{
    /// <summary>What models say of it; only where it passes a filter.</summary>
    public IReadOnlyList<Scores.AlertScore> Scores { get; init; } = [];

    /// <summary>What is watched that it matches.</summary>
    public IReadOnlyList<Domain.Alerts.Watches.WatchHit> Watches { get; init; } = [];

    /// <summary>Content address of the pack; set before writing.</summary>
    public string PackHash { get; init; } = "";

    /// <summary>First byte within the pack.</summary>
    public long PackOffset { get; init; }
}
