using System.Globalization;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>
/// Stars of Gaia DR3 near a position, by TAP. Two archives hold the catalogue; the one that answered last is asked first.
/// </summary>
public sealed class SearchGaiaStars(CallOutside outside)
{
    /// <summary>Columns that are asked for.</summary>
    private const string Columns = "source_id, ra, dec, ref_epoch, phot_rp_mean_mag, pmra, pmdec, parallax";

    private static readonly OutsideService[] Archives =
    [
        new("GaiaAip", "The Gaia archive at the AIP", "https://gaia.aip.de/tap") { TimeoutSeconds = 10, Attempts = 1 },
        new("GaiaEsa", "The Gaia archive of ESA", "https://gea.esac.esa.int/tap-server/tap") { TimeoutSeconds = 10, Attempts = 1 },
    ];

    private int _first;

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
        for (var i = 0; i < Archives.Length; i++)
        {
            var at = (_first + i) % Archives.Length;
            try
            {
                var call = new OutsideCall(Archives[at], "sync")
                {
                    Method = HttpMethod.Post,
                    IsRead = true,
                    Form = [new("REQUEST", "doQuery"), new("LANG", "ADQL"), new("FORMAT", "csv"), new("QUERY", adql)],
                    Subject = subject,
                };
                var stars = Read(Archives[at], (await outside.HandleAsync(viewer, call, ct)).Text);
                _first = at;
                return stars;
            }
            catch (OutsideException)
            {
                // The next archive may answer; that this one did not is in its transaction.
            }
        }

        return null;
    }

    private static List<CatalogStar> Read(OutsideService service, string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = lines.Length == 0 ? [] : Cells(lines[0]).Select(name => name.ToLowerInvariant()).ToList();
        int Column(string name) => names.IndexOf(name) is >= 0 and var place ? place : throw OutsideException.Unreadable(service, $"a table without the column {name}");
        var (id, ra, dec, epoch) = (Column("source_id"), Column("ra"), Column("dec"), Column("ref_epoch"));
        var (mag, pmRa, pmDec, parallax) = (Column("phot_rp_mean_mag"), Column("pmra"), Column("pmdec"), Column("parallax"));
        var stars = new List<CatalogStar>();
        foreach (var line in lines.Skip(1))
        {
            var cells = Cells(line);
            double? Number(int column) => column < cells.Length && double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
            if (Number(mag) is { } brightness && SkyPosition.TryCreate(Number(ra) ?? double.NaN, Number(dec) ?? double.NaN, out var place, out _))
            {
                stars.Add(new CatalogStar(cells[id], place, Number(epoch) ?? 2016, Number(pmRa) ?? 0, Number(pmDec) ?? 0, Number(parallax), brightness));
            }
        }

        return stars;
    }

    private static string[] Cells(string line) => [.. line.Split(',').Select(cell => cell.Trim().Trim('"'))];
}
