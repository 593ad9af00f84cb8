using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Verdicts over points.</summary>
internal static class PhotometryValidationRoutes
{
    public static void MapPhotometryValidations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/photometry/{photometryId}/validation", PostAsync).Needs(Acl.ManageSources).WithName("PostPhotometryValidation");
        routes.MapPatch("/api/photometry/{photometryId}/validation", PatchAsync).Needs(Acl.ManageSources).WithName("PatchPhotometryValidation");
        routes.MapDelete("/api/photometry/{photometryId}/validation", DeleteAsync).Needs(Acl.ManageSources).WithName("DeletePhotometryValidation");
    }

    private static async Task<IResult> PostAsync(string photometryId, Viewer viewer, ApiBody body, ValidatePhotometry validate, CancellationToken ct) =>
        ApiResults.Success(new { id = await validate.HandleAsync(viewer, PhotometryRoutes.Key(photometryId), Verdict(body), ct) });

    private static async Task<IResult> PatchAsync(string photometryId, Viewer viewer, ApiBody body, ValidatePhotometry validate, CancellationToken ct) =>
        ApiResults.Success(new { id = await validate.ChangeAsync(viewer, PhotometryRoutes.Key(photometryId), Verdict(body), ct) });

    private static async Task<IResult> DeleteAsync(string photometryId, Viewer viewer, ValidatePhotometry validate, CancellationToken ct) =>
        ApiResults.Success(new { id = await validate.RemoveAsync(viewer, PhotometryRoutes.Key(photometryId), ct) });

    private static PhotometryVerdict Verdict(ApiBody body)
    {
        body.AllowOnly("validated", "explanation", "notes", "magsys");
        if (!body.Mentions("validated"))
        {
            throw ApiBody.Wrong("validated", "Field required");
        }

        // Clients name the system in which they show the point; it changes nothing here.
        if (body.Text("magsys") is { } magsys && MagnitudeSystems.Resolve(magsys) is null)
        {
            throw ApiBody.Wrong("magsys", "Input should be a magnitude system");
        }

        return new PhotometryVerdict(Validated(body), Words(body, "explanation"), Words(body, "notes"));
    }

    private static bool? Validated(ApiBody body) => body.Element("validated") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString()!.ToLowerInvariant() switch
        {
            "validated" or "true" => true,
            "rejected" or "false" => false,
            "null" or "ambiguous" => null,
            _ => throw ApiBody.Wrong("validated", "Input should be true, false, null, validated or rejected"),
        },
        _ => body.Bool("validated"),
    };

    private static string? Words(ApiBody body, string field) => body.Text(field) is { Length: > ValidatePhotometry.MostText }
        ? throw ApiBody.Wrong(field, $"String should have at most {ValidatePhotometry.MostText} characters")
        : body.Text(field);
}
