using System.Globalization;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Stars of Gaia near a position.</summary>
public sealed class SearchGaiaStars(GaiaTap gaia)
{
    /// <summary>Columns that are asked for.</summary>
    private const string Columns = "source_id, ra, dec, ref_epoch, phot_rp_mean_mag, pmra, pmdec, parallax";

    /// <summary>The question as ADQL. Neither limits of magnitude nor an order are asked for: the archives are slow at both.</summary>
    public static string Query(SkyPosition center, double radiusDegrees) => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT DISTANCE(POINT('ICRS', ra, dec), POINT('ICRS', {center.RaDegrees:0.########}, {center.DecDegrees:0.########})) AS dist, {Columns} FROM gaiadr3.gaia_source WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', {center.RaDegrees:0.########}, {center.DecDegrees:0.########}, {radiusDegrees:0.######}))");

    /// <summary>The question for a star by its number, of data release 3 or 2.</summary>
    public static string QueryOne(long sourceId, int release) =>
        string.Create(CultureInfo.InvariantCulture, $"SELECT {Columns} FROM gaiadr{release}.gaia_source WHERE source_id = {sourceId}");

    /// <summary>Stars with a magnitude; null where no archive answers.</summary>
    /// <param name="subject">What it is about, for the stored transaction.</param>
    public async Task<IReadOnlyList<CatalogStar>?> HandleAsync(Viewer viewer, string adql, string? subject, CancellationToken ct)
    {
        try
        {
            var table = (await gaia.QueryAsync(viewer, adql, subject, ct)).With("source_id", "ra", "dec", "ref_epoch", "phot_rp_mean_mag", "pmra", "pmdec", "parallax");
            // A place without stars is answered with the names of the columns alone.
            return table.Has("source_id") ? [.. table.Rows.Select(Read).OfType<CatalogStar>()] : null;
        }
        catch (OutsideException)
        {
            // That none answered is in the transactions.
            return null;
        }
    }

    private static CatalogStar? Read(ReplyTable.Row row) =>
        row.Number("phot_rp_mean_mag") is { } mag && SkyPosition.TryCreate(row.Number("ra") ?? double.NaN, row.Number("dec") ?? double.NaN, out var place, out _)
            ? new CatalogStar(row.Text("source_id") ?? "", place, row.Number("ref_epoch") ?? 2016, row.Number("pmra") ?? 0, row.Number("pmdec") ?? 0, row.Number("parallax"), mag)
            : null;
}
