using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Web.Api.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Notifications;

/// <summary>The caller's own notifications.</summary>
internal static class UserNotificationRoutes
{
    public static void MapUserNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/internal/notifications", ListAsync).SignedIn().WithName("ListNotifications");
        routes.MapGet("/api/internal/notifications/{notificationId}", GetAsync).SignedIn().WithName("GetNotification");
        routes.MapPatch("/api/internal/notifications/all", (Viewer viewer, ApiBody body, MarkNotifications mark, CancellationToken ct) => MarkAsync(viewer, body, null, mark, ct)).SignedIn().WithName("MarkAllNotifications");
        routes.MapPatch("/api/internal/notifications/{notificationId}", (string notificationId, Viewer viewer, ApiBody body, MarkNotifications mark, CancellationToken ct) => MarkAsync(viewer, body, Id(notificationId), mark, ct))
            .SignedIn().WithName("MarkNotification");
        routes.MapDelete("/api/internal/notifications/all", (Viewer viewer, DeleteNotifications delete, CancellationToken ct) => DeleteAsync(viewer, null, delete, ct)).SignedIn().WithName("DeleteAllNotifications");
        routes.MapDelete("/api/internal/notifications/{notificationId}", (string notificationId, Viewer viewer, DeleteNotifications delete, CancellationToken ct) => DeleteAsync(viewer, Id(notificationId), delete, ct))
            .SignedIn().WithName("DeleteNotification");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ReadUserNotifications read, CancellationToken ct) => ApiResults.Success(await read.HandleAsync(viewer, ct));

    private static async Task<IResult> GetAsync(string notificationId, Viewer viewer, ReadUserNotifications read, CancellationToken ct) =>
        ApiResults.Success(await read.OneAsync(viewer, Id(notificationId), ct));

    private static async Task<IResult> MarkAsync(Viewer viewer, ApiBody body, long? id, MarkNotifications mark, CancellationToken ct)
    {
        body.AllowOnly("viewed");
        var viewed = body.Element("viewed") switch
        {
            null => throw ApiBody.Wrong("viewed", "Field required"),
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => throw ApiBody.Wrong("viewed", "Input should be a valid boolean"),
        };
        await mark.HandleAsync(viewer, id, viewed, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, long? id, DeleteNotifications delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, id, ct);
        return ApiResults.Success();
    }

    private static long Id(string text) => DiscussionRoutes.Id("notification_id", text);
}
