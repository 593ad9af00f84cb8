using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Web.Api.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Catalogs;

/// <summary>Catalogs of galaxies, and hosts of objects.</summary>
internal static class GalaxyRoutes
{
    public static void MapGalaxies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/galaxy_catalog", ListAsync).SignedIn().WithName("ListGalaxies");
        routes.MapPost("/api/galaxy_catalog", AddAsync).Needs(Acl.SystemAdmin).WithName("PostGalaxies");
        routes.MapPost("/api/sources/{objId}/host", SetHostAsync).Needs(Acl.UploadData).WithName("PostHost");
        routes.MapDelete("/api/sources/{objId}/host", ClearHostAsync).Needs(Acl.UploadData).WithName("DeleteHost");
    }

    private static async Task<IResult> AddAsync(Viewer viewer, ApiBody body, AddGalaxies add, CancellationToken ct)
    {
        var name = body.Text("catalog_name") ?? throw Refusal.Invalid("catalog_name is a required parameter.");
        var data = body.Object("catalog_data") ?? throw Refusal.Invalid("catalog_data is a required parameter.");
        await add.HandleAsync(viewer, name, data, body.Text("catalog_description"), body.Text("catalog_url"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, SearchGalaxies search, CancellationToken ct)
    {
        if (query.Bool("catalogNamesOnly"))
        {
            return ApiResults.Success(await search.CatalogsAsync(ct));
        }

        if (query.Text("localizationDateobs") is { } dateobs)
        {
            throw Refusal.Invalid($"get_galaxies fails: Localization of {dateobs} not found");
        }

        var criteria = Read(query);
        var page = await search.HandleAsync(viewer, criteria, ct);
        var reply = new Dictionary<string, object?>
        {
            ["galaxies"] = page.Galaxies, ["totalMatches"] = page.TotalMatches, ["page"] = criteria.PageNumber, ["numPerPage"] = criteria.NumPerPage,
        };
        if (criteria.SortColumn is not null)
        {
            (reply["sortBy"], reply["sortOrder"]) = (criteria.SortColumn, criteria.Descending ? "desc" : "asc");
        }

        if (query.Bool("includeGeoJSON"))
        {
            reply["geojson"] = new
            {
                Type = "FeatureCollection",
                Features = page.Galaxies.Select(galaxy => new
                {
                    Type = "Feature", Geometry = new { Type = "Point", Coordinates = new[] { galaxy["ra"], galaxy["dec"] } }, Properties = new { Name = galaxy["name"] },
                }).ToList(),
            };
        }

        return ApiResults.Success(reply);
    }

    private static GalaxyCriteria Read(ApiQuery query)
    {
        var (page, perPage) = query.Page(1000, 10_000);
        var cone = Cone(query);
        var (sort, order) = (query.Text("sortBy"), query.Text("sortOrder"));
        if (sort is null != order is null)
        {
            throw Refusal.Invalid("sortBy and sortOrder must be given together");
        }

        if (sort is not null && !SearchGalaxies.SortColumns.Contains(sort))
        {
            throw Refusal.Invalid(sort is "prob" or "mstar_prob_weighted" ? $"Invalid sortBy: {sort} needs a localization" : $"Invalid sortBy: {sort}");
        }

        if (order is not (null or "asc" or "desc"))
        {
            throw Refusal.Invalid($"Invalid sortOrder: {order}");
        }

        return new GalaxyCriteria(page, perPage)
        {
            CatalogName = query.Text("catalog_name"),
            NamePart = query.Text("galaxyName"),
            ConeCenter = cone?.Center,
            ConeRadiusDegrees = cone?.RadiusDegrees ?? 0,
            MinDistanceMpc = query.StrictNumber("minDistance"),
            MaxDistanceMpc = query.StrictNumber("maxDistance"),
            MinRedshift = query.StrictNumber("minRedshift"),
            MaxRedshift = query.StrictNumber("maxRedshift"),
            MinMstar = query.StrictNumber("minMstar"),
            MaxMstar = query.StrictNumber("maxMstar"),
            SortColumn = sort,
            Descending = order == "desc",
        };
    }

    private static (SkyPosition Center, double RadiusDegrees)? Cone(ApiQuery query)
    {
        var (ra, dec, radius) = (query.StrictNumber("ra"), query.StrictNumber("dec"), query.StrictNumber("radius"));
        return (ra, dec, radius) switch
        {
            (null, null, null) => null,
            ({ } lon, { } lat, { } size) => SourceCriteriaReader.Cone(lon, lat, size),
            _ => throw Refusal.Invalid("If any of 'ra', 'dec' or 'radius' are provided, all three are required."),
        };
    }

    private static async Task<IResult> SetHostAsync(string objId, Viewer viewer, ApiBody body, SetHost set, CancellationToken ct)
    {
        await set.HandleAsync(viewer, objId, body.Text("galaxyName") ?? throw Refusal.Invalid("Missing required parameter: galaxyName"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ClearHostAsync(string objId, Viewer viewer, SetHost set, CancellationToken ct)
    {
        await set.HandleAsync(viewer, objId, null, ct);
        return ApiResults.Success();
    }
}
