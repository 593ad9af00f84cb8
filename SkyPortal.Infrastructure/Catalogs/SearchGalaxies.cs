using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Which galaxies are asked for; null for no condition. Distances in megaparsec.</summary>
public sealed record GalaxyCriteria(int PageNumber, int NumPerPage)
{
    public string? CatalogName { get; init; }
    public string? NamePart { get; init; }
    public SkyPosition? ConeCenter { get; init; }
    public double ConeRadiusDegrees { get; init; }
    public double? MinDistanceMpc { get; init; }
    public double? MaxDistanceMpc { get; init; }
    public double? MinRedshift { get; init; }
    public double? MaxRedshift { get; init; }
    public double? MinMstar { get; init; }
    public double? MaxMstar { get; init; }

    /// <summary>One of <see cref="SearchGalaxies.SortColumns"/>; null for the order in which they were added.</summary>
    public string? SortColumn { get; init; }
    public bool Descending { get; init; }
}

/// <summary>A page of galaxies, each by wire name.</summary>
public sealed record GalaxyPage(IReadOnlyList<Dictionary<string, object?>> Galaxies, int TotalMatches);

/// <summary>A catalog and how many galaxies it has.</summary>
public sealed record GalaxyCatalogCount(string CatalogName, long CatalogCount);

/// <summary>Finds galaxies. Catalogs are known to everybody who is signed in.</summary>
public sealed class SearchGalaxies(Contexts contexts)
{
    /// <summary>Columns by which a list may be sorted.</summary>
    public static IReadOnlyList<string> SortColumns { get; } = ["distmpc", "redshift", "name", "mstar", "sfr_fuv", "magb", "magk"];

    /// <summary>Catalogs by name. One statement.</summary>
    public async Task<IReadOnlyList<GalaxyCatalogCount>> CatalogsAsync(CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(
            "select c.name, (select count(*) from galaxys g where g.catalog_id = c.id) from galaxycatalogs c order by c.name");
        return await command.ReadAllAsync(reader => new GalaxyCatalogCount(reader.GetString(0), reader.GetInt64(1)), ct);
    }

    /// <summary>A page, and how many there are; refuses a catalog that is not there. Three statements at most.</summary>
    public async Task<GalaxyPage> HandleAsync(Viewer viewer, GalaxyCriteria criteria, CancellationToken ct)
    {
        if (!viewer.IsAuthenticated)
        {
            return new GalaxyPage([], 0);
        }

        int? catalog = null;
        if (criteria.CatalogName is { } name)
        {
            await using var named = contexts.DataSource.CreateCommand("select id from galaxycatalogs where name = @name").With("name", name);
            catalog = await named.ExecuteScalarAsync(ct) as int? ?? throw Refusal.Invalid($"Catalog with name {name} does not exist.");
        }

        var where = Where(criteria);
        var sort = criteria.SortColumn is { } column && SortColumns.Contains(column) ? $"g.{column} {(criteria.Descending ? "desc" : "asc")} nulls last, g.id" : "g.id";
        await using var command = Bind(criteria, catalog, $"select {GalaxyRecord.Columns} {where} order by {sort} limit @limit offset @offset");
        command.With("limit", criteria.NumPerPage).With("offset", (criteria.PageNumber - 1L) * criteria.NumPerPage);
        var rows = await command.ReadAllAsync(reader => GalaxyRecord.Read(reader)!, ct);
        if (criteria.PageNumber == 1 && rows.Count < criteria.NumPerPage)
        {
            return new GalaxyPage(rows, rows.Count);
        }

        await using var counting = Bind(criteria, catalog, $"select count(*) {where}");
        return new GalaxyPage(rows, (int)(long)(await counting.ExecuteScalarAsync(ct))!);
    }

    // Index galaxys (healpix): a few ranges, then the exact separation in its haversine form.
    private const string ConeSql = """
        and exists (select 1 from unnest(@starts, @ends) cone (first, past) where g.healpix >= cone.first and g.healpix < cone.past)
        and power(sind((g.dec - @dec) / 2), 2) + cosd(g.dec) * cosd(@dec) * power(sind((g.ra - @ra) / 2), 2) <= power(sind(@radius / 2), 2)
        """;

    private static string Where(GalaxyCriteria criteria) => $"""
        from galaxys g
        where (@catalog is null or g.catalog_id = @catalog) and (@part is null or g.name ilike @part)
          and (@min_dist is null or g.distmpc >= @min_dist) and (@max_dist is null or g.distmpc <= @max_dist)
          and (@min_z is null or g.redshift >= @min_z) and (@max_z is null or g.redshift <= @max_z)
          and (@min_m is null or g.mstar >= @min_m) and (@max_m is null or g.mstar <= @max_m)
          {(criteria.ConeCenter is null ? "" : ConeSql)}
        """;

    private Npgsql.NpgsqlCommand Bind(GalaxyCriteria criteria, int? catalog, string sql)
    {
        var part = criteria.NamePart is null
            ? null
            : $"%{criteria.NamePart.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        // When the bounds cross, the lower one is dropped, as clients of the contract know it.
        var minDistance = criteria.MaxDistanceMpc <= criteria.MinDistanceMpc ? null : criteria.MinDistanceMpc;
        var command = contexts.DataSource.CreateCommand(sql)
            .Maybe("catalog", NpgsqlDbType.Integer, catalog)
            .Maybe("part", NpgsqlDbType.Text, part)
            .Maybe("min_dist", NpgsqlDbType.Double, minDistance)
            .Maybe("max_dist", NpgsqlDbType.Double, criteria.MaxDistanceMpc)
            .Maybe("min_z", NpgsqlDbType.Double, criteria.MinRedshift)
            .Maybe("max_z", NpgsqlDbType.Double, criteria.MaxRedshift)
            .Maybe("min_m", NpgsqlDbType.Double, criteria.MinMstar)
            .Maybe("max_m", NpgsqlDbType.Double, criteria.MaxMstar);
        if (criteria.ConeCenter is { } center)
        {
            var ranges = Healpix.ConeToRanges(center, criteria.ConeRadiusDegrees);
            command.With("starts", ranges.Select(range => range.Start).ToArray()).With("ends", ranges.Select(range => range.End).ToArray())
                .With("ra", center.RaDegrees).With("dec", center.DecDegrees).With("radius", criteria.ConeRadiusDegrees);
        }

        return command;
    }
}
