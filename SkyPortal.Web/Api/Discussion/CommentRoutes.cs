using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Comments on sources and spectra.</summary>
internal static class CommentRoutes
{
    public static void MapComments(this IEndpointRouteBuilder routes)
    {
        routes.MapCommentsOn(CommentedKind.Sources, "objId", "");
        routes.MapCommentsOn(CommentedKind.Spectra, "spectrumId", "Spectrum");
        routes.MapGet("/api/sources/{objId}/comments/channels", ChannelsAsync).SignedIn().WithName("ListCommentChannels");
        routes.MapDelete("/api/sources/{objId}/comments/channels", DeleteChannelAsync).Needs(Acl.Comment).WithName("DeleteCommentChannel");
        routes.MapGet("/api/comment_attachment", CountAsync).Needs(Acl.SystemAdmin).WithName("CountCommentAttachments");
        routes.MapPost("/api/comment_attachment", MigrateAsync).Needs(Acl.SystemAdmin).WithName("MoveCommentAttachments");
    }

    private static void MapCommentsOn(this IEndpointRouteBuilder routes, CommentedKind kind, string key, string name)
    {
        var all = $"/api/{kind.Path}/{{{key}}}/comments";
        var one = $"{all}/{{commentId}}";
        routes.MapGet($"/api/{kind.Path}/comments", (Viewer viewer, ApiQuery query, ReadComments read, CancellationToken ct) =>
            SearchAllAsync(viewer, kind, query, read, ct)).SignedIn().WithName($"Search{name}Comments");
        routes.MapGet(all, (Viewer viewer, HttpContext http, ApiQuery query, ReadComments read, CancellationToken ct) =>
            ListAsync(viewer, kind, Part(http, key), query, read, ct)).SignedIn().WithName($"List{name}Comments");
        routes.MapPost(all, (Viewer viewer, HttpContext http, ApiBody body, PostComment verb, CancellationToken ct) =>
            PostAsync(viewer, kind, Part(http, key), body, verb, ct)).Needs(Acl.Comment).WithName($"Post{name}Comment");
        routes.MapGet(one, (Viewer viewer, HttpContext http, ReadComments read, CancellationToken ct) =>
            GetAsync(viewer, kind, Part(http, key), Id(http), read, ct)).SignedIn().WithName($"Get{name}Comment");
        routes.MapPut(one, (Viewer viewer, HttpContext http, ApiBody body, EditComment verb, CancellationToken ct) =>
            PutAsync(viewer, kind, Part(http, key), Id(http), body, verb, ct)).Needs(Acl.Comment).WithName($"Edit{name}Comment");
        routes.MapDelete(one, (Viewer viewer, HttpContext http, DeleteComment verb, CancellationToken ct) =>
            DeleteAsync(viewer, kind, Part(http, key), Id(http), verb, ct)).Needs(Acl.Comment).WithName($"Delete{name}Comment");
        foreach (var (ending, mark) in new[] { ("", ""), (".pdf", "Pdf") })
        {
            routes.MapGet($"{one}/attachment{ending}", (Viewer viewer, HttpContext http, ApiQuery query, ReadComments read, FileStore files, CancellationToken ct) =>
                AttachmentAsync(viewer, kind, Part(http, key), Id(http), query, http, read, files, ct)).SignedIn().WithName($"Get{name}CommentAttachment{mark}");
        }
    }

