using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Comments on sources.</summary>
internal static class CommentRoutes
{
    private const int MostBytes = 20 << 20;

    public static void MapComments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/comments", SearchAllAsync).SignedIn().WithName("SearchComments");
        routes.MapGet("/api/sources/{objId}/comments", ListAsync).SignedIn().WithName("ListComments");
        routes.MapPost("/api/sources/{objId}/comments", PostAsync).Needs(Acl.Comment).WithName("PostComment");
        routes.MapGet("/api/sources/{objId}/comments/channels", ChannelsAsync).SignedIn().WithName("ListCommentChannels");
        routes.MapGet("/api/sources/{objId}/comments/{commentId}", GetAsync).SignedIn().WithName("GetComment");
        routes.MapPut("/api/sources/{objId}/comments/{commentId}", PutAsync).Needs(Acl.Comment).WithName("EditComment");
        routes.MapDelete("/api/sources/{objId}/comments/{commentId}", DeleteAsync).Needs(Acl.Comment).WithName("DeleteComment");
        routes.MapGet("/api/sources/{objId}/comments/{commentId}/attachment", AttachmentAsync).SignedIn().WithName("GetCommentAttachment");
        routes.MapGet("/api/sources/{objId}/comments/{commentId}/attachment.pdf", AttachmentAsync).SignedIn().WithName("GetCommentAttachmentPdf");
    }

    private static async Task<IResult> SearchAllAsync(Viewer viewer, ApiQuery query, ReadComments read, CancellationToken ct)
    {
        var (page, perPage) = query.Page(25, 1000);
        var text = query.Text("text") ?? throw Refusal.Invalid("Invalid/missing parameters: text: Field required");
        return ApiResults.Success(await read.SearchAsync(viewer, text, null, page, perPage, ct));
    }

    private static async Task<IResult> ListAsync(Viewer viewer, string objId, ApiQuery query, ReadComments read, CancellationToken ct)
    {
        if (query.Text("text") is { } text)
        {
            var (page, perPage) = query.Page(25, 1000);
            return ApiResults.Success(await read.SearchAsync(viewer, text, objId, page, perPage, ct));
        }

        return ApiResults.Success(await read.OfObjectAsync(viewer, objId, query.Text("channel"), ct));
    }

    private static async Task<IResult> ChannelsAsync(Viewer viewer, string objId, ReadComments read, CancellationToken ct) =>
        ApiResults.Success(await read.ChannelsAsync(viewer, objId, ct));

    private static async Task<IResult> GetAsync(Viewer viewer, string objId, string commentId, ReadComments read, CancellationToken ct) =>
        ApiResults.Success(await FindAsync(viewer, objId, commentId, read, ct));

    private static async Task<IResult> PostAsync(Viewer viewer, string objId, ApiBody body, PostComment verb, CancellationToken ct)
    {
        var posted = await verb.HandleAsync(
            viewer,
            new NewComment(objId, body.RequiredText("text"), body.Ints("group_ids"), Attachment(body), body.Text("channel"), body.Text("origin")),
            ct);
        return ApiResults.Success(posted.Existed
            ? new { comment_id = posted.Id, message = "Same comment already exists." }
            : new { comment_id = posted.Id });
    }

    private static async Task<IResult> PutAsync(Viewer viewer, string objId, string commentId, ApiBody body, EditComment verb, CancellationToken ct)
    {
        body.AllowOnly("text", "group_ids", "attachment", "obj_id", "author_id", "id", "channel", "origin", "bot", "system", "created_at", "modified", "attachment_name");
        await verb.HandleAsync(viewer, objId, DiscussionRoutes.Id("comment_id", commentId), body.Text("text"), body.Ints("group_ids"), Attachment(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string objId, string commentId, DeleteComment verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, objId, DiscussionRoutes.Id("comment_id", commentId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> AttachmentAsync(
        Viewer viewer, string objId, string commentId, ApiQuery query, HttpContext context, ReadComments read, FileStore files, CancellationToken ct)
    {
        var (download, preview) = (query.Bool("download", true), query.Bool("preview"));
        if (preview && query.Text("download") is not null && download)
        {
            throw Refusal.Invalid("Cannot set both preview and download to true.");
        }

        var comment = await FindAsync(viewer, objId, commentId, read, ct);
        var bytes = comment.AttachmentHash is null ? null : await files.GetAsync(comment.AttachmentHash, ct);
        if (bytes is null || comment.AttachmentName is null)
        {
            throw Refusal.Invalid("Comment has no attachment");
        }

        if (!download && !preview)
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes);
            return ApiResults.Success(new Dictionary<string, object?> { ["commentId"] = comment.Id, ["attachment"] = text, ["attachmentName"] = comment.AttachmentName });
        }

        // A file from one user must never run in another's session: no sniffing, no scripts, and only plain kinds are shown inline.
        context.Response.Headers["X-Content-Type-Options"] = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
        if (!preview)
        {
            return Results.File(bytes, "application/octet-stream", Ascii(comment.AttachmentName));
        }

        return Results.File(bytes, Path.GetExtension(comment.AttachmentName).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".pdf" => "application/pdf",
            ".txt" or ".csv" or ".json" or ".dat" or ".ascii" => "text/plain; charset=utf-8",
            var other => throw Refusal.Invalid($"Attachments of the type {other} cannot be previewed."),
        });
    }

    private static async Task<CommentRecord> FindAsync(Viewer viewer, string objId, string commentId, ReadComments read, CancellationToken ct) =>
        await read.OneAsync(viewer, objId, DiscussionRoutes.Id("comment_id", commentId), ct)
            ?? throw Refusal.Forbidden("Could not find any accessible comments.");

    private static NewAttachment? Attachment(ApiBody body)
    {
        if (body.Object("attachment") is not { } attachment)
        {
            return null;
        }

        var inner = new ApiBody(attachment);
        var name = inner.RequiredText("name");
        var text = inner.RequiredText("body");
        var comma = text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(',', StringComparison.Ordinal) : -1;
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[(comma + 1)..], buffer, out var length) || length == 0 || string.IsNullOrWhiteSpace(Path.GetFileName(name)))
        {
            throw Refusal.Invalid("Malformed comment attachment: it needs a name and a body in base64.");
        }

        return length <= MostBytes ? new NewAttachment(name, buffer[..length]) : throw Refusal.Invalid("The attachment is larger than 20 MB.");
    }

    private static string Ascii(string name) => string.Concat(name.Select(c => c is >= ' ' and < (char)127 and not '"' and not '\\' ? c : '_'));
}
