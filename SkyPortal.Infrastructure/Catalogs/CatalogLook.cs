using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>NOIRLab's Data Lab.</summary>
public static class DataLab
{
    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("DataLab", "Astro Data Lab", "https://datalab.noirlab.edu/") { TimeoutSeconds = 60 };

    internal const string Anonymous = "anonymous.0.0.anon_access";
}

/// <summary>Looks into catalogues around one position, on one person's behalf.</summary>
internal sealed class CatalogLook(CallOutside call, GaiaTap gaia, Viewer viewer, SkyPosition center, string subject)
{
    private const double DefaultRadiusArcsec = 2;
    private const double DefaultGaiaLimitMag = 20.5;
    private const double MasPerDegree = 3.6e6;
    private const double DaysPerYear = 365.25;
    private const double J2000Mjd = 51544.5;

    private static readonly (string Column, string Key)[] GaiaColumns =
    [
        ("ra", "ra"), ("dec", "dec"), ("pm", "pm"), ("pmra", "pm_ra"), ("pmdec", "pm_dec"), ("phot_g_mean_mag", "Mag_G"), ("phot_bp_mean_mag", "Mag_BP"), ("phot_rp_mean_mag", "Mag_RP"),
        ("parallax", "Plx"), ("parallax_error", "Plx_err"), ("parallax_over_error", "Plx_over_err"), ("ruwe", "RUWE"),
    ];

    private static readonly string[] WiseColumns = ["ra", "dec", "w1mpro", "w1sigmpro", "w2mpro", "w2sigmpro", "w3mpro", "w3sigmpro", "w4mpro", "w4sigmpro"];

