using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Gcn;

namespace SkyPortal.Web.Api.Gcn;

/// <summary>Reads the sky map of a posted event: tiles, a cone, an ellipse, a polygon or a FITS file in base64.</summary>
internal static class SkyMapBody
{
    private const string UnnamedFile = "healpix";

    // A flat map takes some hundred MiB while it is read: one at a time.
    private static readonly Lock OneFile = new();

    /// <summary>Reads it; null where there is none. Refuses what makes no map, with the reason.</summary>
    public static NewSkyMap? Read(ApiBody body) => body.Element("skymap") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => Made(() => OfObject(new ApiBody(value))),
        { ValueKind: JsonValueKind.String } value => Made(() => OfText(value.GetString()!)),
        _ => throw ApiBody.Wrong("skymap", "Input should be an object, or a FITS file in base64"),
    };

    /// <summary>A map of a file that a person chose.</summary>
    public static NewSkyMap OfFile(ReadOnlyMemory<byte> bytes, string name) => Made(() =>
    {
        lock (OneFile)
        {
            var file = SkyMapFits.Read(bytes);
            return new NewSkyMap(name, file.Map, file.Header);
        }
    });

    /// <summary>A map around a position.</summary>
    public static NewSkyMap OfCone(double raDegrees, double decDegrees, double errorDegrees) => Made(() =>
        SkyPosition.TryCreate(raDegrees, decDegrees, out var center, out var error)
            ? new NewSkyMap(SkyMapShapes.ConeName(raDegrees, decDegrees, errorDegrees), SkyMapShapes.Cone(center, errorDegrees), null, center)
            : throw Refusal.Invalid($"skymap: {error}"));

    /// <summary>A map of a polygon, written as <c>[[ra, dec], ...]</c> in degrees.</summary>
    public static NewSkyMap OfPolygon(string text, string name) => Made(() => new NewSkyMap(name, SkyMapShapes.Polygon(Corners(text))));

    private static NewSkyMap OfObject(ApiBody skymap)
    {
        if (skymap.Has("uniq") && skymap.Has("probdensity"))
        {
            var uniqs = skymap.Longs("uniq")!;
            var density = Numbers(skymap, "probdensity", allowsNull: false)!;
            var distances = skymap.Has("distmu") && skymap.Has("distsigma") && skymap.Has("distnorm")
                ? new SkyMapDistances(Numbers(skymap, "distmu", true)!, Numbers(skymap, "distsigma", true)!, Numbers(skymap, "distnorm", true)!)
                : null;
            return new NewSkyMap(skymap.RequiredText("localization_name"), SkyMap.Of(uniqs, density, distances));
        }

        if (skymap.Has("ra") && skymap.Has("dec") && skymap.Has("error"))
        {
            return OfCone(skymap.RequiredNumber("ra"), skymap.RequiredNumber("dec"), skymap.RequiredNumber("error"));
        }

        if (skymap.Has("ra") && skymap.Has("dec") && skymap.Has("amaj") && skymap.Has("amin") && skymap.Has("phi"))
        {
            return SkyPosition.TryCreate(skymap.RequiredNumber("ra"), skymap.RequiredNumber("dec"), out var center, out var error)
                ? new NewSkyMap(
                    skymap.RequiredText("localization_name"),
                    SkyMapShapes.Ellipse(center, skymap.RequiredNumber("amaj"), skymap.RequiredNumber("amin"), skymap.RequiredNumber("phi")),
                    null,
                    center)
                : throw Refusal.Invalid($"skymap: {error}");
        }

        if (skymap.Element("polygon") is { } polygon)
        {
            var corners = polygon.ValueKind == JsonValueKind.String ? Corners(polygon.GetString()!) : Corners(polygon);
            return new NewSkyMap(skymap.RequiredText("localization_name"), SkyMapShapes.Polygon(corners));
        }

        throw Refusal.Invalid(
            "skymap needs localization_name, uniq and probdensity; or ra, dec and error; or localization_name, ra, dec, amaj, amin and phi; or localization_name and polygon");
    }

    // data:application/gzip;name=bayestar.fits.gz;base64,H4sI...
    private static NewSkyMap OfText(string text)
    {
        var mark = text.IndexOf("base64,", StringComparison.Ordinal);
        var before = mark < 0 ? "" : text[..mark];
        var named = before.IndexOf("name=", StringComparison.Ordinal);
        var name = named < 0 ? UnnamedFile : Uri.UnescapeDataString(before[(named + 5)..].Replace(";", "", StringComparison.Ordinal));
        var content = text.AsSpan(mark < 0 ? 0 : mark + 7);
        if (content.Length > (SkyMapFits.MostFileBytes + 2L) / 3 * 4)
        {
            throw ApiBody.Wrong("skymap", $"The file should have at most {SkyMapFits.MostFileBytes >> 20} MiB");
        }

        var bytes = new byte[(content.Length / 4 * 3) + 3];
        return Convert.TryFromBase64Chars(content, bytes, out var length) && length > 0
            ? OfFile(bytes.AsMemory(0, length), name.Length == 0 ? UnnamedFile : name)
            : throw ApiBody.Wrong("skymap", "Input should be a FITS file in base64; addresses of files are not taken");
    }

    private static List<SkyPosition> Corners(string text)
    {
        try
        {
            // Programs also write pairs in round brackets.
            using var document = JsonDocument.Parse(text.Replace('(', '[').Replace(')', ']'));
            return Corners(document.RootElement);
        }
        catch (JsonException)
        {
            throw ApiBody.Wrong("polygon", "Input should be a list of pairs of ra and dec");
        }
    }

    private static List<SkyPosition> Corners(JsonElement polygon)
    {
        if (polygon.ValueKind != JsonValueKind.Array || polygon.GetArrayLength() > SkyMapShapes.MostCorners)
        {
            throw ApiBody.Wrong("polygon", $"Input should be a list of 3 to {SkyMapShapes.MostCorners} pairs of ra and dec");
        }

        return [.. polygon.EnumerateArray().Select((corner, at) =>
            corner.ValueKind == JsonValueKind.Array && corner.GetArrayLength() == 2 && Number(corner[0]) is { } ra && Number(corner[1]) is { } dec
                ? SkyPosition.TryCreate(ra, dec, out var position, out var error) ? position : throw ApiBody.Wrong($"polygon[{at}]", error)
                : throw ApiBody.Wrong($"polygon[{at}]", "Input should be a pair of ra and dec"))];
    }

    private static double[]? Numbers(ApiBody body, string field, bool allowsNull) => body.List(field)?.Select((value, at) => value.ValueKind switch
    {
        JsonValueKind.Null when allowsNull => double.NaN,
        _ => Number(value) ?? throw ApiBody.Wrong($"{field}[{at}]", "Input should be a finite number"),
    }).ToArray();

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static NewSkyMap Made(Func<NewSkyMap> make)
    {
        try
        {
            return make();
        }
        catch (Exception error) when (error is SkyMapException or FitsFormatException)
        {
            throw Refusal.Invalid($"skymap: {error.Message}");
        }
    }
}
