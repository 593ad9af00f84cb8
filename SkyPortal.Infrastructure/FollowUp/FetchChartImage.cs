using System.Globalization;
using System.Text.RegularExpressions;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>A survey whose images lie behind finding charts.</summary>
/// <param name="Name">Name on the wire.</param>
/// <param name="Title">Name for people.</param>
public sealed record ChartImageSource(string Name, string Title)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ChartImageSource> All { get; } =
    [
        new("ps1", "Pan-STARRS1 r"), new("ps1_cds", "Pan-STARRS1 r (CDS)"), new("desi", "Legacy Surveys r"), new("dss", "DSS2 red"), new("ztfref", "ZTF reference"),
    ];

    /// <summary>The source of a name; null where there is none.</summary>
    public static ChartImageSource? Find(string name) => All.FirstOrDefault(source => source.Name == name);
}

/// <summary>A square of the sky as pixels, row after row from the north, east to the left; not-a-number where there are none.</summary>
public sealed record ChartImage(ChartImageSource Source, float[] Pixels, int SidePixels);

/// <summary>Fetches the image behind a finding chart. Images are known to everybody and kept for a while.</summary>
public sealed partial class FetchChartImage(CallOutside outside, ZtfReferences ztf, TimeProvider clock)
{
    /// <summary>Pixels along a side.</summary>
    public const int SidePixels = 700;

    private const long MostBytes = 40L << 20;
    private const int KeptImages = 12;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    private static readonly OutsideService Ps1 = new("Ps1Images", "The Pan-STARRS1 image server", "https://ps1images.stsci.edu") { TimeoutSeconds = 20, Attempts = 2, MostReplyBytes = MostBytes };
    private static readonly OutsideService Cds = new("CdsImages", "The image server of the CDS", "https://alasky.cds.unistra.fr") { TimeoutSeconds = 20, Attempts = 2, MostReplyBytes = MostBytes };
    private static readonly OutsideService Legacy = new("LegacySurveys", "The Legacy Surveys viewer", "https://www.legacysurvey.org") { TimeoutSeconds = 20, Attempts = 2, MostReplyBytes = MostBytes };
    private static readonly OutsideService Dss = new("StsciDss", "The Digitized Sky Survey at STScI", "https://archive.stsci.edu") { TimeoutSeconds = 25, Attempts = 2, MostReplyBytes = MostBytes };

    private readonly RecentAnswers<(string, SkyPosition, double), ChartImage> _recent = new(KeptImages, KeptFor, clock);

    /// <summary>The image; null where the survey did not look there.</summary>
    /// <exception cref="OutsideException">The survey's server does not answer, or what cannot be read.</exception>
    public async Task<ChartImage?> HandleAsync(Viewer viewer, ChartImageSource source, SkyPosition center, double sizeArcmin, string? subject, CancellationToken ct)
    {
        var key = (source.Name, center, sizeArcmin);
        if (_recent.Find(key) is { } known)
        {
            return known;
        }

        var (service, file) = source.Name switch
        {
            "ps1" => (Ps1, await Ps1Async(viewer, center, sizeArcmin, subject, ct)),
            "ps1_cds" => (Cds, await CdsAsync(viewer, center, sizeArcmin, subject, ct)),
            "desi" => (Legacy, await LegacyAsync(viewer, center, sizeArcmin, subject, ct)),
            "dss" => (Dss, await DssAsync(viewer, center, sizeArcmin, subject, ct)),
            _ => (Ps1, await ztf.ImageAsync(viewer, center, sizeArcmin, subject, ct)),
        };
        if (file is null)
        {
            return null;
        }

        try
        {
            var pixels = SkyResampling.Square(FitsReader.ReadImage(file), center, sizeArcmin / 60, SidePixels);
            if (!pixels.Any(pixel => float.IsFinite(pixel) && pixel != 0))
            {
                return null;
            }

            var image = new ChartImage(source, pixels, SidePixels);
            _recent.Keep(key, image);
            return image;
        }
        catch (FitsFormatException error)
        {
            throw OutsideException.Unreadable(service, error.Message, error);
        }
    }

    // The page lists the stacks that cover the position; the file's name goes into the address of the cut-out.
    private async Task<byte[]?> Ps1Async(Viewer viewer, SkyPosition center, double sizeArcmin, string? subject, CancellationToken ct)
    {
        var size = (int)Math.Ceiling(60 * sizeArcmin / 0.25);
        var page = await outside.HandleAsync(viewer, new OutsideCall(Ps1, "cgi-bin/ps1filenames.py") { Query = [.. Place(center), new("filters", "r")], Subject = subject }, ct);
        if (StackPattern().Match(page.Text) is not { Success: true } stack)
        {
            return null;
        }

        var cut = new OutsideCall(Ps1, "cgi-bin/fitscut.cgi")
        {
            Query = [.. Place(center), new("size", Whole(size)), new("format", "fits"), new("red", stack.Value)],
            Subject = subject,
        };
        return (await outside.HandleAsync(viewer, cut, ct)).Body;
    }

    private async Task<byte[]?> CdsAsync(Viewer viewer, SkyPosition center, double sizeArcmin, string? subject, CancellationToken ct) =>
        (await outside.HandleAsync(viewer, new OutsideCall(Cds, "hips-image-services/hips2fits")
        {
            Query = [new("width", Whole(SidePixels)), new("height", Whole(SidePixels)), new("fov", Number(sizeArcmin / 60)), .. Place(center), new("hips", "CDS/P/PanSTARRS/DR1/r"), new("format", "fits"), new("projection", "TAN")],
            Subject = subject,
        }, ct)).Body;

    private async Task<byte[]?> LegacyAsync(Viewer viewer, SkyPosition center, double sizeArcmin, string? subject, CancellationToken ct) =>
        (await outside.HandleAsync(viewer, new OutsideCall(Legacy, "viewer/fits-cutout")
        {
            Query = [.. Place(center), new("layer", "ls-dr10"), new("pixscale", Number(sizeArcmin * 60 / 500)), new("size", "500"), new("bands", "r")],
            Subject = subject,
        }, ct)).Body;

    private async Task<byte[]?> DssAsync(Viewer viewer, SkyPosition center, double sizeArcmin, string? subject, CancellationToken ct) =>
        (await outside.HandleAsync(viewer, new OutsideCall(Dss, "cgi-bin/dss_search")
        {
            Query = [new("v", "poss2ukstu_red"), new("r", Number(center.RaDegrees)), new("d", Number(center.DecDegrees)), new("e", "J2000"), new("h", Number(sizeArcmin)), new("w", Number(sizeArcmin)), new("f", "fits")],
            Subject = subject,
        }, ct)).Body;

    private static OutsideField[] Place(SkyPosition center) => [new("ra", Number(center.RaDegrees)), new("dec", Number(center.DecDegrees))];

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"/\S+\.unconv\.fits")]
    private static partial Regex StackPattern();
}
