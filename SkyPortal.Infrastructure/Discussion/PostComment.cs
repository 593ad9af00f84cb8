using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A file that comes with a comment.</summary>
public sealed record NewAttachment(string Name, byte[] Bytes)
{
    /// <summary>Most bytes of an attachment.</summary>
    public const int MostBytes = 20 << 20;

    /// <summary>The name without folders.</summary>
    internal string FileName => Path.GetFileName(Name.Trim().Replace('\\', '/'));

    /// <summary>Refuses a file without a name, an empty one and one that is too large.</summary>
    internal void Check()
    {
        if (FileName.Length is 0 or > 255 || Bytes.Length == 0)
        {
            throw Refusal.Invalid("Malformed comment attachment: it needs a name of at most 255 characters and a body in base64.");
        }

        if (Bytes.Length > MostBytes)
        {
            throw Refusal.Invalid("The attachment is larger than 20 MB.");
        }
    }
}

/// <summary>A remark to be made on a thing, a source unless said otherwise.</summary>
public sealed record NewComment(string Key, string Text, int[]? GroupIds = null, NewAttachment? Attachment = null, string? Channel = null, string? Origin = null)
{
    /// <summary>Kind of thing.</summary>
    public CommentedKind Kind { get; init; } = CommentedKind.Sources;
}

/// <summary>Which comment answers a post, and whether it was there before.</summary>
public sealed record PostedComment(long Id, bool Existed);

