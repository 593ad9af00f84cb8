using System.Text.Json;
using System.Text.RegularExpressions;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// The Catalina surveys' second release (Drake et al. 2009): unfiltered, calibrated to Johnson V on the Vega system; V = V_CSS +
/// 0.31 (B-V)^2 + 0.04 (Drake et al. 2013), so red and blue objects are off by tenths. Stored as V.
/// </summary>
public sealed class CrtsArchive(CallOutside call) : IArchive
{
    private const double RadiusArcmin = 0.05;
    private const string Origin = "CRTS DR2";

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("Crts", "Catalina surveys", "http://nunuku.caltech.edu/cgi-bin/") { TimeoutSeconds = 90, Attempts = 2 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("crts", "CRTS", "Unfiltered light curves of the Catalina surveys, 2003 to 2014", "clear, as V", Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "asking the Catalina surveys");
        var reply = await call.HandleAsync(
            ask.Viewer,
            ask.Call(
                About, Service, "getcssconedb_release_img.cgi",
                new("RADec", $"{ask.Position.Ra()} {ask.Position.Dec()}"), new("Rad", ArchiveText.Number(RadiusArcmin)), new("DB", "photcat"), new("OUT", "web"), new("SHORT", "short")),
            ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply, an HTML page with a table or comma-separated values.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string text)
    {
        var table = text.TrimStart().StartsWith('<') ? ReplyTable.Html(Service, text, "Magerr") : ReplyTable.Csv(Service, text);
        var points = new List<ArchivePoint>();
        foreach (var row in table.With("Mag", "Magerr", "MJD").Rows)
        {
            if (row.Number("Mag") is not { } mag || row.Number("Magerr") is not { } error || row.Number("Blend") is > 0)
            {
                continue;
            }

            var (flux, sigma) = ArchiveFlux.OfMag(mag, error, "bessellv", MagnitudeSystems.Vega);
            points.Add(new ArchivePoint(ArchiveInstrument.Css, Origin, row.Required("MJD"), "bessellv", flux, sigma)
            {
                RaDegrees = row.Number("RA"),
                DecDegrees = row.Number("Dec") ?? row.Number("Decl"),
                Data = ArchiveText.Data(row, "MasterID", "Blend"),
            });
        }

        return points;
    }
}

/// <summary>
/// The SDSS imaging survey: PSF fluxes in nanomaggies, 3.631 microjansky each (zero point 22.5), with their sign; one sigma is the
/// inverse variance to the power of -1/2. u_AB = u - 0.04, z_AB = z + 0.02 (SDSS, Photometric Flux Calibration). Times are TAI.
/// </summary>
public sealed class SdssArchive(CallOutside call) : IArchive
{
    private const double RadiusArcmin = 2.0 / 60;
    private const string Origin = "SDSS";
    private const double ZeroPointMag = 22.5;

    private static readonly (string Letter, double AbMinusSdssMag)[] Bands = [("u", -0.04), ("g", 0), ("r", 0), ("i", 0), ("z", 0.02)];

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("Sdss", "SDSS SkyServer", "https://skyserver.sdss.org/dr18/") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("sdss", "SDSS", "Every detection by the imaging survey, 1998 to 2009", "u g r i z", Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "asking SDSS");
        var columns = string.Join(", ", Bands.Select(band => $"p.psfFlux_{band.Letter}, p.psfFluxIvar_{band.Letter}, f.mjd_{band.Letter}"));
        var sql = $"SELECT p.objID, p.ra, p.dec, p.clean, {columns} FROM dbo.fGetNearbyObjAllEq({ask.Position.Ra()},{ask.Position.Dec()},{ArchiveText.Number(Math.Round(RadiusArcmin, 6))}) n "
            + "JOIN PhotoObjAll p ON p.objID = n.objID JOIN Field f ON f.fieldID = p.fieldID";
        var reply = await call.HandleAsync(ask.Viewer, ask.Call(About, Service, "SkyServerWS/SearchTools/SqlSearch", new("cmd", sql), new("format", "csv")), ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var points = new List<ArchivePoint>();
        if (csv.Contains("No objects have been found", StringComparison.OrdinalIgnoreCase))
        {
            return points;
        }

        foreach (var row in ReplyTable.Csv(Service, csv).With("objID", "psfFlux_u", "psfFluxIvar_u", "mjd_u").Rows)
        {
            foreach (var (letter, offsetMag) in Bands)
            {
                if (row.Number($"psfFlux_{letter}") is not { } flux || row.Number($"psfFluxIvar_{letter}") is not > 0 || row.Number($"mjd_{letter}") is not > 0)
                {
                    continue;
                }

                var perUnit = StoredFlux.MicroJanskyPerUnit(ZeroPointMag + offsetMag);
                points.Add(new ArchivePoint(
                    ArchiveInstrument.Sdss, Origin, Mjd.FromTai(row.Required($"mjd_{letter}")).UtcDays, $"sdss{letter}", flux * perUnit, perUnit / Math.Sqrt(row.Required($"psfFluxIvar_{letter}")))
                {
                    RaDegrees = row.Number("ra"),
                    DecDegrees = row.Number("dec"),
                    Data = ArchiveText.Data(row, "objID", "clean"),
                });
            }
        }

        return points;
    }
}

/// <summary>The catalogues of Pan-STARRS DR2 at MAST.</summary>
public static class Mast
{
    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("MastCatalogs", "MAST catalogs", "https://catalogs.mast.stsci.edu/") { TimeoutSeconds = 30 };

