using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Which users are asked for; null for no condition. Texts match as case-sensitive parts.</summary>
public sealed record UserQuestion
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Username { get; init; }
    public string? Email { get; init; }

    /// <summary>Part of the user name, the first or the last name, whatever its case.</summary>
    public string? AnyName { get; init; }

    /// <summary>Name of a role.</summary>
    public string? Role { get; init; }

    /// <summary>An entry, held by a role or personally.</summary>
    public string? Acl { get; init; }

    /// <summary>Name of a group.</summary>
    public string? Group { get; init; }

    /// <summary>Name of a stream; whoever is no system administrator finds only himself by it.</summary>
    public string? Stream { get; init; }

    public bool IncludeExpired { get; init; }

    /// <summary>username, createdAt or match (how well <see cref="AnyName"/> fits the user name); null for the order of making.</summary>
    public string? SortBy { get; init; }

    public bool Descending { get; init; }

    /// <summary>From 1.</summary>
    public int PageNumber { get; init; } = 1;

    /// <summary>Null for all.</summary>
    public int? NumPerPage { get; init; }
}

/// <summary>A page of users and the number of all that match.</summary>
public sealed record UserPage(IReadOnlyList<UserListing> Users, [property: JsonPropertyName("totalMatches")] int TotalMatches);

/// <summary>Finds users, in four statements whatever their number.</summary>
public sealed class SearchUsers(Contexts contexts)
{
    /// <summary>One page.</summary>
    public async Task<UserPage> HandleAsync(Viewer viewer, UserQuestion question, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var matching = Matching(db, question);
        var total = await matching.CountAsync(ct);
        var ordered = (question.SortBy, question.Descending) switch
        {
            ("username", false) => matching.OrderBy(user => user.Username),
            ("username", true) => matching.OrderByDescending(user => user.Username),
            ("match", _) => matching
                .OrderByDescending(user => user.Username == question.AnyName)
                .ThenByDescending(user => user.Username.StartsWith(question.AnyName ?? ""))
                .ThenBy(user => user.Username),
            ("createdAt", false) => matching.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id),
            ("createdAt", true) => matching.OrderByDescending(user => user.CreatedAt).ThenByDescending(user => user.Id),
            (_, false) => matching.OrderBy(user => user.Id),
            _ => matching.OrderByDescending(user => user.Id),
        };
        var page = question.NumPerPage is { } size ? ordered.Skip((question.PageNumber - 1) * size).Take(size) : ordered;
        var users = await page.ToListAsync(ct);
        var ids = users.Select(user => user.Id).ToArray();
        var groups = (await db.Set<GroupUser>()
            .Where(member => ids.Contains(member.UserId) && (viewer.SeesAll || viewer.GroupIds.Contains(member.GroupId)))
            .Join(db.Set<Group>().Where(group => viewer.SeesAll || !group.SingleUserGroup), member => member.GroupId, group => group.Id, (member, group) => new { member.UserId, group })
            .AsNoTracking()
            .ToListAsync(ct)).ToLookup(row => row.UserId, row => new GroupRow(row.group));
        var streams = viewer.SeesAll
            ? (await db.Set<StreamUser>()
                .Where(right => ids.Contains(right.UserId))
                .Join(db.Set<AlertStream>(), right => right.StreamId, stream => stream.Id, (right, stream) => new { right.UserId, stream })
                .AsNoTracking()
                .ToListAsync(ct)).ToLookup(row => row.UserId, row => new StreamRow(row.stream))
            : null;
        return new UserPage([.. users.Select(user => new UserListing(user, [.. groups[user.Id]], streams is null ? null : [.. streams[user.Id]]))], total);
    }

    private static IQueryable<User> Matching(SkyPortalContext db, UserQuestion question)
    {
        var now = db.UtcNow;
        var users = db.Set<User>().AsNoTracking().Where(user => question.IncludeExpired || user.ExpirationDate == null || user.ExpirationDate > now);
        if (question.FirstName is { } first)
        {
            users = users.Where(user => user.FirstName!.Contains(first));
        }

        if (question.LastName is { } last)
        {
            users = users.Where(user => user.LastName!.Contains(last));
        }

        if (question.Username is { } name)
        {
            users = users.Where(user => user.Username.Contains(name));
        }

        if (question.AnyName is { } any)
        {
            var folded = any.ToLowerInvariant();
            users = users.Where(user => user.Username.Contains(folded) || user.FirstName!.ToLower().Contains(folded) || user.LastName!.ToLower().Contains(folded));
        }

        if (question.Email is { } email)
        {
            users = users.Where(user => user.ContactEmail!.Contains(email));
        }

        if (question.Role is { } role)
        {
            users = users.Where(user => user.Roles.Contains(role));
        }

        if (question.Acl is { } acl)
        {
            var roles = Role.All.Where(item => item.Acls.Contains(acl)).Select(item => item.Id).ToArray();
            users = users.Where(user => user.Acls.Contains(acl) || user.Roles.Any(held => roles.Contains(held)));
        }

        if (question.Group is { } groupName)
        {
            users = users.Where(user => db.Set<GroupUser>().Any(member => member.UserId == user.Id
                && db.Set<Group>().Any(group => group.Id == member.GroupId && group.Name == groupName)));
        }

        if (question.Stream is { } streamName)
        {
            users = users.Where(user => db.Set<StreamUser>().Any(right => right.UserId == user.Id
                && db.Set<AlertStream>().Any(stream => stream.Id == right.StreamId && stream.Name == streamName)));
        }

        return users;
    }
}

