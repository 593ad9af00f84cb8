using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A kind of thing that people comment. Comments of every kind are written, read, changed and removed by the same verbs.</summary>
public abstract class CommentedKind
{
    /// <summary>Sources; the key is the name.</summary>
    public static CommentedKind Sources { get; } = new CommentedSources();

    /// <summary>Spectra; the key is the number.</summary>
    public static CommentedKind Spectra { get; } = new CommentedSpectra();

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<CommentedKind> All { get; } = [Sources, Spectra];

    /// <summary>Name in paths and replies.</summary>
    public abstract string Path { get; }

    /// <summary>
    /// Columns object, number, system and channel, and the tables, with the comment under the alias <c>m</c>, up to the condition
    /// under which the viewer may read it; the same rule as the comment's policy.
    /// </summary>
    internal abstract (string Columns, string From, string Sees) Sql { get; }

    /// <summary>Whether the comment is on the thing <c>@key</c>.</summary>
    internal abstract string KeyTest { get; }

    /// <summary>Refuses a text that cannot be a key.</summary>
    public virtual void Check(string key)
    {
    }

    /// <summary>The object that a thing belongs to; null where the viewer sees no such thing.</summary>
    internal abstract Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct);

    /// <summary>What is said where the thing is missing or hidden.</summary>
    internal abstract Refusal Missing(string key);

    /// <summary>A comment that the viewer may treat so; null where there is none.</summary>
    internal abstract Task<CommentBase?> FindAsync(SkyPortalContext db, AccessMode mode, long id, CancellationToken ct);

    /// <summary>The key of what a comment is on.</summary>
    internal abstract string KeyOf(CommentBase comment);

    /// <summary>The viewer's same comment that is there already.</summary>
    internal abstract Task<long?> SameAsync(SkyPortalContext db, string key, CommentBase comment, CancellationToken ct);

    /// <summary>Those of the groups whose members may learn of a comment that is shared with these: they see the thing, too.</summary>
    internal virtual Task<int[]> AudienceAsync(SkyPortalContext db, string key, int[] groupIds, CancellationToken ct) => Task.FromResult(groupIds);

    /// <summary>A new comment.</summary>
    internal abstract CommentBase Make(string key, string text, string? channel);
}

internal abstract class CommentedKind<T> : CommentedKind
    where T : CommentBase
{
    protected abstract Expression<Func<T, bool>> SamePlace(string key, T comment);

    internal override async Task<CommentBase?> FindAsync(SkyPortalContext db, AccessMode mode, long id, CancellationToken ct) =>
        await db.Allowed<T>(mode).SingleOrDefaultAsync(row => row.Id == id, ct);

    internal override Task<long?> SameAsync(SkyPortalContext db, string key, CommentBase comment, CancellationToken ct) => db.Set<T>()
        .Where(SamePlace(key, (T)comment))
        .Where(row => row.AuthorId == comment.AuthorId && row.Bot == comment.Bot && row.Text == comment.Text && row.AttachmentName == comment.AttachmentName
            && row.AttachmentHash == comment.AttachmentHash && row.GroupIds == comment.GroupIds)
        .Select(row => (long?)row.Id)
        .FirstOrDefaultAsync(ct);
}

internal sealed class CommentedSources : CommentedKind<Comment>
{
    public override string Path => "sources";

    internal override (string Columns, string From, string Sees) Sql => (
        "m.obj_id, null::bigint, m.system, m.channel",
        "comments m join objs o on o.id = m.obj_id",
        $"(@sees_all or m.group_ids && @viewer_groups) and {ViewerSql.SeesObj}");

    // Index comments (obj_id).
    internal override string KeyTest => "m.obj_id = @key";

    internal override Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct) =>
        db.Set<Obj>().Where(obj => obj.Id == key).Select(obj => obj.Id).SingleOrDefaultAsync(ct);

    internal override Refusal Missing(string key) => Refusal.NotFound($"Error posting comment: there is no source {key}.");

    internal override string KeyOf(CommentBase comment) => ((Comment)comment).ObjId;

    internal override CommentBase Make(string key, string text, string? channel) => new Comment { ObjId = key, Text = text, Channel = channel };

    protected override Expression<Func<Comment, bool>> SamePlace(string key, Comment comment) => row => row.ObjId == key && row.Channel == comment.Channel;
}

internal sealed class CommentedSpectra : CommentedKind<SpectrumComment>
{
    public override string Path => "spectra";

    internal override (string Columns, string From, string Sees) Sql => (
        "s.obj_id, s.id, null::boolean, null::text",
        "comments_on_spectra m join spectra s on s.id = m.spectrum_id join objs o on o.id = s.obj_id",
        $"(@sees_all or m.group_ids && @viewer_groups) and {SpectrumAccess.Sees}");

    // Index comments_on_spectra (spectrum_id).
    internal override string KeyTest => "m.spectrum_id = @key::bigint";

    public override void Check(string key) => Number(key);

    internal override Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct)
    {
        var id = Number(key);
        return db.Set<Spectrum>().Where(spectrum => spectrum.Id == id).Select(spectrum => spectrum.ObjId).SingleOrDefaultAsync(ct);
    }

    internal override Refusal Missing(string key) => Refusal.Invalid($"Error posting comment: there is no spectrum {key} that you may see.");

    internal override string KeyOf(CommentBase comment) => ((SpectrumComment)comment).SpectrumId.ToString(CultureInfo.InvariantCulture);

    internal override Task<int[]> AudienceAsync(SkyPortalContext db, string key, int[] groupIds, CancellationToken ct) =>
        Audience.OfSpectrumAsync(db, Number(key), groupIds, ct);

    internal override CommentBase Make(string key, string text, string? channel) => channel is null
        ? new SpectrumComment { SpectrumId = Number(key), Text = text }
        : throw Refusal.Invalid("Invalid channel: only comments on sources have conversations.");

    protected override Expression<Func<SpectrumComment, bool>> SamePlace(string key, SpectrumComment comment)
    {
        var id = Number(key);
        return row => row.SpectrumId == id;
    }

    private static long Number(string key) => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Refusal.Invalid($"Invalid spectrum_id: {key}");
}
