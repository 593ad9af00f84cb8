using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Reminders. The contract names a permission for them that nobody holds; here whoever may comment may set them.</summary>
internal static class ReminderRoutes
{
    public static void MapReminders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/{resourceType}/{resourceId}/reminders", ListAsync).SignedIn().WithName("ListReminders");
        routes.MapGet("/api/{resourceType}/{resourceId}/reminders/{reminderId}", GetAsync).SignedIn().WithName("GetReminder");
        routes.MapPost("/api/{resourceType}/{resourceId}/reminders", SetAsync).Needs(Acl.Comment).WithName("PostReminder");
        routes.MapPatch("/api/{resourceType}/{resourceId}/reminders/{reminderId}", ChangeAsync).Needs(Acl.Comment).WithName("PatchReminder");
        routes.MapDelete("/api/{resourceType}/{resourceId}/reminders/{reminderId}", DeleteAsync).Needs(Acl.Comment).WithName("DeleteReminder");
    }

    private static async Task<IResult> ListAsync(string resourceType, string resourceId, Viewer viewer, ReadReminders read, CancellationToken ct) =>
        ApiResults.Success(new Dictionary<string, object?>
        {
            ["resourceId"] = resourceId, ["resourceType"] = resourceType, ["reminders"] = await read.HandleAsync(viewer, Target(resourceType, resourceId), ct),
        });

    private static async Task<IResult> GetAsync(string resourceType, string resourceId, string reminderId, Viewer viewer, ReadReminders read, CancellationToken ct)
    {
        var id = DiscussionRoutes.Id("reminder_id", reminderId);
        return ApiResults.Success(await read.OneAsync(viewer, Target(resourceType, resourceId), id, ct) ?? throw Refusal.Invalid($"Cannot find reminder with ID {id}."));
    }

    private static async Task<IResult> SetAsync(string resourceType, string resourceId, Viewer viewer, ApiBody body, SetReminder set, CancellationToken ct)
    {
        body.AllowOnly("text", "next_reminder", "reminder_delay", "number_of_reminders", "group_ids", "user_ids", "origin");
        return ApiResults.Success(new { ReminderIds = await set.HandleAsync(viewer, Target(resourceType, resourceId), Fields(body), ct) });
    }

    private static async Task<IResult> ChangeAsync(string resourceType, string resourceId, string reminderId, Viewer viewer, ApiBody body, ChangeReminder change, CancellationToken ct)
    {
        body.AllowOnly("text", "next_reminder", "reminder_delay", "number_of_reminders", "group_ids", "origin");
        await change.HandleAsync(viewer, Target(resourceType, resourceId), DiscussionRoutes.Id("reminder_id", reminderId), Fields(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string resourceType, string resourceId, string reminderId, Viewer viewer, DeleteReminder delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Target(resourceType, resourceId), DiscussionRoutes.Id("reminder_id", reminderId), ct);
        return ApiResults.Success();
    }

    private static ReminderTarget Target(string resourceType, string resourceId)
    {
        if (!ReminderTarget.Kinds.Contains(resourceType))
        {
            throw Refusal.Invalid($"Invalid associated_resource_type: {resourceType}");
        }

        return resourceId.Contains('\0', StringComparison.Ordinal) ? throw Refusal.Invalid("Invalid resource_id: it holds a character that no text has.") : new ReminderTarget(resourceType, resourceId);
    }

    private static ReminderFields Fields(ApiBody body) => new(
        body.Text("text"), body.Time("next_reminder"), body.Number("reminder_delay"), body.Int("number_of_reminders"), body.Ints("group_ids"),
        body.Element("user_ids") is { ValueKind: JsonValueKind.Number } ? [body.RequiredInt("user_ids")] : body.Ints("user_ids"), body.Text("origin"));
}
