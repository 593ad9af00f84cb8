using System.Net.Mail;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>How people are invited.</summary>
public sealed record InvitationSettings
{
    /// <summary>Whether invitations are sent at all.</summary>
    public bool Enabled { get; init; }

    /// <summary>How long a link lives.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(3);

    /// <summary>Reads the section Invitations.</summary>
    public static InvitationSettings Read(IConfiguration? configuration) => configuration?.GetSection("Invitations").Get<InvitationSettings>() ?? new InvitationSettings();
}

/// <summary>An invitation to be sent. The lists of flags are as long as the groups, or null for the defaults.</summary>
public sealed record NewInvitation(string UserEmail, int[] GroupIds)
{
    public string RoleId { get; init; } = Role.FullUser;

    /// <summary>Null for the streams of the groups.</summary>
    public int[]? StreamIds { get; init; }
    public bool[]? GroupAdmin { get; init; }
    public bool[]? CanSave { get; init; }
    public bool[]? CanSharePhotometry { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? UserExpirationDate { get; init; }
}

/// <summary>Invites somebody by e-mail.</summary>
public sealed class CreateInvitation(Contexts contexts, IMailer mailer, InvitationSettings settings)
{
    /// <summary>
    /// Returns the invitation's id once the mail server has taken the message. <paramref name="linkFor"/> makes the link of its
    /// secret. Refuses where invitations are off, and groups and streams that the viewer may not give.
    /// </summary>
    public async Task<int> HandleAsync(Viewer viewer, NewInvitation request, Func<string, string> linkFor, CancellationToken ct)
    {
        if (!settings.Enabled || !mailer.IsEnabled)
        {
            throw Refusal.Invalid("Invitations are not enabled in current deployment.");
        }

        if (!viewer.Has(Acl.ManageUsers))
        {
            throw Refusal.Forbidden("Only who manages users may invite.");
        }

        var email = ContactRules.Email(request.UserEmail) ?? throw Refusal.Invalid("Missing required parameter: userEmail");
        InvitationRules.CheckRole(request.RoleId);
        var count = request.GroupIds.Length;
        if (new[] { request.GroupAdmin, request.CanSave, request.CanSharePhotometry }.Any(flags => flags is not null && flags.Length != count))
        {
            throw Refusal.Invalid("groupAdmin, canSave and canSharePhotometry must have as many items as groupIDs.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var streams = await InvitationRules.CheckTargetsAsync(db, viewer, request.GroupIds, request.StreamIds, ct);
        var secret = Secrets.NewToken();
        var row = new Invitation
        {
            SecretHash = Secrets.Hash(secret),
            RoleId = request.RoleId,
            GroupIds = request.GroupIds,
            StreamIds = streams,
            AdminForGroups = request.GroupAdmin ?? new bool[count],
            CanSaveToGroups = request.CanSave ?? [.. Enumerable.Repeat(true, count)],
            CanSharePhotometryForGroups = request.CanSharePhotometry ?? new bool[count],
            UserEmail = email,
            InvitedById = viewer.UserId ?? throw Refusal.Forbidden("The platform itself invites nobody."),
            UserExpirationDate = request.UserExpirationDate,
        };
        db.Add(row);
        await db.SaveChangesAsync(ct);
        db.Record(AccessEvents.InvitationSent, AccessEvents.Subject(row.Id), request.GroupIds, new { row.RoleId });
        await db.SaveChangesAsync(ct);
        try
        {
            await mailer.SendAsync(
                email,
                "You are invited to SkyPortal",
                $"{viewer.Username} invites you to SkyPortal.\n\nFollow this link to join; it works once, for three days:\n\n{linkFor(secret)}\n",
                ct);
        }
        catch (SmtpException error)
        {
            throw new Refusal(RefusalKind.Invalid, "The invitation was not sent: the mail server did not take the message.", error);
        }

        await transaction.CommitAsync(ct);
        return row.Id;
    }
}

/// <summary>Changes an invitation that was not used yet.</summary>
public sealed class UpdateInvitation(Contexts contexts)
{
    /// <summary>Null leaves a value. Refuses anybody but who sent it. New groups come with the default flags.</summary>
    public async Task HandleAsync(
        Viewer viewer, int invitationId, int[]? groupIds, int[]? streamIds, string? roleId, Change<DateTime?> userExpirationDate, CancellationToken ct)
    {
        if (groupIds is null && streamIds is null && roleId is null && !userExpirationDate.IsSet)
        {
            throw Refusal.Invalid("At least one of groupIDs, streamIDs, role and userExpirationDate is required.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        var row = await InvitationRules.ReadAsync(db, viewer, invitationId, "update", ct);
        if (roleId is not null)
        {
            InvitationRules.CheckRole(roleId);
            row.RoleId = roleId;
        }

        if (groupIds is not null || streamIds is not null)
        {
            var groups = groupIds ?? row.GroupIds;
            var streams = await InvitationRules.CheckTargetsAsync(db, viewer, groups, streamIds ?? (groupIds is null ? row.StreamIds : null), ct);
            bool Flag(bool[] flags, int groupId, bool fallback) =>
                Array.IndexOf(row.GroupIds, groupId) is var index && index >= 0 && index < flags.Length ? flags[index] : fallback;
            (row.AdminForGroups, row.CanSaveToGroups, row.CanSharePhotometryForGroups, row.GroupIds, row.StreamIds) = (
                [.. groups.Select(group => Flag(row.AdminForGroups, group, false))],
                [.. groups.Select(group => Flag(row.CanSaveToGroups, group, true))],
                [.. groups.Select(group => Flag(row.CanSharePhotometryForGroups, group, false))],
                groups,
                streams);
        }

        row.UserExpirationDate = userExpirationDate.IsSet ? userExpirationDate.Value : row.UserExpirationDate;
        db.Record(AccessEvents.InvitationUpdated, AccessEvents.Subject(row.Id), row.GroupIds, new { row.RoleId });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Takes an invitation back.</summary>
public sealed class DeleteInvitation(Contexts contexts)
{
    /// <summary>Refuses anybody but who sent it.</summary>
    public async Task HandleAsync(Viewer viewer, int invitationId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        var row = await InvitationRules.ReadAsync(db, viewer, invitationId, "delete", ct);
        db.Remove(row);
        db.Record(AccessEvents.InvitationDeleted, AccessEvents.Subject(row.Id), row.GroupIds);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Whom somebody is, who joins by an invitation or a sign-in provider.</summary>
public sealed record NewIdentity(string Username)
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Email { get; init; }
    public string? OauthUid { get; init; }
    public string? PasswordHash { get; init; }
}

/// <summary>Uses an invitation up: makes its user, with its role, groups and streams.</summary>
public sealed class AcceptInvitation(Contexts contexts)
{
    /// <summary>Returns the user's id. Refuses unknown, used and old invitations; of two that come at once, one. A taken name gets a number.</summary>
    public async Task<int> HandleAsync(string secret, NewIdentity identity, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var (hash, oldest) = (Secrets.Hash(secret), db.UtcNow - InvitationSettings.Lifetime);
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(row => row.SecretHash == hash && !row.Used && row.CreatedAt > oldest, ct)
            ?? throw Refusal.Invalid("The invitation is unknown, used or too old.");
        invitation.Used = true;
        var userId = await CreateUser.InsertAsync(
            db,
            new NewUser(await Usernames.FreeAsync(db, identity.Username, ct))
            {
                FirstName = identity.FirstName,
                LastName = identity.LastName,
                ContactEmail = identity.Email ?? invitation.UserEmail,
                OauthUid = identity.OauthUid,
                PasswordHash = identity.PasswordHash,
                Roles = [invitation.RoleId],
                Groups = [.. invitation.GroupIds.Zip(invitation.AdminForGroups)],
                ExpirationDate = invitation.UserExpirationDate,
            },
            ct);
        foreach (var member in await db.Set<GroupUser>().Where(member => member.UserId == userId && invitation.GroupIds.Contains(member.GroupId)).ToListAsync(ct))
        {
            var index = Array.IndexOf(invitation.GroupIds, member.GroupId);
            member.CanSave = invitation.CanSaveToGroups[index];
            member.CanSharePhotometry = invitation.CanSharePhotometryForGroups[index];
        }

        var held = await db.Set<StreamUser>().Where(right => right.UserId == userId).Select(right => right.StreamId).ToListAsync(ct);
        db.AddRange(invitation.StreamIds.Except(held).Select(stream => new StreamUser { StreamId = stream, UserId = userId }));
        db.Record(AccessEvents.InvitationUsed, AccessEvents.Subject(userId), invitation.GroupIds, new { invitation.Id });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return userId;
    }
}

/// <summary>An invitation as on the wire; its secret is known to the invited alone, so that the token is null.</summary>
public sealed record InvitationRow(
    int Id, string? Token, string RoleId, bool[] AdminForGroups, bool[] CanSaveToGroups, bool[] CanSharePhotometryForGroups, string UserEmail, bool Used,
    DateTime? UserExpirationDate, DateTime CreatedAt, DateTime Modified, IReadOnlyList<StreamRow> Streams, IReadOnlyList<GroupRow> Groups, UserRow InvitedBy);

/// <summary>A page of invitations and the number of all that match.</summary>
public sealed record InvitationPage(IReadOnlyList<InvitationRow> Invitations, [property: JsonPropertyName("totalMatches")] int TotalMatches);

/// <summary>Lists the invitations that the viewer sent; all for a system administrator.</summary>
public sealed class SearchInvitations(Contexts contexts)
{
    /// <summary>One page, by age; texts match as parts of e-mail address and inviter's name, and as whole names of group and stream.</summary>
    public async Task<InvitationPage> HandleAsync(
        Viewer viewer, bool includeUsed, string? email, string? group, string? stream, string? invitedBy, int pageNumber, int numPerPage, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var matching = db.Set<Invitation>().AsNoTracking().Where(row =>
            (includeUsed || !row.Used)
            && (email == null || row.UserEmail.Contains(email))
            && (group == null || db.Set<Group>().Any(item => item.Name == group && row.GroupIds.Contains(item.Id)))
            && (stream == null || db.Set<AlertStream>().Any(item => item.Name == stream && row.StreamIds.Contains(item.Id)))
            && (invitedBy == null || db.Set<User>().Any(user => user.Id == row.InvitedById && user.Username.Contains(invitedBy))));
        var total = await matching.CountAsync(ct);
        var rows = await matching.OrderBy(row => row.Id).Skip((pageNumber - 1) * numPerPage).Take(numPerPage).ToListAsync(ct);
        var (groupIds, streamIds, userIds) = (
            rows.SelectMany(row => row.GroupIds).Distinct().ToArray(), rows.SelectMany(row => row.StreamIds).Distinct().ToArray(), rows.Select(row => row.InvitedById).ToArray());
        var groups = await db.Set<Group>().AsNoTracking().Where(item => groupIds.Contains(item.Id)).ToDictionaryAsync(item => item.Id, ct);
        var streams = await db.Set<AlertStream>().AsNoTracking().Where(item => streamIds.Contains(item.Id)).ToDictionaryAsync(item => item.Id, ct);
        var users = await db.Set<User>().AsNoTracking().Where(user => userIds.Contains(user.Id)).ToDictionaryAsync(user => user.Id, ct);
        return new InvitationPage(
            [.. rows.Select(row => new InvitationRow(
                row.Id, null, row.RoleId, row.AdminForGroups, row.CanSaveToGroups, row.CanSharePhotometryForGroups, row.UserEmail, row.Used, row.UserExpirationDate,
                row.CreatedAt, row.Modified,
                [.. row.StreamIds.Where(streams.ContainsKey).Select(id => new StreamRow(streams[id]))],
                [.. row.GroupIds.Where(groups.ContainsKey).Select(id => new GroupRow(groups[id]))],
                new UserRow(users[row.InvitedById])))],
            total);
    }
}

/// <summary>Rules that the verbs over invitations share.</summary>
internal static class InvitationRules
{
    /// <summary>Refuses roles that an invitation may not give.</summary>
    public static void CheckRole(string roleId)
    {
        if (roleId is not (Role.FullUser or Role.ViewOnly))
        {
            throw Refusal.Invalid($"Invalid role: it is one of {Role.FullUser}, {Role.ViewOnly}.");
        }
    }

    /// <summary>The streams to give; refuses groups that the viewer does not administer, streams that he lacks, and groups that need more streams.</summary>
    public static async Task<int[]> CheckTargetsAsync(SkyPortalContext db, Viewer viewer, int[] groupIds, int[]? streamIds, CancellationToken ct)
    {
        var known = await db.Set<Group>().Where(group => groupIds.Contains(group.Id) && !group.SingleUserGroup).Select(group => group.Id).ToListAsync(ct);
        if (groupIds.Where(id => !known.Contains(id) || !viewer.Administers(id)).ToList() is { Count: > 0 } badGroups)
        {
            throw Refusal.Invalid("The following groupIDs are not accessible: " + string.Join(", ", badGroups));
        }

        var needed = await db.Set<GroupStream>().Where(use => groupIds.Contains(use.GroupId)).Select(use => use.StreamId).Distinct().ToArrayAsync(ct);
        if (streamIds is null)
        {
            return needed;
        }

        var there = await db.Set<AlertStream>().Where(stream => streamIds.Contains(stream.Id)).Select(stream => stream.Id).ToListAsync(ct);
        if (streamIds.Where(id => !there.Contains(id) || !(viewer.SeesAll || viewer.StreamIds.Contains(id))).ToList() is { Count: > 0 } badStreams)
        {
            throw Refusal.Invalid("The following streamIDs are not accessible: " + string.Join(", ", badStreams));
        }

        return needed.Except(streamIds).Any()
            ? throw Refusal.Invalid("The groups need streams that streamIDs leaves out: " + string.Join(", ", needed.Except(streamIds)))
            : [.. streamIds.Distinct()];
    }

    /// <summary>The invitation, to be changed by who sent it.</summary>
    public static async Task<Invitation> ReadAsync(SkyPortalContext db, Viewer viewer, int invitationId, string what, CancellationToken ct)
    {
        var row = await db.Set<Invitation>().SingleOrDefaultAsync(item => item.Id == invitationId, ct);
        return row is not null && (viewer.SeesAll || row.InvitedById == viewer.UserId)
            ? row
            : throw Refusal.Invalid($"Insufficient permissions: Only the invitor may {what} an invitation.");
    }
}