    internal const string Mean = "api/v0.1/panstarrs/dr2/mean.csv";
    internal const string Detection = "api/v0.1/panstarrs/dr2/detection.csv";
}

/// <summary>
/// Single detections of Pan-STARRS DR2 (Flewelling et al. 2020): PSF flux in jansky on the AB system (zero point 8.90), that is
/// 10^6 microjansky each, with its sign. Only where more than 0.9 of the PSF fell on good pixels (psfQfPerfect).
/// </summary>
public sealed class PanStarrsArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 2;
    private const double LeastQuality = 0.9;
    private const double MicroJanskyPerJansky = 1e6;
    private const string Origin = "PS1 DR2";
    private static readonly string[] Filters = ["ps1::g", "ps1::r", "ps1::i", "ps1::z", "ps1::y"];

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("ps1", "Pan-STARRS DR2 (MAST)", "Single detections of the 3 pi survey, 2009 to 2015", "g r i z y", Mast.Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "looking for the object");
        var mean = await call.HandleAsync(
            ask.Viewer,
            ask.Call(
                About, Mast.Service, Mast.Mean,
                [new("ra", ask.Position.Ra()), new("dec", ask.Position.Dec()), new("radius", ArchiveText.Degrees(RadiusArcsec)), new("nDetections.gt", "1"), .. Columns("objID", "raMean", "decMean", "nDetections")]),
            ct);
        var nearest = ReplyTable.Csv(Mast.Service, mean.Text).With("objID", "raMean", "decMean").Rows
            .Select(row => (Id: row.Text("objID"), Arcsec: ArchiveText.ArcsecFrom(ask.Position, row.Number("raMean"), row.Number("decMean"))))
            .Where(row => row.Id is not null && row.Id.All(char.IsAsciiDigit)).MinBy(row => row.Arcsec ?? double.MaxValue);
        if (nearest.Id is null)
        {
            return [];
        }

        await ask.Tell(0.5, $"asking for {nearest.Id}");
        var reply = await call.HandleAsync(
            ask.Viewer,
            ask.Call(About, Mast.Service, Mast.Detection, [new("objID", nearest.Id), .. Columns("detectID", "filterID", "obsTime", "ra", "dec", "psfFlux", "psfFluxErr", "psfQfPerfect")]),
            ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Csv(Mast.Service, csv).With("filterID", "obsTime", "psfFlux", "psfFluxErr", "psfQfPerfect").Rows)
        {
            if (row.Number("filterID") is not (>= 1 and <= 5 and var filter) || row.Number("psfQfPerfect") is not > LeastQuality || row.Number("psfFlux") is not { } flux || row.Number("psfFluxErr") is not { } error)
            {
                continue;
            }

            points.Add(new ArchivePoint(ArchiveInstrument.PanStarrs, Origin, row.Required("obsTime"), Filters[(int)filter - 1], flux * MicroJanskyPerJansky, error * MicroJanskyPerJansky)
            {
                RaDegrees = row.Number("ra"),
                DecDegrees = row.Number("dec"),
                Data = ArchiveText.Data(row, "detectID", "psfQfPerfect"),
            });
        }

        return points;
    }

    internal static IEnumerable<OutsideField> Columns(params string[] names) => names.Select(name => new OutsideField("columns", name));
}

