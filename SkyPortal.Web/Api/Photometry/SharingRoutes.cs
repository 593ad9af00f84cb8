using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Sharing points and spectra.</summary>
internal static class SharingRoutes
{
    public static void MapSharing(this IEndpointRouteBuilder routes) => routes.MapPost("/api/sharing", PostAsync).Needs(Acl.UploadData).WithName("PostSharing");

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, ShareData share, CancellationToken ct)
    {
        body.AllowOnly("groupIDs", "photometryIDs", "spectrumIDs");
        var groups = body.Ints("groupIDs") is { Length: > 0 } given ? given : throw ApiBody.Wrong("groupIDs", "List should have at least 1 item");
        await share.HandleAsync(viewer, groups, body.Longs("photometryIDs") ?? [], body.Longs("spectrumIDs") ?? [], ct);
        return ApiResults.Success();
    }
}
