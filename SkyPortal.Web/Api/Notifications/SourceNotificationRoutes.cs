using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Notifications;

/// <summary>Calls of groups to a source.</summary>
internal static class SourceNotificationRoutes
{
    public static void MapSourceNotifications(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/source_notifications", PostAsync).Needs(Acl.UploadData).WithName("PostSourceNotification");

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, NotifyOfSource notify, SiteAddress site, HttpContext context, CancellationToken ct)
    {
        var sourceId = body.RequiredText("sourceId");
        var link = $"{site.For(context.Request)}/source/{Uri.EscapeDataString(sourceId)}";
        var groups = body.Ints("groupIds") ?? throw ApiBody.Wrong("groupIds", "Field required");
        return ApiResults.Success(new { Id = await notify.HandleAsync(viewer, sourceId, groups, body.RequiredText("level"), body.Text("additionalNotes"), link, ct) });
    }
}