/// <summary>
/// LINEAR's recalibrated light curves (Sesar et al. 2011, AJ 142, 190): unfiltered, calibrated against SDSS to r on the AB system.
/// The public files are rows of MJD, magnitude, uncertainty and flag parted by white space; no public server answers by position,
/// so a site names its own, which answers such rows to ra, dec and radius (arcsec).
/// </summary>
public sealed class LinearArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 3;
    private const string Origin = "LINEAR";

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("Linear", "LINEAR light curves", null) { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("linear", "LINEAR", "Unfiltered light curves of the asteroid survey, 1998 to 2009", "clear, as r", Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "asking for LINEAR's light curve");
        var reply = await call.HandleAsync(
            ask.Viewer,
            ask.Call(About, Service, "lightcurve", new("ra", ask.Position.Ra()), new("dec", ask.Position.Dec()), new("radius", ArchiveText.Number(RadiusArcsec))) with { AlsoAnswers = [404] },
            ct);
        return reply.Status == 404 ? [] : Parse(reply.Text);
    }

    /// <summary>The points of a file; a header is put before it where it has none.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string text)
    {
        const string Header = "MJD mag magErr flag";
        var points = new List<ArchivePoint>();
        var lines = text.Split('\n').Where(line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'));
        var body = string.Join('\n', lines.Select(line => line.Trim().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Select(cells => string.Join(' ', cells.Concat(["0"]).Take(4))));
        foreach (var row in ReplyTable.Spaced(Service, $"{Header}\n{body}").Rows)
        {
            if (row.Number("mag") is not { } mag || row.Number("magErr") is not { } error)
            {
                continue;
            }

            var (flux, sigma) = ArchiveFlux.OfMag(mag, error, "sdssr", MagnitudeSystems.Ab);
            points.Add(new ArchivePoint(ArchiveInstrument.Linear, Origin, row.Required("MJD"), "sdssr", flux, sigma) { Data = ArchiveText.Data(row, "flag") });
        }

        return points;
    }
}

/// <summary>
/// ASAS-SN's photometry database (Shappee et al. 2014; Jayasinghe et al. 2019): V until 2018 on the Vega system, Sloan g since, on
/// the AB system. Magnitudes with an uncertainty of 99 are limits of five sigma. Flux in millijansky is kept only as data: the
/// magnitude carries the calibration.
/// </summary>
public sealed partial class AsasSnArchive(CallOutside call) : IArchive
{
    private const double RadiusArcmin = 0.1;
    private const double NoError = 99;
    private const double LimitSigmas = 5;
    private const double JulianDateMinusMjd = 2_400_000.5;
    private const string Origin = "ASAS-SN";

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("AsasSn", "ASAS-SN", "https://asas-sn.osu.edu/") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("asassn", "ASAS-SN", "Nightly light curves of the bright sky since 2013", "V g", Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "looking for the source");
        var index = await call.HandleAsync(
            ask.Viewer,
            ask.Call(About, Service, "photometry.json", new("ra", ask.Position.Ra()), new("dec", ask.Position.Dec()), new("radius", ArchiveText.Number(RadiusArcmin)), new("sort_by", "raj2000")),
            ct);
        if (SourceOf(index.Text, ask.Position) is not { } source)
        {
            return [];
        }

        await ask.Tell(0.5, "asking for its light curve");
        var reply = await call.HandleAsync(ask.Viewer, ask.Call(About, Service, $"photometry/export_source/{source}", new OutsideField("type", "csv")), ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a light curve.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Csv(Service, csv).With("HJD", "mag", "mag_err").Rows)
        {
            var (filter, system) = IsV(row) ? ("bessellv", MagnitudeSystems.Vega) : ("sdssg", MagnitudeSystems.Ab);
            var mag = row.Text("mag") is { } text ? (double?)(double.TryParse(text.TrimStart('>'), System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null) : null;
            var error = row.Number("mag_err");
            double? flux = null;
            double sigma;
            if (mag is { } seen and < NoError && error is > 0 and < NoError)
            {
                (flux, sigma) = ArchiveFlux.OfMag(seen, error.Value, filter, system);
            }
            else if ((row.Number("Limit") ?? mag) is { } limit and < NoError)
            {
                sigma = ArchiveFlux.SigmaOfLimit(limit, LimitSigmas, filter, system);
            }
            else
            {
                continue;
            }

            points.Add(new ArchivePoint(ArchiveInstrument.AsasSn, Origin, row.Required("HJD") - JulianDateMinusMjd, filter, flux, sigma)
            {
                Data = ArchiveText.Data(row, "Camera", "FWHM", "Limit", "flux(mJy)", "flux_err"),
            });
        }

        return points;
    }

    // Where no filter is told, the camera tells: those whose last letter is a to h took V, the later ones g.
    private static bool IsV(ReplyTable.Row row) => row.Text("Filter") is { } filter
        ? string.Equals(filter, "V", StringComparison.OrdinalIgnoreCase)
        : row.Text("Camera") is not { Length: > 0 } camera || char.ToLowerInvariant(camera[^1]) is >= 'a' and <= 'h';

    private static string? SourceOf(string json, SkyPosition position)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("results").EnumerateArray()
                .Select(item => (
                    Id: SourceId().Match(item.GetProperty("link").GetString() ?? ""),
                    Arcsec: ArchiveText.ArcsecFrom(position, NumberOf(item, "raj2000"), NumberOf(item, "dej2000"))))
                .Where(item => item.Id.Success)
                .OrderBy(item => item.Arcsec ?? double.MaxValue)
                .Select(item => item.Id.Groups[1].Value)
                .FirstOrDefault();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw OutsideException.Unreadable(Service, "the list of sources is not what it was.", error);
        }
    }

    private static double? NumberOf(JsonElement item, string name) => item.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : double.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null
        : null;

    [GeneratedRegex("/photometry/([0-9a-fA-F-]{8,40})(?:[./?]|$)")]
    private static partial Regex SourceId();
}
