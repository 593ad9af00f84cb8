using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>The NASA/IPAC Infrared Science Archive.</summary>
public static class Irsa
{
    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("Irsa", "IRSA", "https://irsa.ipac.caltech.edu/") { TimeoutSeconds = 90 };

    /// <summary>A query of a table by TAP, answered as comma-separated values.</summary>
    internal static OutsideCall Tap(string adql, string? subject) => new(Service, "TAP/sync") { Query = [new("QUERY", adql), new("FORMAT", "CSV")], Subject = subject };
}

/// <summary>
/// ZTF's light curves of all images of the public data releases (IRSA, ZTF light-curve service): PSF magnitudes on the AB system,
/// f = 10^(-0.4 (mag - 23.9)), of the whole light and not of a difference, so never negative. Epochs with the bad bit 32768 in
/// catflags are left out (ZTF Science Data System Explanatory Supplement, section 13.6).
/// </summary>
public sealed class ZtfArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 1.5;
    private const string Origin = "ZTF DR";
    private const int BadEpoch = 32768;

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("ztf", "ZTF (IRSA)", "Light curves of all public ZTF images since 2018", "g r i", Irsa.Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "asking IRSA");
        var reply = await call.HandleAsync(
            ask.Viewer,
            ask.Call(
                About, Irsa.Service, "cgi-bin/ZTF/nph_light_curves",
                new("POS", $"CIRCLE {ask.Position.Ra()} {ask.Position.Dec()} {ArchiveText.Degrees(RadiusArcsec)}"),
                new("BANDNAME", "g,r,i"), new("BAD_CATFLAGS_MASK", "32768"), new("FORMAT", "csv")),
            ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Csv(Irsa.Service, csv).With("mjd", "mag", "magerr", "filtercode", "catflags").Rows)
        {
            var filter = row.Text("filtercode") switch { "zg" => "ztfg", "zr" => "ztfr", "zi" => "ztfi", _ => null };
            if (filter is null || row.Number("mag") is not { } mag || row.Number("magerr") is not { } error || ((int)(row.Number("catflags") ?? 0) & BadEpoch) != 0)
            {
                continue;
            }

            var (flux, sigma) = ArchiveFlux.OfMag(mag, error, filter, MagnitudeSystems.Ab);
            points.Add(new ArchivePoint(ArchiveInstrument.Ztf, Origin, row.Required("mjd"), filter, flux, sigma)
            {
                RaDegrees = row.Number("ra"),
                DecDegrees = row.Number("dec"),
                Data = ArchiveText.Data(row, "oid", "expid", "catflags", "limitmag"),
            });
        }

        return points;
    }
}

/// <summary>
/// Single exposures of WISE. Magnitudes are on WISE's Vega system; m_AB = m + 2.699, 3.339, 5.174, 6.620 in W1 to W4 (Jarrett et
/// al. 2011). Where the uncertainty is missing, the magnitude is a limit of 95 % confidence, two sigma (WISE Explanatory
/// Supplement II.2.a). Frames of quality 0 are left out.
/// </summary>
public abstract class WiseArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 3;
    private const double LimitSigmas = 2;

    /// <inheritdoc/>
    public abstract ArchiveAbout About { get; }

    /// <summary>Table at IRSA.</summary>
    protected abstract string Table { get; }

    /// <summary>Origin of the points.</summary>
    protected abstract string Origin { get; }

    /// <summary>Columns of magnitude and uncertainty by bandpass.</summary>
    protected abstract IReadOnlyList<(string Filter, string Mag, string Error)> Bands { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "asking IRSA");
        var columns = string.Join(',', Bands.SelectMany(band => new[] { band.Mag, band.Error }));
        var adql = $"SELECT ra,dec,mjd,{columns},cc_flags,qual_frame FROM {Table} WHERE {ArchiveText.InCircle(ask.Position, RadiusArcsec)}";
        var reply = await call.HandleAsync(ask.Viewer, Irsa.Tap(adql, ReadArchives.SubjectOf(About, ask.ObjId)), ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply.</summary>
    public IReadOnlyList<ArchivePoint> Parse(string csv)
    {
        var points = new List<ArchivePoint>();
        foreach (var row in ReplyTable.Csv(Irsa.Service, csv).With(["mjd", .. Bands.Select(band => band.Mag), .. Bands.Select(band => band.Error)]).Rows)
        {
            if (row.Number("qual_frame") is 0 || row.Number("mjd") is not { } mjd)
            {
                continue;
            }

            foreach (var (filter, magColumn, errorColumn) in Bands)
            {
                if (row.Number(magColumn) is not { } mag)
                {
                    continue;
                }

                double? flux = null;
                double sigma;
                if (row.Number(errorColumn) is { } error)
                {
                    (flux, sigma) = ArchiveFlux.OfMag(mag, error, filter, MagnitudeSystems.Vega);
                }
                else
                {
                    sigma = ArchiveFlux.SigmaOfLimit(mag, LimitSigmas, filter, MagnitudeSystems.Vega);
                }

                points.Add(new ArchivePoint(ArchiveInstrument.Wise, Origin, mjd, filter, flux, sigma)
                {
                    RaDegrees = row.Number("ra"),
                    DecDegrees = row.Number("dec"),
                    Data = ArchiveText.Data(row, magColumn, errorColumn, "cc_flags", "qual_frame"),
                });
            }
        }

        return points;
    }
}

/// <summary>The reactivated mission, 2013 to 2024: W1 and W2.</summary>
public sealed class NeowiseArchive(CallOutside call) : WiseArchive(call)
{
    /// <inheritdoc/>
    public override ArchiveAbout About { get; } = new("neowise", "NEOWISE (IRSA)", "Single exposures every half year, 2013 to 2024", "W1 W2", Irsa.Service);

    /// <inheritdoc/>
    protected override string Table => "neowiser_p1bs_psd";

    /// <inheritdoc/>
    protected override string Origin => "NEOWISE";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Filter, string Mag, string Error)> Bands { get; } = [("wise::w1", "w1mpro", "w1sigmpro"), ("wise::w2", "w2mpro", "w2sigmpro")];
}

/// <summary>The first mission, 2010 and 2011: W1 to W4.</summary>
public sealed class AllwiseArchive(CallOutside call) : WiseArchive(call)
{
    /// <inheritdoc/>
    public override ArchiveAbout About { get; } = new("allwise", "AllWISE (IRSA)", "Multi-epoch photometry of 2010 and 2011", "W1 W2 W3 W4", Irsa.Service);

    /// <inheritdoc/>
    protected override string Table => "allwise_p3as_mep";

    /// <inheritdoc/>
    protected override string Origin => "AllWISE";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Filter, string Mag, string Error)> Bands { get; } =
        [("wise::w1", "w1mpro_ep", "w1sigmpro_ep"), ("wise::w2", "w2mpro_ep", "w2sigmpro_ep"), ("wise::w3", "w3mpro_ep", "w3sigmpro_ep"), ("wise::w4", "w4mpro_ep", "w4sigmpro_ep")];
}
