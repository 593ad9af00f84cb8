using System.Text.RegularExpressions;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// Light curves of the Gaia Photometric Science Alerts (Hodgkin et al. 2021). An alert is found by a name of the object, or within
/// 2 arcsec in the index of all alerts. Magnitudes are G on the Vega system; the index gives no uncertainties, so they follow the
/// expected ones, 3.43779 - m/1.13759 + (m/3.44123)^2 - (m/6.51996)^3 + (m/11.45922)^4, as other marshals use them.
/// </summary>
public sealed partial class GaiaAlertsArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 2;
    private const string Origin = "Gaia Alerts";

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("GaiaAlerts", "Gaia Science Alerts", "https://gsaweb.ast.cam.ac.uk/") { TimeoutSeconds = 60, MostReplyBytes = 64L << 20 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("gaia_alerts", "Gaia Science Alerts", "Light curves of transients that Gaia announced, since 2014", "G", Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "looking for the alert");
        if (ask.Names.Select(name => AlertName().Match(name)).FirstOrDefault(match => match.Success)?.Value is not { } alert)
        {
            var index = await call.HandleAsync(ask.Viewer, ask.Call(About, Service, "alerts/alerts.csv"), ct);
            if (Nearest(index.Text, ask) is not { } found)
            {
                return [];
            }

            alert = found;
        }

        await ask.Tell(0.5, $"asking for {alert}");
        var reply = await call.HandleAsync(ask.Viewer, ask.Call(About, Service, $"alerts/alert/{alert}/lightcurve.csv/") with { AlsoAnswers = [404] }, ct);
        return reply.Status == 404 ? [] : Parse(reply.Text);
    }

    /// <summary>The points of a light curve: a title, a header, rows of which some have no magnitude.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var start = csv.IndexOf('\n') + 1;
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Csv(Service, csv[start..]).With("JD(TCB)", "averagemag").Rows)
        {
            if (row.Number("averagemag") is not { } mag)
            {
                continue;
            }

            var (flux, sigma) = ArchiveFlux.OfMag(mag, ExpectedErrorMag(mag), "gaia::g", MagnitudeSystems.Vega);
            points.Add(new ArchivePoint(ArchiveInstrument.Gaia, Origin, GaiaTime.MjdUtcOfTcb(row.Required("JD(TCB)")), "gaia::g", flux, sigma) { Data = ArchiveText.Data(row, "averagemag") });
        }

        return points;
    }

    /// <summary>Uncertainty that is expected at a magnitude G.</summary>
    public static double ExpectedErrorMag(double mag) =>
        3.43779 - (mag / 1.13759) + Math.Pow(mag / 3.44123, 2) - Math.Pow(mag / 6.51996, 3) + Math.Pow(mag / 11.45922, 4);

    private static string? Nearest(string csv, ArchiveAsk ask) => ReplyTable.Csv(Service, csv).With("Name", "RaDeg", "DecDeg").Rows
        .Select(row => (Name: row.Text("Name"), Arcsec: ArchiveText.ArcsecFrom(ask.Position, row.Number("RaDeg"), row.Number("DecDeg"))))
        .Where(row => row.Name is not null && AlertName().IsMatch(row.Name) && row.Arcsec <= RadiusArcsec)
        .MinBy(row => row.Arcsec).Name;

    [GeneratedRegex("^Gaia[0-9]{2}[a-z]{1,4}$")]
    private static partial Regex AlertName();
}

/// <summary>
/// Epoch photometry of Gaia DR3: flux in electrons per second with the zero points of Riello et al. 2021 (table of the Gaia EDR3
/// passbands, Vega): m = ZP - 2.5 log10 f, ZP 25.6874 (G), 25.3385 (BP), 24.7479 (RP), brought to AB by the site's offsets.
/// Fluxes keep their sign. Transits that Gaia's photometry or variability processing rejected are left out. Times are days since
/// JD 2455197.5 in barycentric coordinate time.
/// </summary>
public sealed class GaiaDr3Archive(CallOutside call, GaiaTap tap) : IArchive
{
    private const double RadiusArcsec = 1;
    private const string Origin = "Gaia DR3";
    private const double EpochJulianDate = 2455197.5;

    private static readonly Dictionary<string, (string Filter, double VegaZeroPointMag)> Bands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["G"] = ("gaia::g", 25.6874),
        ["BP"] = ("gaia::gbp", 25.3385),
        ["RP"] = ("gaia::grp", 24.7479),
    };

    /// <summary>The server of what belongs to single sources.</summary>
    public static OutsideService DataServer { get; } = new("GaiaData", "Gaia data server at ESA", "https://gea.esac.esa.int/data-server/") { TimeoutSeconds = 90 };

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("gaia_dr3", "Gaia DR3", "Epoch photometry of variable sources, 2014 to 2017", "G BP RP", DataServer);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "looking for the source");
        var subject = ReadArchives.SubjectOf(About, ask.ObjId);
        var sources = await tap.QueryAsync(
            ask.Viewer, $"SELECT source_id, ra, dec FROM gaiadr3.gaia_source WHERE {ArchiveText.InCircle(ask.Position, RadiusArcsec)} AND has_epoch_photometry='true'", subject, ct);
        var source = sources.With("source_id", "ra", "dec").Rows
            .Select(row => (Id: row.Text("source_id"), Arcsec: ArchiveText.ArcsecFrom(ask.Position, row.Number("ra"), row.Number("dec"))))
            .Where(row => row.Id is not null && row.Id.All(char.IsAsciiDigit))
            .MinBy(row => row.Arcsec ?? double.MaxValue);
        if (source.Id is null)
        {
            return [];
        }

        await ask.Tell(0.5, $"asking for source {source.Id}");
        var reply = await call.HandleAsync(
            ask.Viewer,
            ask.Call(
                About, DataServer, "data",
                new("ID", $"Gaia DR3 {source.Id}"), new("RETRIEVAL_TYPE", "EPOCH_PHOTOMETRY"), new("DATA_STRUCTURE", "INDIVIDUAL"), new("FORMAT", "csv"), new("USE_ZIP_ALWAYS", "false")),
            ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Csv(DataServer, csv).With("band", "time", "flux", "flux_error").Rows)
        {
            if (row.Text("band") is not { } name || !Bands.TryGetValue(name, out var band) || row.Number("time") is not { } time
                || row.Number("flux") is not { } flux || row.Number("flux_error") is not { } error || IsTrue(row, "rejected_by_photometry") || IsTrue(row, "rejected_by_variability"))
            {
                continue;
            }

            var perUnit = StoredFlux.MicroJanskyPerUnit(band.VegaZeroPointMag - MagnitudeSystems.ZeroPointOffsetMag(MagnitudeSystems.Vega, band.Filter));
            points.Add(new ArchivePoint(ArchiveInstrument.Gaia, Origin, GaiaTime.MjdUtcOfTcb(EpochJulianDate + time), band.Filter, flux * perUnit, error * perUnit)
            {
                Data = ArchiveText.Data(row, "source_id", "transit_id", "mag", "other_flags"),
            });
        }

        return points;
    }

    private static bool IsTrue(ReplyTable.Row row, string column) => string.Equals(row.Text(column), "true", StringComparison.OrdinalIgnoreCase);
}
