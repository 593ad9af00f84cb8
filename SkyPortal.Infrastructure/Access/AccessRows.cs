using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A user as on the wire; never with preferences or the password's hash.</summary>
public record UserRow
{
    internal UserRow(User user)
    {
        Id = user.Id;
        Username = user.Username;
        FirstName = user.FirstName;
        LastName = user.LastName;
        Bio = user.Bio;
        Affiliations = user.Affiliations;
        ContactEmail = user.ContactEmail;
        ContactPhone = user.ContactPhone;
        OauthUid = user.OauthUid;
        IsBot = user.IsBot;
        ExpirationDate = user.ExpirationDate;
        CreatedAt = user.CreatedAt;
        Modified = user.Modified;
    }

    public int Id { get; }
    public string Username { get; }
    public string? FirstName { get; }
    public string? LastName { get; }
    public string? Bio { get; }
    public string[] Affiliations { get; }
    public string? ContactEmail { get; }
    public string? ContactPhone { get; }
    public string? OauthUid { get; }
    public bool IsBot { get; }
    public DateTime? ExpirationDate { get; }
    public DateTime CreatedAt { get; }
    public DateTime Modified { get; }
}

/// <summary>A user with roles (sorted), personal entries (sorted) and all permissions that follow.</summary>
public record UserDetail : UserRow
{
    internal UserDetail(User user)
        : base(user)
    {
        Roles = [.. user.Roles.Order(StringComparer.Ordinal)];
        Acls = [.. user.Acls.Order(StringComparer.Ordinal)];
        Permissions = Role.Permissions(user.Roles, user.Acls);
    }

    public IReadOnlyList<string> Permissions { get; }
    public IReadOnlyList<string> Roles { get; }
    public IReadOnlyList<string> Acls { get; }
}

/// <summary>A user in a list, with the groups that the viewer may know of, and the streams for system administrators.</summary>
public sealed record UserListing : UserDetail
{
    internal UserListing(User user, IReadOnlyList<GroupRow> groups, IReadOnlyList<StreamRow>? streams)
        : base(user)
    {
        Groups = groups;
        Streams = streams;
        GravatarUrl = Gravatar.Url(user);
    }

    public string GravatarUrl { get; }
    public IReadOnlyList<GroupRow> Groups { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StreamRow>? Streams { get; }
}

/// <summary>A group as on the wire.</summary>
public record GroupRow
{
    internal GroupRow(Group group)
    {
        Id = group.Id;
        Name = group.Name;
        Nickname = group.Nickname;
        Description = group.Description;
        Private = group.Private;
        AutoAcceptRequests = group.AutoAcceptRequests;
        SingleUserGroup = group.SingleUserGroup;
        CreatedAt = group.CreatedAt;
        Modified = group.Modified;
    }

    public int Id { get; }
    public string Name { get; }
    public string? Nickname { get; }
    public string? Description { get; }
    public bool Private { get; }
    public bool AutoAcceptRequests { get; }
    public bool SingleUserGroup { get; }
    public DateTime CreatedAt { get; }
    public DateTime Modified { get; }
}

/// <summary>A stream as on the wire.</summary>
public sealed record StreamRow
{
    internal StreamRow(AlertStream stream)
    {
        Id = stream.Id;
        Name = stream.Name;
        Altdata = stream.Altdata;
        AutoJoin = stream.AutoJoin;
        CreatedAt = stream.CreatedAt;
        Modified = stream.Modified;
    }

    public int Id { get; }
    public string Name { get; }
    public JsonElement? Altdata { get; }
    public bool AutoJoin { get; }
    public DateTime CreatedAt { get; }
    public DateTime Modified { get; }
}

/// <summary>A stream by name.</summary>
public sealed record StreamName(int Id, string Name);

/// <summary>A membership as on the wire.</summary>
public sealed record MembershipRow(
    int Id, int GroupId, int UserId, bool Admin, bool CanSave, bool CanSharePhotometry, DateTime CreatedAt, DateTime Modified);

/// <summary>A member of a group as on the wire.</summary>
public sealed record MemberRow(
    int Id, string Username, string? FirstName, string? LastName, string? ContactEmail, string? ContactPhone, string? OauthUid,
    bool Admin, bool CanSave, bool CanSharePhotometry);

/// <summary>A filter's columns in its group.</summary>
public sealed record GroupFilterRow
{
    internal GroupFilterRow(Filter filter)
    {
        Id = filter.Id;
        Name = filter.Name;
        StreamId = filter.StreamId;
        GroupId = filter.GroupId;
        BrokerId = filter.BrokerId;
        Altdata = filter.Altdata;
        Autosave = filter.Autosave;
        CreatedAt = filter.CreatedAt;
        Modified = filter.Modified;
    }

    public int Id { get; }
    public string Name { get; }
    public int StreamId { get; }
    public int GroupId { get; }
    public int? BrokerId { get; }
    public JsonElement? Altdata { get; }
    public bool Autosave { get; }
    public DateTime CreatedAt { get; }
    public DateTime Modified { get; }
}

/// <summary>Addresses of avatars.</summary>
internal static class Gravatar
{
    /// <summary>The avatar of a user by e-mail address, or by name where there is none. The service's key is an MD5 sum.</summary>
    public static string Url(User user)
    {
        var key = string.IsNullOrEmpty(user.ContactEmail) ? user.Username : user.ContactEmail.Trim().ToLowerInvariant();
        return $"https://secure.gravatar.com/avatar/{Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(key)))}?d=blank";
    }
}