    private static readonly Dictionary<string, string[]> VizierColumns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VII/290"] = ["Qpct", "z"],
        ["II/335/galex_ais"] = ["FUVmag", "e_FUVmag", "NUVmag", "e_NUVmag"],
    };

    /// <summary>Gaia DR3; several stars are ordered by their distance now, their proper motion counted in.</summary>
    public async Task<IReadOnlyList<CatalogMatch>> GaiaAsync(CatalogAsk ask, DateTimeOffset now, CancellationToken ct)
    {
        var catalog = ask.Catalog ?? "gaiadr3.gaia_source";
        var adql = $"SELECT source_id,ref_epoch,{string.Join(',', GaiaColumns.Select(column => column.Column))} FROM gaiadr3.gaia_source WHERE {ArchiveText.InCircle(center, ask.RadiusArcsec ?? DefaultRadiusArcsec)}";
        var limit = ask.LimitMag ?? DefaultGaiaLimitMag;
        var table = await gaia.QueryAsync(viewer, adql, subject, ct);
        var epochNow = 2000 + ((Mjd.FromDateTimeOffset(now).UtcDays - J2000Mjd) / DaysPerYear);
        var rows = table.With("ra", "dec").Rows
            .Where(row => limit == 0 || row.Number("phot_rp_mean_mag") is not { } mag || mag <= limit)
            .OrderBy(row => SeparationNow(row, epochNow))
            .Take(ask.Number ?? 1)
            .ToList();
        return [.. rows.Select(row => new CatalogMatch(
            rows.Count == 1 ? catalog : $"{catalog}-{row.Text("ra")}-{row.Text("dec")}",
            Values(GaiaColumns.Select(column => (column.Key, row.Number(column.Column))))))];
    }

    /// <summary>A table of IRSA, AllWISE where none is named.</summary>
    public async Task<IReadOnlyList<CatalogMatch>> IrsaAsync(CatalogAsk ask, CancellationToken ct)
    {
        var catalog = ask.Catalog ?? "allwise_p3as_psd";
        if (!catalog.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            throw Refusal.Invalid("catalog: a table of IRSA is named by letters, digits and _.");
        }

        var adql = $"SELECT {string.Join(',', WiseColumns)} FROM {catalog} WHERE {ArchiveText.InCircle(center, ask.RadiusArcsec ?? DefaultRadiusArcsec)}";
        var reply = await call.HandleAsync(viewer, Irsa.Tap(adql, subject), ct);
        return [.. ReplyTable.Csv(Irsa.Service, reply.Text).With("ra", "dec").Rows.Select(row => new CatalogMatch(
            $"{catalog}-{row.Text("ra")}-{row.Text("dec")}", Values(WiseColumns.Select(column => (column, row.Number(column))))))];
    }

    /// <summary>A catalogue of VizieR, the Million Quasars where none is named.</summary>
    public async Task<IReadOnlyList<CatalogMatch>> VizierAsync(CatalogAsk ask, CancellationToken ct)
    {
        var catalog = ask.Catalog ?? "VII/290";
        var reply = await call.HandleAsync(
            viewer, new OutsideCall(Vizier.Service, Vizier.Tsv) { Query = Vizier.Cone(catalog, center, ask.RadiusArcsec ?? DefaultRadiusArcsec), Subject = subject }, ct);
        var tables = ReplyTable.Vizier(Vizier.Service, reply.Text);
        if (tables.Count > 1)
        {
            throw Refusal.Invalid($"VizieR holds {tables.Count} tables named {catalog}; name one of them.");
        }

        if (tables.Count == 0)
        {
            return [];
        }

        var columns = VizierColumns.GetValueOrDefault(catalog) ?? [.. tables[0].Columns.Where(column => column.Length > 0)];
        return [.. tables[0].Rows.Select(row => new CatalogMatch(
            $"{catalog}-{row.Text("Name") ?? row.Text("objid") ?? $"{row.Text("RAJ2000")}-{row.Text("DEJ2000")}"}",
            columns.Where(column => row.Text(column) is not null and not "-99" and not "-99.0").ToDictionary(column => column, column => ValueOf(row.Text(column)!))))];
    }

    /// <summary>Photometric redshifts of Legacy Surveys, or spectroscopic ones of DESI.</summary>
    public async Task<IReadOnlyList<CatalogMatch>> DataLabAsync(CatalogAsk ask, CancellationToken ct)
    {
        var catalog = ask.Catalog ?? "ls_dr10";
        if (!catalog.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            throw Refusal.Invalid("catalog: a schema of Data Lab is named by letters, digits and _.");
        }

        var isDesi = catalog.StartsWith("desi_", StringComparison.Ordinal);
        var (key, columns) = isDesi
            ? ("targetid", new[] { "z", "zerr", "zwarn", "spectype", "ra", "dec", "flux_z" })
            : ("ls_id", ["z_phot_median", "z_phot_std", "ra", "dec", "type", "z_phot_l95", "flux_z"]);
        var inner = $"Q3C_RADIAL_QUERY({(isDesi ? "p" : "t")}.ra,{(isDesi ? "p" : "t")}.dec,{center.Ra()},{center.Dec()},{ArchiveText.Degrees(ask.RadiusArcsec ?? DefaultRadiusArcsec)})";
        var sql = isDesi
            ? $"SELECT z.targetid, z.z, z.zerr, z.zwarn, z.spectype, p.ra, p.dec, p.flux_z FROM {catalog}.zpix AS z INNER JOIN {catalog}.photometry AS p ON z.targetid = p.targetid WHERE {inner}"
            : $"SELECT p.ls_id, p.z_phot_median, p.z_phot_std, t.ra, t.dec, t.type, p.z_phot_l95, t.flux_z FROM {catalog}.photo_z AS p INNER JOIN {catalog}.tractor AS t ON p.ls_id = t.ls_id WHERE {inner}";
        var reply = await call.HandleAsync(
            viewer,
            new OutsideCall(DataLab.Service, "query/query")
            {
                Query = [new("sql", sql), new("ofmt", "csv"), new("async", "false")],
                Headers = [new("X-DL-AuthToken", DataLab.Anonymous)],
                Subject = subject,
            },
            ct);
        return [.. ReplyTable.Csv(DataLab.Service, reply.Text).With(key).Rows.Where(row => row.Text(key) is not null).Select(row => new CatalogMatch(
            $"{catalog}-{row.Text(key)}", columns.Where(column => row.Text(column) is not null).ToDictionary(column => column, column => ValueOf(row.Text(column)!))))];
    }

    /// <summary>Mean objects of Pan-STARRS DR2, the nearest first.</summary>
    public async Task<IReadOnlyList<CatalogMatch>> PanStarrsAsync(CatalogAsk ask, CancellationToken ct)
    {
        if (ask.RadiusArcsec is > 5)
        {
            throw Refusal.Invalid("crossmatchRadius: must be above 0 and at most 5 arcsec.");
        }

        if (ask.MinDetections is < 1 or > 1000)
        {
            throw Refusal.Invalid("crossmatchMinDetections: must be between 1 and 1000.");
        }

        if (ask.Number is > 5)
        {
            throw Refusal.Invalid("crossmatchNumber: must be between 1 and 5.");
        }

        var catalog = ask.Catalog ?? "ps1.dr2";
        string[] mags = ["gMeanPSFMag", "rMeanPSFMag", "iMeanPSFMag", "zMeanPSFMag", "yMeanPSFMag"];
        var reply = await call.HandleAsync(
            viewer,
            new OutsideCall(Mast.Service, Mast.Mean)
            {
                Query =
                [
                    new("ra", center.Ra()), new("dec", center.Dec()), new("radius", ArchiveText.Degrees(ask.RadiusArcsec ?? DefaultRadiusArcsec)),
                    new("nDetections.gt", (ask.MinDetections ?? 1).ToString(CultureInfo.InvariantCulture)), .. PanStarrsArchive.Columns(["objID", "raMean", "decMean", "nDetections", .. mags]),
                ],
                Subject = subject,
            },
            ct);
        return [.. ReplyTable.Csv(Mast.Service, reply.Text).With("objID", "raMean", "decMean").Rows
            .Select(row => (Row: row, Arcsec: ArchiveText.ArcsecFrom(center, row.Number("raMean"), row.Number("decMean"))))
            .Where(match => match.Arcsec is not null && match.Row.Text("objID") is not null)
            .OrderBy(match => match.Arcsec)
            .Take(ask.Number ?? 5)
            .Select(match => new CatalogMatch(
                $"{catalog}-{match.Row.Text("objID")}",
                Values([("ra", match.Row.Number("raMean")), ("dec", match.Row.Number("decMean")), .. mags.Select(mag => (mag, Measured(match.Row.Number(mag)))), ("distance_arcsec", match.Arcsec)])))];
    }

    private double SeparationNow(ReplyTable.Row row, double epochNow)
    {
        var (ra, dec) = (row.Required("ra"), row.Required("dec"));
        var years = epochNow - (row.Number("ref_epoch") ?? epochNow);
        var movedDec = Math.Clamp(dec + ((row.Number("pmdec") ?? 0) * years / MasPerDegree), -90, 90);
        // pmra holds the cosine of the declination (Gaia DR3 data model).
        var movedRa = ra + ((row.Number("pmra") ?? 0) * years / MasPerDegree / Math.Max(Math.Cos(dec * Math.PI / 180), 1e-6));
        return center.SeparationDegrees(new SkyPosition(((movedRa % 360) + 360) % 360, movedDec));
    }

    // Pan-STARRS writes -999 for a magnitude that was not measured.
    private static double? Measured(double? mag) => mag is > -900 ? mag : null;

    private static Dictionary<string, object> Values(IEnumerable<(string Key, double? Value)> values) =>
        values.Where(item => item.Value is not null).ToDictionary(item => item.Key, item => (object)item.Value!.Value);

    private static object ValueOf(string text) =>
        text.Length < 17 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : text;
}
