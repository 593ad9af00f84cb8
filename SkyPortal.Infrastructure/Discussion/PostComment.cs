using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A file that comes with a comment.</summary>
public sealed record NewAttachment(string Name, byte[] Bytes);

/// <summary>A remark to be made.</summary>
public sealed record NewComment(string ObjId, string Text, int[]? GroupIds = null, NewAttachment? Attachment = null, string? Channel = null, string? Origin = null);

/// <summary>Which comment answers a post, and whether it was there before.</summary>
public sealed record PostedComment(long Id, bool Existed);

/// <summary>Writes a comment on a source. The same comment posted again is answered with the one that is there.</summary>
public sealed partial class PostComment(Contexts contexts, FileStore files)
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaximumLength = 100_000;

    /// <summary>Posts; refuses an object that the viewer cannot see and groups that are not the viewer's.</summary>
    public async Task<PostedComment> HandleAsync(Viewer viewer, NewComment request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > MaximumLength)
        {
            throw Refusal.Invalid($"Error posting comment: text must have between 1 and {MaximumLength} characters.");
        }

        await using var db = contexts.For(viewer);
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == request.ObjId, ct))
        {
            throw Refusal.NotFound($"Error posting comment: there is no source {request.ObjId}.");
        }

        var groups = await ShareWith.GroupsOrSitewideAsync(db, request.GroupIds, ct);
        var bot = viewer.TokenId is not null;
        var name = request.Attachment is null ? null : Path.GetFileName(request.Attachment.Name.Trim());
        var hash = request.Attachment is null ? null : await files.PutAsync(request.Attachment.Bytes, ct);
        var same = await db.Set<Comment>()
            .Where(row => row.ObjId == request.ObjId && row.AuthorId == viewer.UserId && row.Bot == bot && row.Text == request.Text
                && row.Channel == request.Channel && row.AttachmentName == name && row.AttachmentHash == hash && row.GroupIds == groups)
            .Select(row => (long?)row.Id)
            .FirstOrDefaultAsync(ct);
        if (same is { } existing)
        {
            return new PostedComment(existing, true);
        }

        var comment = new Comment
        {
            ObjId = request.ObjId,
            Text = request.Text,
            AuthorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may comment."),
            Bot = bot,
            Channel = request.Channel,
            Origin = request.Origin,
            GroupIds = groups,
            AttachmentName = name,
            AttachmentHash = hash,
        };
        db.Add(comment);
        db.Record("comment.posted", request.ObjId, groups, new { mentions = Mention().Matches(request.Text).Select(match => match.Groups[1].Value).Distinct() });
        await db.SaveChangesAsync(ct);
        return new PostedComment(comment.Id, false);
    }

    [GeneratedRegex(@"(?<![\w@])@([A-Za-z0-9][A-Za-z0-9-]{0,100})")]
    private static partial Regex Mention();
}

/// <summary>Changes a comment of the viewer's.</summary>
public sealed class EditComment(Contexts contexts, FileStore files)
{
    /// <summary>Changes what is given.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, string? text, int[]? groupIds, NewAttachment? attachment, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var comment = await db.Allowed<Comment>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id && row.ObjId == objId, ct)
            ?? throw Refusal.Forbidden("Could not find any accessible comments.");
        var before = comment.Text;
        comment.Text = text is null ? comment.Text : text.Length is > 0 and <= PostComment.MaximumLength ? text : throw Refusal.Invalid("Invalid/missing parameters: text: it is empty or too long");
        if (groupIds is { Length: > 0 })
        {
            comment.GroupIds = await ShareWith.GroupsOrSitewideAsync(db, groupIds, ct);
        }

        if (attachment is not null)
        {
            comment.AttachmentName = Path.GetFileName(attachment.Name.Trim());
            comment.AttachmentHash = await files.PutAsync(attachment.Bytes, ct);
        }

        db.Record("comment.edited", objId, comment.GroupIds, new { id, before, after = comment.Text });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Removes a comment of the viewer's.</summary>
public sealed class DeleteComment(Contexts contexts)
{
    /// <summary>Removes it; refuses where it is not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var comment = await db.Allowed<Comment>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == id && row.ObjId == objId, ct)
            ?? throw Refusal.Forbidden("Could not find any accessible comments.");
        db.Remove(comment);
        db.Record("comment.deleted", objId, comment.GroupIds, new { id, before = comment.Text });
        await db.SaveChangesAsync(ct);
    }
}
