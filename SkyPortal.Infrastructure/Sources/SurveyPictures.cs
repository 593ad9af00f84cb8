using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Finds the addresses at which surveys show a place. Some build a picture for any place; others are asked first whether they looked
/// there at all.
/// </summary>
public sealed partial class SurveyPictures(CallOutside outside)
{
    /// <summary>Surveys that are looked at, by type of thumbnail.</summary>
    public static IReadOnlyList<string> Types { get; } = ["sdss", "ps1", "ls", "sm", "hst", "chandra", "jwst"];

    private const double PointedSearchDegrees = 0.003;

    private static readonly OutsideService Ps1 = new("Ps1Images", "The Pan-STARRS1 image server", "https://ps1images.stsci.edu") { TimeoutSeconds = 15, Attempts = 2 };
    private static readonly OutsideService SkyMapper = new("SkyMapper", "SkyMapper", "https://api.skymapper.nci.org.au") { TimeoutSeconds = 15, Attempts = 2 };
    private static readonly OutsideService Chandra = new("ChandraFootprints", "The Chandra footprint service", "https://cxcfps.cfa.harvard.edu") { TimeoutSeconds = 15, Attempts = 2 };
    private static readonly OutsideService Mast = new("Mast", "MAST", "https://mast.stsci.edu") { TimeoutSeconds = 20, Attempts = 2 };

    /// <summary>The address of a picture; null where the survey did not look there.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <exception cref="OutsideException">The survey's server does not answer.</exception>
    public async Task<string?> FindAsync(Viewer viewer, string type, SkyPosition place, string objId, CancellationToken ct)
    {
        var (ra, dec) = (Number(place.RaDegrees), Number(place.DecDegrees));
        return type switch
        {
            "sdss" => $"https://skyserver.sdss.org/dr18/SkyServerWS/ImgCutout/getjpeg?ra={ra}&dec={dec}&scale=0.3&width=200&height=200&opt=G&query=&Grid=on",
            "ls" => $"https://www.legacysurvey.org/viewer/jpeg-cutout?ra={ra}&dec={dec}&size=200&layer=ls-dr10&pixscale=0.3&bands=griz",
            "ps1" => await Ps1Async(viewer, ra, dec, objId, ct),
            "sm" => await SkyMapperAsync(viewer, ra, dec, objId, ct),
            "chandra" => await ChandraAsync(viewer, ra, dec, objId, ct),
            "hst" => await MastAsync(viewer, "HST", ra, dec, objId, ct) is { } row
                ? $"https://hla.stsci.edu/cgi-bin/fitscut.cgi?red={Uri.EscapeDataString(row.Id)}&RA={ra}&DEC={dec}&size=256&format=jpg&config=ops&asinh=1&autoscale=90"
                : null,
            "jwst" => await MastAsync(viewer, "JWST", ra, dec, objId, ct) is { Picture: { } picture }
                ? $"https://mast.stsci.edu/api/v0.1/Download/file?uri={Uri.EscapeDataString(picture)}"
                : null,
            _ => null,
        };
    }

    private async Task<string?> Ps1Async(Viewer viewer, string ra, string dec, string objId, CancellationToken ct)
    {
        var call = new OutsideCall(Ps1, "cgi-bin/ps1cutouts")
        {
            Query =
            [
                new("pos", $"{ra} {dec}"), new("filter", "color"), new("filter", "g"), new("filter", "r"), new("filter", "i"), new("filetypes", "stack"), new("size", "240"),
            ],
            Subject = objId,
        };
        return Ps1Picture().Match((await outside.HandleAsync(viewer, call, ct)).Text) is { Success: true } match ? $"https:{match.Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal)}" : null;
    }

    private async Task<string?> SkyMapperAsync(Viewer viewer, string ra, string dec, string objId, CancellationToken ct)
    {
        var call = new OutsideCall(SkyMapper, "public/siap/dr4/query")
        {
            Query =
            [
                new("POS", $"{ra},{dec}"), new("SIZE", "0.0167"), new("BAND", "g,r,i"), new("FORMAT", "image/png"), new("INTERSECT", "CENTER"), new("RESPONSEFORMAT", "CSV"), new("VERB", "3"),
            ],
            Subject = objId,
        };
        return SkyMapperPicture().Match((await outside.HandleAsync(viewer, call, ct)).Text) is { Success: true } match ? match.Value : null;
    }

    private async Task<string?> ChandraAsync(Viewer viewer, string ra, string dec, string objId, CancellationToken ct)
    {
        var call = new OutsideCall(Chandra, "cgi-bin/cda/footprint/get_vo_table.pl")
        {
            Query = [new("pos", $"{ra},{dec}"), new("size", "0.1"), new("inst", "ACIS-I,ACIS-S"), new("grating", "NONE")],
            Subject = objId,
        };
        return ChandraPicture().Match((await outside.HandleAsync(viewer, call, ct)).Text) is { Success: true } match ? match.Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal) : null;
    }

    private async Task<(string Id, string? Picture)?> MastAsync(Viewer viewer, string mission, string ra, string dec, string objId, CancellationToken ct)
    {
        var request = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["service"] = "Mast.Caom.Filtered.Position",
            ["format"] = "json",
            ["params"] = new
            {
                columns = "obs_id,jpegURL,dataproduct_type",
                filters = new object[] { new { paramName = "obs_collection", values = new[] { mission } }, new { paramName = "dataproduct_type", values = new[] { "image" } } },
                position = $"{ra}, {dec}, {Number(PointedSearchDegrees)}",
            },
        });
        var reply = await outside.HandleAsync(viewer, new OutsideCall(Mast, "api/v0/invoke") { Method = HttpMethod.Post, IsRead = true, Form = [new("request", request)], Subject = objId }, ct);
        try
        {
            using var json = JsonDocument.Parse(reply.Body);
            foreach (var row in json.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToList() : [])
            {
                var picture = Text(row, "jpegURL");
                if (Text(row, "obs_id") is { } id && (picture is not null || mission == "HST"))
                {
                    return (id, picture);
                }
            }

            return null;
        }
        catch (JsonException error)
        {
            throw OutsideException.Unreadable(Mast, "no JSON", error);
        }
    }

    private static string? Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string Number(double degrees) => degrees.ToString("0.######", CultureInfo.InvariantCulture);

    [GeneratedRegex("""src="(//ps1images\.stsci\.edu[^"]+)""")]
    private static partial Regex Ps1Picture();

    [GeneratedRegex("""https://[^\s",]*get_image[^\s",]*format=png[^\s",]*""")]
    private static partial Regex SkyMapperPicture();

    [GeneratedRegex("""href="(https://cdaftp\.cfa\.harvard\.edu[^"]+)""")]
    private static partial Regex ChandraPicture();
}
