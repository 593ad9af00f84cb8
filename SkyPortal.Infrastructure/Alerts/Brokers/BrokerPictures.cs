using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A cut-out as a picture.</summary>
/// <param name="Type">new, ref or sub.</param>
/// <param name="Png">The picture.</param>
/// <param name="IsGrayscale">Whether it has no colours.</param>
public sealed record FetchedPicture(string Type, byte[] Png, bool IsGrayscale);

/// <summary>Makes pictures of cut-outs, whichever way a broker gives them.</summary>
public static class BrokerPictures
{
    /// <summary>The pictures that can be drawn, in the order new, ref, sub; what cannot is told.</summary>
    public static IReadOnlyList<FetchedPicture> Draw(BrokerCutouts cutouts, string survey, List<string>? warnings = null)
    {
        var pictures = new List<FetchedPicture>();
        foreach (var (type, bytes) in new[] { (ThumbnailTypes.New, cutouts.Science), (ThumbnailTypes.Ref, cutouts.Template), (ThumbnailTypes.Sub, cutouts.Difference) })
        {
            if (bytes is null)
            {
                continue;
            }

            if (Picture(type, bytes, survey) is { } picture)
            {
                pictures.Add(picture);
            }
            else
            {
                warnings?.Add($"The cut-out {type} cannot be read.");
            }
        }

        return pictures;
    }

    private static FetchedPicture? Picture(string type, byte[] bytes, string survey)
    {
        try
        {
            var png = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? bytes : Cutouts.DrawFits(bytes, survey, type);
            var info = PngInfo.Read(png);
            return info.IsThumbnailSize ? new FetchedPicture(type, png, info.IsGreyscale) : null;
        }
        catch (Exception error) when (error is FitsFormatException or PngFormatException)
        {
            return null;
        }
    }
}
