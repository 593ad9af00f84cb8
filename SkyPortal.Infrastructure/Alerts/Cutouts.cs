using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Finds and draws the cut-outs in packets.</summary>
public static class Cutouts
{
    private static readonly (string Type, CutoutKind Kind, string[] Fields)[] Kinds =
    [
        (ThumbnailTypes.New, CutoutKind.Science, ["cutoutScience", "cutout_science"]),
        (ThumbnailTypes.Ref, CutoutKind.Template, ["cutoutTemplate", "cutout_template"]),
        (ThumbnailTypes.Sub, CutoutKind.Difference, ["cutoutDifference", "cutout_difference"]),
    ];

    /// <summary>Types of thumbnail whose cut-outs are there and can be read.</summary>
    public static IReadOnlyList<string> Drawable(PacketRecord packet) =>
        [.. Kinds.Select(kind => kind.Type).Where(type => Read(packet, type) is not null)];

    /// <summary>The picture of a packet's cut-out as PNG; null where there is none or it cannot be read.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="survey">Its survey, which decides how the picture is turned.</param>
    /// <param name="type">One of new, ref and sub.</param>
    /// <param name="stretch">How brightness becomes grey; null for the usual way.</param>
    public static byte[]? Draw(PacketRecord packet, string survey, string type, CutoutStretch? stretch = null)
    {
        var kind = Array.Find(Kinds, kind => kind.Type == type);
        if (kind.Fields is null || Find(packet, kind.Fields) is not { } fits)
        {
            return null;
        }

        try
        {
            return CutoutRenderer.Render(fits, kind.Kind, OrientationOf(survey), stretch).Png;
        }
        catch (FitsFormatException)
        {
            return null;
        }
    }

    /// <summary>The pixels of a packet's cut-out as stored; null where there is none or it cannot be read.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="type">One of new, ref and sub.</param>
    public static FitsImage? Read(PacketRecord packet, string type)
    {
        try
        {
            return Find(packet, Array.Find(Kinds, kind => kind.Type == type).Fields ?? []) is { } fits ? FitsReader.ReadImage(fits) : null;
        }
        catch (FitsFormatException)
        {
            return null;
        }
    }

    /// <summary>The FITS file of a packet's cut-out, decompressed; null where there is none or it cannot be read.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="type">One of new, ref and sub.</param>
    public static ReadOnlyMemory<byte>? Fits(PacketRecord packet, string type)
    {
        var kind = Array.Find(Kinds, kind => kind.Type == type);
        if (kind.Fields is null || Find(packet, kind.Fields) is not { } fits)
        {
            return null;
        }

        try
        {
            return FitsReader.Unzip(fits, FitsLimits.Default);
        }
        catch (FitsFormatException)
        {
            return null;
        }
    }

    private static CutoutOrientation OrientationOf(string survey) => survey switch
    {
        "ZTF" => CutoutOrientation.FlipVertically,
        "LSST" => CutoutOrientation.RotateNorthUp,
        _ => CutoutOrientation.AsStored,
    };

    private static byte[]? Find(PacketRecord packet, string[] fields)
    {
        foreach (var field in fields)
        {
            switch (packet[field])
            {
                case byte[] bytes:
                    return bytes;
                case PacketRecord stamp:
                    return stamp["stampData"] as byte[] ?? stamp["stamp_data"] as byte[];
            }
        }

        return null;
    }
}
