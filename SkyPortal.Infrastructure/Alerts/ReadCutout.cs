using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>The cut-outs of one archived alert: as pictures, and as the FITS files that the packet holds.</summary>
public sealed class ReadCutout(GetAlert getAlert, ReadPacket packets)
{
    private const int KeptPictures = 500;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["science"] = ThumbnailTypes.New, ["new"] = ThumbnailTypes.New,
        ["template"] = ThumbnailTypes.Ref, ["reference"] = ThumbnailTypes.Ref, ["ref"] = ThumbnailTypes.Ref,
        ["difference"] = ThumbnailTypes.Sub, ["sub"] = ThumbnailTypes.Sub,
    };

    private readonly PictureCache _cache = new(KeptPictures);

    /// <summary>Kinds of cut-out, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["science", "template", "difference"];

    /// <summary>The bytes of a cut-out: PNG where a stretch is given, else FITS.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="survey">Survey.</param>
    /// <param name="alertId">The survey's number of the alert.</param>
    /// <param name="kind">One of science, template and difference; the types of thumbnails (new, ref, sub) are understood, too.</param>
    /// <param name="stretch">How brightness becomes grey; null for the FITS file.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">There is no such alert for this viewer, or it has no such cut-out.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Viewer viewer, string survey, long alertId, string kind, CutoutStretch? stretch, CancellationToken ct)
    {
        var type = Types.GetValueOrDefault(kind) ?? throw Refusal.Invalid($"Invalid kind: it is one of {string.Join(", ", Kinds)}.");
        var alert = await getAlert.HandleAsync(viewer, survey, alertId, ct);
        if (stretch is not null && _cache.Find((alert.Survey, alertId, type, stretch)) is { } known)
        {
            return known;
        }

        var packet = await packets.OpenAsync(alert.Archived, ct);
        if (stretch is null)
        {
            return Cutouts.Fits(packet, type) ?? throw NotThere();
        }

        var picture = Cutouts.Draw(packet, alert.Survey, type, stretch) ?? throw NotThere();
        _cache.Keep((alert.Survey, alertId, type, stretch), picture);
        return picture;

        Refusal NotThere() => Refusal.NotFound($"Alert {alertId} of {alert.Survey} has no {kind} cut-out that can be read.");
    }
}