    private static string Part(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    private static long Id(HttpContext http) => DiscussionRoutes.Id("comment_id", Part(http, "commentId"));

    private static async Task<IResult> SearchAllAsync(Viewer viewer, CommentedKind kind, ApiQuery query, ReadComments read, CancellationToken ct)
    {
        var (page, perPage) = query.Page(25, 1000);
        var text = query.Text("text") ?? throw Refusal.Invalid("Invalid/missing parameters: text: Field required");
        return ApiResults.Success((await read.SearchAsync(viewer, kind, text, null, page, perPage, ct)).Select(row => row.InList(kind)));
    }

    private static async Task<IResult> ListAsync(Viewer viewer, CommentedKind kind, string key, ApiQuery query, ReadComments read, CancellationToken ct)
    {
        var (page, perPage) = query.Page(25, 1000);
        var rows = query.Text("text") is { } text
            ? await read.SearchAsync(viewer, kind, text, key, page, perPage, ct)
            : await read.OfAsync(viewer, kind, key, query.Text("channel"), ct);
        return ApiResults.Success(rows.Select(row => row.InList(kind)));
    }

    private static async Task<IResult> ChannelsAsync(Viewer viewer, string objId, ReadComments read, CancellationToken ct) =>
        ApiResults.Success(await read.ChannelsAsync(viewer, objId, ct));

    private static async Task<IResult> DeleteChannelAsync(Viewer viewer, string objId, ApiQuery query, DeleteChannel verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, objId, query.Text("channel") ?? throw Refusal.Invalid("Invalid/missing parameters: channel: Field required"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> GetAsync(Viewer viewer, CommentedKind kind, string key, long id, ReadComments read, CancellationToken ct) =>
        ApiResults.Success(await read.OneAsync(viewer, kind, key, id, ct) with { ResourceType = kind.Path });

    private static async Task<IResult> PostAsync(Viewer viewer, CommentedKind kind, string key, ApiBody body, PostComment verb, CancellationToken ct)
    {
        var posted = await verb.HandleAsync(
            viewer,
            new NewComment(key, body.RequiredText("text"), body.Ints("group_ids"), Attachment(body), body.Text("channel"), body.Text("origin")) { Kind = kind },
            ct);
        return ApiResults.Success(posted.Existed
            ? new { comment_id = posted.Id, message = "Same comment already exists." }
            : new { comment_id = posted.Id });
    }

    private static async Task<IResult> PutAsync(Viewer viewer, CommentedKind kind, string key, long id, ApiBody body, EditComment verb, CancellationToken ct)
    {
        body.AllowOnly(
            "text", "group_ids", "attachment", "obj_id", "spectrum_id", "author_id", "id", "channel", "origin", "bot", "system", "created_at", "modified", "attachment_name");
        await verb.HandleAsync(viewer, kind, key, id, body.Text("text"), body.Ints("group_ids"), Attachment(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, CommentedKind kind, string key, long id, DeleteComment verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, kind, key, id, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> AttachmentAsync(
        Viewer viewer, CommentedKind kind, string key, long id, ApiQuery query, HttpContext context, ReadComments read, FileStore files, CancellationToken ct)
    {
        var (download, preview) = (query.Bool("download", true), query.Bool("preview"));
        if (preview && query.Text("download") is not null && download)
        {
            throw Refusal.Invalid("Cannot set both preview and download to true.");
        }

        var comment = await read.OneAsync(viewer, kind, key, id, ct);
        if (comment is not { AttachmentHash: { } hash, AttachmentName: { } name } || await files.GetAsync(hash, ct) is not { } bytes)
        {
            throw Refusal.Invalid("Comment has no attachment");
        }

        if (!download && !preview)
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes);
            return ApiResults.Success(new Dictionary<string, object?> { ["commentId"] = comment.Id, ["attachment"] = text, ["attachmentName"] = name });
        }

        // A file from one user must never run in another's session: no sniffing, no scripts, no address of its own, and only plain
        // kinds are shown inline. A browser shows no PDF in a sandbox; its own viewer keeps what is in it apart from the page.
        var shown = preview ? AttachmentPreview.Of(name, bytes) : null;
        var headers = context.Response.Headers;
        headers["X-Content-Type-Options"] = "nosniff";
        headers.CacheControl = "private, no-store";
        headers.ContentSecurityPolicy = shown?.Kind == PreviewKind.Pdf
            ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
            : "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
        return shown is null ? Results.File(bytes, "application/octet-stream", Ascii(name)) : Results.File(shown.Bytes, shown.MediaType);
    }

    private static async Task<IResult> CountAsync(Viewer viewer, CountAttachments read, CancellationToken ct)
    {
        var counts = await read.HandleAsync(viewer, ct);
        return ApiResults.Success(new Dictionary<string, long>
        {
            ["totalWithoutAttachmentBytes"] = counts.TotalWithoutAttachmentBytes, ["totalWithAttachmentBytes"] = counts.TotalWithAttachmentBytes,
        });
    }

    // Every attachment is in the file store from the start: there is nothing to move.
    private static IResult MigrateAsync(ApiQuery query)
    {
        var (page, perPage) = query.Page(100, 500);
        return ApiResults.Success(new Dictionary<string, int> { ["totalMatches"] = 0, ["numPerPage"] = perPage, ["pageNumber"] = page });
    }

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
        return Convert.TryFromBase64String(text[(comma + 1)..], buffer, out var length)
            ? new NewAttachment(name, buffer[..length])
            : throw Refusal.Invalid("Malformed comment attachment: it needs a name and a body in base64.");
    }

    private static string Ascii(string name) => string.Concat(name.Select(c => c is >= ' ' and < (char)127 and not '"' and not '\\' ? c : '_'));
}
