using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Catalogs;

/// <summary>Annotations from catalogues, made while the caller waits.</summary>
internal static class AnnotationServiceRoutes
{
    public static void MapAnnotationServices(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/sources/{objId}/annotations/gaia", For("gaia")).Needs(Acl.Annotate).WithName("PostGaiaAnnotation");
        routes.MapPost("/api/sources/{objId}/annotations/irsa", For("irsa")).Needs(Acl.Annotate).WithName("PostIrsaAnnotation");
        routes.MapPost("/api/sources/{objId}/annotations/vizier", For("vizier")).Needs(Acl.Annotate).WithName("PostVizierAnnotation");
        routes.MapPost("/api/sources/{objId}/annotations/datalab", For("datalab")).Needs(Acl.Annotate).WithName("PostDataLabAnnotation");
        routes.MapPost("/api/sources/{objId}/annotations/ps1", For("ps1")).Needs(Acl.Annotate).WithName("PostPs1Annotation");
    }

    private static Func<string, Viewer, ApiBody, AnnotateFromCatalog, CancellationToken, Task<IResult>> For(string service) => async (objId, viewer, body, annotate, ct) =>
    {
        var ask = new CatalogAsk
        {
            Catalog = body.Text("catalog"),
            RadiusArcsec = body.Number("crossmatchRadius"),
            LimitMag = body.Number("crossmatchLimmag"),
            Number = body.Int("crossmatchNumber"),
            MinDetections = body.Int("crossmatchMinDetections"),
        };
        await annotate.HandleAsync(viewer, objId, service, ask, body.Ints("group_ids"), ct);
        return ApiResults.Success();
    };
}
