using System.Globalization;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Reference images of the ZTF at IRSA, and the stars on them.</summary>
public sealed class ZtfReferences(CallOutside outside)
{
    private const double SearchDegrees = 0.01;
    private const double DefaultZeroPoint = 25;

    // References are stacks of the survey's first years.
    private const double EpochYears = 2018.5;

    // Who waits for a chart waits less long than a light curve may take.
    private static readonly OutsideService References = Irsa.Service with { TimeoutSeconds = 12, Attempts = 2, MostReplyBytes = 64L << 20 };

    /// <summary>Stars of the red reference that covers a position, within a radius; empty where the ZTF has none there.</summary>
    /// <exception cref="OutsideException">IRSA does not answer, or what cannot be read.</exception>
    public async Task<IReadOnlyList<CatalogStar>> StarsAsync(Viewer viewer, SkyPosition center, double radiusDegrees, string? subject, CancellationToken ct)
    {
        if (await FindAsync(viewer, center, subject, ct) is not { } product)
        {
            return [];
        }

        var reply = await outside.HandleAsync(viewer, new OutsideCall(References, $"{product}_refpsfcat.fits") { Subject = subject }, ct);
        try
        {
            return Stars(reply.Body, center, radiusDegrees);
        }
        catch (FitsFormatException error)
        {
            throw OutsideException.Unreadable(References, error.Message, error);
        }
    }

    /// <summary>The part of the red reference around a position as a FITS file; null where the ZTF has none there.</summary>
    /// <exception cref="OutsideException">IRSA does not answer.</exception>
    public async Task<byte[]?> ImageAsync(Viewer viewer, SkyPosition center, double sizeArcmin, string? subject, CancellationToken ct)
    {
        if (await FindAsync(viewer, center, subject, ct) is not { } product)
        {
            return null;
        }

        var call = new OutsideCall(References, $"{product}_refimg.fits")
        {
            Query = [new("center", Place(center)), new("size", string.Create(CultureInfo.InvariantCulture, $"{sizeArcmin:0.###}arcmin")), new("gzip", "false")],
            Subject = subject,
        };
        return (await outside.HandleAsync(viewer, call, ct)).Body;
    }

    // Red before green before infrared; the survey's main grid, whose fields have lower numbers, before the other.
    private async Task<string?> FindAsync(Viewer viewer, SkyPosition center, string? subject, CancellationToken ct)
    {
        var call = new OutsideCall(References, "ibe/search/ztf/products/ref")
        {
            Query = [new("POS", Place(center)), new("SIZE", SearchDegrees.ToString(CultureInfo.InvariantCulture)), new("ct", "csv")],
            Subject = subject,
        };
        var lines = (await outside.HandleAsync(viewer, call, ct)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = lines.Length == 0 ? [] : lines[0].Split(',').Select(name => name.Trim()).ToList();
        int[] columns = [names.IndexOf("field"), names.IndexOf("filtercode"), names.IndexOf("ccdid"), names.IndexOf("qid")];
        if (columns.Any(column => column < 0))
        {
            throw OutsideException.Unreadable(References, "a list of references without field, filtercode, ccdid or qid");
        }

        var best = lines.Skip(1).Select(line => line.Split(','))
            .Where(cells => columns.All(column => column < cells.Length))
            .Select(cells => columns.Select(column => cells[column].Trim()).ToArray())
            .Where(cells => cells[1] is "zr" or "zg" or "zi" && cells.Where((_, index) => index != 1).All(cell => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            .Select(cells => (Field: int.Parse(cells[0], CultureInfo.InvariantCulture), Filter: cells[1], Ccd: int.Parse(cells[2], CultureInfo.InvariantCulture), Quadrant: int.Parse(cells[3], CultureInfo.InvariantCulture)))
            .OrderBy(row => row.Filter switch { "zr" => 0, "zg" => 1, _ => 2 }).ThenBy(row => row.Field)
            .Cast<(int Field, string Filter, int Ccd, int Quadrant)?>().FirstOrDefault();
        return best is { } row
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"ibe/data/ztf/products/ref/{row.Field / 1000:000}/field{row.Field:000000}/{row.Filter}/ccd{row.Ccd:00}/q{row.Quadrant}/ztf_{row.Field:000000}_{row.Filter}_c{row.Ccd:00}_q{row.Quadrant}")
            : null;
    }

    private static List<CatalogStar> Stars(byte[] file, SkyPosition center, double radiusDegrees)
    {
        var units = FitsReader.ReadUnits(file).ToList();
        var table = FitsTable.Read(units.FirstOrDefault(unit => unit.IsTable) ?? throw new FitsFormatException("The catalogue holds no table."));
        double[] Column(string name) => table.Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase) && column.Repeat == 1) is { } found
            ? table.Numbers(found)
            : throw new FitsFormatException($"The catalogue has no column {name}.");
        var (ra, dec, mag) = (Column("ra"), Column("dec"), Column("mag"));
        var zeroPoint = table.Header.Number("MAGZP") ?? units[0].Header.Number("MAGZP") ?? DefaultZeroPoint;
        var stars = new List<CatalogStar>();
        for (var i = 0; i < table.Rows; i++)
        {
            if (double.IsFinite(mag[i]) && SkyPosition.TryCreate(ra[i], dec[i], out var place, out _) && place.SeparationDegrees(center) <= radiusDegrees)
            {
                stars.Add(new CatalogStar(string.Create(CultureInfo.InvariantCulture, $"ztfref_{i}"), place, EpochYears, 0, 0, null, mag[i] + zeroPoint));
            }
        }

        return stars;
    }

    private static string Place(SkyPosition center) => string.Create(CultureInfo.InvariantCulture, $"{center.RaDegrees:0.######},{center.DecDegrees:0.######}");
}
