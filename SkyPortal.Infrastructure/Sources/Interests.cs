using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Who is interested, as it appears on the wire.</summary>
public sealed record InterestedUser(int Id, string Username, string? FirstName, string? LastName, string GravatarUrl, bool IsBot);

/// <summary>An interest as it appears on the wire.</summary>
public sealed record InterestRecord(
    long Id, string ObjId, int UserId, string Title, string? Description, string? Link, DateTime CreatedAt, DateTime Modified, InterestedUser User);

/// <summary>Lists who works on an object.</summary>
public sealed class ListInterests(Contexts contexts)
{
    /// <summary>Interests in an object that the viewer sees, oldest first; empty for any other. One statement.</summary>
    public async Task<IReadOnlyList<InterestRecord>> HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<SourceInterest>().AsNoTracking().Where(interest => interest.ObjId == objId)
            .Join(db.Set<User>(), interest => interest.UserId, user => user.Id, (interest, user) => new { interest, user })
            .OrderBy(row => row.interest.Id).ToListAsync(ct);
        return [.. rows.Select(row => new InterestRecord(
            row.interest.Id, row.interest.ObjId, row.interest.UserId, row.interest.Title, row.interest.Description, row.interest.Link, row.interest.CreatedAt, row.interest.Modified,
            new InterestedUser(row.user.Id, row.user.Username, row.user.FirstName, row.user.LastName, UserRecord.Gravatar(row.user.ContactEmail ?? row.user.Username), row.user.IsBot)))];
    }
}

/// <summary>Tells that the viewer works on an object, and says so in its conversation. <see cref="WithdrawInterest"/> is its inverse.</summary>
public sealed class RegisterInterest(Contexts contexts)
{
    /// <summary>Registers and returns the id; refuses a blank title, a link that is no web address, and an object that the viewer does not see.</summary>
    public async Task<long> HandleAsync(Viewer viewer, string objId, string title, string? description, string? link, CancellationToken ct)
    {
        var userId = viewer.UserId ?? throw Refusal.Forbidden("Only a user has interests.");
        Check("title", title, 250);
        Check("description", description, 10_000);
        if (link is not null && !(link.Length <= 2000 && Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            throw Refusal.Invalid("Invalid/missing parameters: link: Input should be a web address");
        }

        await using var db = contexts.For(viewer);
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.Invalid($"Cannot find object with ID {objId}.");
        }

        var interest = new SourceInterest { ObjId = objId, UserId = userId, Title = title, Description = description, Link = link };
        db.Add(interest);
        await InterestRemarks.AddAsync(db, objId, $"{viewer.Username} registered an interest: {title}", ct);
        await db.SaveChangesAsync(ct);
        return interest.Id;
    }

    private static void Check(string field, string? text, int most)
    {
        if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Length > most))
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {field}: it must not be blank, and may have {most} characters");
        }
    }
}

/// <summary>Takes an interest of the viewer back.</summary>
public sealed class WithdrawInterest(Contexts contexts)
{
    /// <summary>Withdraws; refuses one that is not there or not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var interest = await db.Allowed<SourceInterest>(AccessMode.Delete)
            .SingleOrDefaultAsync(row => row.Id == id && row.ObjId == objId && db.Set<Obj>().Any(obj => obj.Id == row.ObjId), ct)
            ?? throw Refusal.Invalid("Invalid interest ID");
        db.Remove(interest);
        await InterestRemarks.AddAsync(db, objId, $"{viewer.Username} withdrew the interest: {interest.Title}", ct);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>The platform's own remarks about interests, for everybody who sees the object.</summary>
internal static class InterestRemarks
{
    private const string Channel = "Interested";

    public static async Task AddAsync(SkyPortalContext db, string objId, string text, CancellationToken ct)
    {
        var everybody = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        db.Add(new Comment
        {
            ObjId = objId,
            Text = text,
            AuthorId = db.Viewer.UserId!.Value,
            Bot = db.Viewer.TokenId is not null,
            System = true,
            Channel = Channel,
            GroupIds = [everybody],
        });
        var groups = await db.Set<Obj>().Where(obj => obj.Id == objId).Select(obj => obj.GroupIds).SingleAsync(ct);
        db.Record("source.interests", objId, groups, new { text });
    }
}