/// <summary>Writes a comment. The same comment posted again is answered with the one that is there.</summary>
public sealed class PostComment(Contexts contexts, FileStore files, ResolveMentions mentions, TellUsers tell)
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaximumLength = 100_000;

    private const int LongestChannel = 100;

    /// <summary>Posts; refuses a thing that the viewer cannot see and groups that are not the viewer's.</summary>
    public async Task<PostedComment> HandleAsync(Viewer viewer, NewComment request, CancellationToken ct)
    {
        viewer.Demand(Acl.Comment);
        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > MaximumLength)
        {
            throw Refusal.Invalid($"Error posting comment: text must have between 1 and {MaximumLength} characters.");
        }

        if (request.Channel is { Length: 0 or > LongestChannel })
        {
            throw Refusal.Invalid($"Invalid channel: its name must have between 1 and {LongestChannel} characters.");
        }

        request.Attachment?.Check();
        var kind = request.Kind;
        await using var db = contexts.For(viewer);
        var objId = await kind.ObjIdAsync(db, request.Key, ct) ?? throw kind.Missing(request.Key);
        var comment = kind.Make(request.Key, request.Text, request.Channel);
        comment.AuthorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may comment.");
        comment.Bot = viewer.TokenId is not null;
        comment.Origin = request.Origin;
        comment.GroupIds = await ShareWith.GroupsOrSitewideAsync(db, request.GroupIds, ct);
        if (request.Attachment is { } attachment)
        {
            comment.AttachmentName = attachment.FileName;
            comment.AttachmentHash = await files.PutAsync(attachment.Bytes, ct);
        }

        if (await kind.SameAsync(db, request.Key, comment, ct) is { } existing)
        {
            return new PostedComment(existing, true);
        }

        var named = await mentions.HandleAsync(viewer, kind, request.Key, comment.GroupIds, request.Text, ct);
        db.Add(comment);
        db.Record("comment.posted", objId, await kind.AudienceAsync(db, request.Key, comment.GroupIds, ct), new { on = kind.Path, key = request.Key, request.Channel, mentions = named.UserIds, instruments = named.InstrumentIds });
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        if (named.UserIds.Count > 0)
        {
            await TellAsync(db, viewer, objId, named.UserIds, ct);
        }

        await transaction.CommitAsync(ct);
        return new PostedComment(comment.Id, false);
    }

    // What others prefer, and what they are told, is not the author's to read.
    private async Task TellAsync(SkyPortalContext db, Viewer viewer, string objId, IReadOnlyList<int> userIds, CancellationToken ct)
    {
        db.Viewer = viewer.AsSystem();
        var author = await db.Set<User>().Where(user => user.Id == viewer.UserId).Select(user => user.Username).SingleAsync(ct);
        await tell.AddAsync(db, userIds, new Tidings(NotificationWish.Mention, "mention", $"*@{author}* mentioned you in a comment on *{objId}*", $"/source/{Uri.EscapeDataString(objId)}"), ct);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Changes a comment of the viewer's.</summary>
public sealed class EditComment(Contexts contexts, FileStore files)
{
    /// <summary>Changes what is given.</summary>
    public async Task HandleAsync(
        Viewer viewer, CommentedKind kind, string key, long id, string? text, int[]? groupIds, NewAttachment? attachment, CancellationToken ct)
    {
        viewer.Demand(Acl.Comment);
        attachment?.Check();
        await using var db = contexts.For(viewer);
        var comment = await OwnAsync(db, kind, AccessMode.Update, key, id, ct);
        var (before, readersBefore) = (comment.Text, comment.GroupIds);
        comment.Text = text is null ? comment.Text
            : !string.IsNullOrWhiteSpace(text) && text.Length <= PostComment.MaximumLength ? text
            : throw Refusal.Invalid("Invalid/missing parameters: text: it is empty or too long");
        if (groupIds is { Length: > 0 })
        {
            comment.GroupIds = await ShareWith.GroupsOrSitewideAsync(db, groupIds, ct);
        }

        if (attachment is not null)
        {
            comment.AttachmentName = attachment.FileName;
            comment.AttachmentHash = await files.PutAsync(attachment.Bytes, ct);
        }

        // Whose rights to the thing are gone may still take the words back; its pages hear of it by the name that they know.
        var objId = await kind.ObjIdAsync(db, key, ct) ?? key;
        await RecordAsync(db, kind, key, objId, comment, before, readersBefore, ct);
        await db.SaveChangesAsync(ct);
    }

    // The words before are for those who could read them; who gains or loses the comment learns that it changed hands, and no words.
    private static async Task RecordAsync(
        SkyPortalContext db, CommentedKind kind, string key, string objId, CommentBase comment, string before, int[] readersBefore, CancellationToken ct)
    {
        var kept = await Audience.OfBothAsync(db, readersBefore, comment.GroupIds, ct);
        db.Record("comment.edited", objId, await kind.AudienceAsync(db, key, kept, ct), new { comment.Id, on = kind.Path, before, after = comment.Text });
        if (readersBefore.Union(comment.GroupIds).Except(kept).ToArray() is { Length: > 0 } others)
        {
            db.Record("comment.shared", objId, await kind.AudienceAsync(db, key, others, ct), new { comment.Id, on = kind.Path });
        }
    }

    internal static async Task<CommentBase> OwnAsync(SkyPortalContext db, CommentedKind kind, AccessMode mode, string key, long id, CancellationToken ct)
    {
        kind.Check(key);
        var comment = await kind.FindAsync(db, mode, id, ct) ?? throw ReadComments.NotThere();
        return kind.KeyOf(comment) == key ? comment : throw ReadComments.Elsewhere(key);
    }
}

/// <summary>Removes a comment of the viewer's.</summary>
public sealed class DeleteComment(Contexts contexts)
{
    /// <summary>Removes it; refuses where it is not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, CommentedKind kind, string key, long id, CancellationToken ct)
    {
        viewer.Demand(Acl.Comment);
        await using var db = contexts.For(viewer);
        var comment = await EditComment.OwnAsync(db, kind, AccessMode.Delete, key, id, ct);
        var objId = await kind.ObjIdAsync(db, key, ct) ?? key;
        db.Remove(comment);
        db.Record("comment.deleted", objId, await kind.AudienceAsync(db, key, comment.GroupIds, ct), new { id, on = kind.Path, before = comment.Text });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Removes a conversation about a source with all that was said in it.</summary>
public sealed class DeleteChannel(Contexts contexts)
{
    /// <summary>Removes it; refuses anybody but who opened it and system administrators.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, string channel, CancellationToken ct)
    {
        viewer.Demand(Acl.Comment);
        await using var db = contexts.For(viewer);
        if (!await db.Set<Comment>().AnyAsync(row => row.ObjId == objId && row.Channel == channel, ct))
        {
            throw Refusal.Invalid($"There is no conversation {channel} about {objId}.");
        }

        // Who spoke first opened it, also where the viewer may not read those words; others' words go with the conversation.
        await using var all = contexts.For(viewer.AsSystem());
        var rows = await all.Set<Comment>().Where(row => row.ObjId == objId && row.Channel == channel).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(ct);
        if (rows.Count == 0 || (rows[0].AuthorId != viewer.UserId && !viewer.SeesAll))
        {
            throw Refusal.Forbidden("Only who opened a conversation, or a system administrator, may delete it.");
        }

        all.RemoveRange(rows);
        all.Record("comment.channel_deleted", objId, [.. rows.SelectMany(row => row.GroupIds).Distinct()], new { channel });
        await all.SaveChangesAsync(ct);
    }
}