/// <summary>Reads one user.</summary>
public sealed class GetUser(Contexts contexts)
{
    /// <summary>Refuses an unknown user.</summary>
    public async Task<UserDetail> HandleAsync(Viewer viewer, int userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var user = await db.Set<User>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == userId, ct);
        return user is null ? throw Refusal.Invalid($"Cannot find user with ID {userId}") : new UserDetail(user);
    }
}

/// <summary>A token in its owner's profile.</summary>
public sealed record ProfileToken(string Id, string Name, IReadOnlyList<string> Acls, DateTime CreatedAt);

/// <summary>An admission request without its user.</summary>
public sealed record ProfileRequest(int Id, int UserId, int GroupId, string Status, DateTime CreatedAt, DateTime Modified);

/// <summary>What a user sees of himself.</summary>
public sealed record Profile : UserDetail
{
    internal Profile(User user, IReadOnlyList<ProfileToken> tokens, IReadOnlyList<ProfileRequest> requests, IReadOnlyList<StreamRow> streams)
        : base(user)
    {
        Tokens = tokens;
        GroupAdmissionRequests = requests;
        Streams = streams;
        GravatarUrl = Gravatar.Url(user);
        HasPassword = user.PasswordHash is not null;
        Preferences = user.Preferences ?? JsonSerializer.SerializeToElement(new { });
    }

    public IReadOnlyList<ProfileToken> Tokens { get; }
    public string GravatarUrl { get; }
    public JsonElement Preferences { get; }

    [JsonPropertyName("groupAdmissionRequests")]
    public IReadOnlyList<ProfileRequest> GroupAdmissionRequests { get; }

    public IReadOnlyList<StreamRow> Streams { get; }
    public bool IsAnonymous => false;

    /// <summary>Whether the user can sign in by a password.</summary>
    [JsonIgnore]
    public bool HasPassword { get; }
}

/// <summary>Reads the viewer's own profile. The permissions are the user's, also where a token with fewer asks.</summary>
public sealed class GetProfile(Contexts contexts)
{
    /// <summary>Refuses nobody.</summary>
    public async Task<Profile> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var user = await db.Set<User>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == viewer.UserId, ct)
            ?? throw Refusal.Invalid("Cannot find User with ID");
        var tokens = await db.Set<ApiToken>().AsNoTracking().Where(token => token.CreatedById == user.Id).OrderBy(token => token.Id).ToListAsync(ct);
        var requests = await db.Set<GroupAdmissionRequest>().AsNoTracking()
            .Where(request => request.UserId == user.Id)
            .OrderBy(request => request.Id)
            .Select(request => new ProfileRequest(request.Id, request.UserId, request.GroupId, request.Status, request.CreatedAt, request.Modified))
            .ToListAsync(ct);
        var streams = await db.Set<AlertStream>().AsNoTracking()
            .Where(stream => db.Set<StreamUser>().Any(right => right.StreamId == stream.Id && right.UserId == user.Id))
            .OrderBy(stream => stream.Id)
            .ToListAsync(ct);
        return new Profile(
            user,
            [.. tokens.Select(token => new ProfileToken(token.PublicId.ToString("D"), token.Name, token.Acls, token.CreatedAt))],
            requests,
            [.. streams.Select(stream => new StreamRow(stream))]);
    }
}
