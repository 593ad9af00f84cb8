using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>
/// Kinds of the events that change what somebody may see or do. All start with <see cref="Prefix"/>; whoever keeps a viewer in
/// memory reads it anew on any of them. The subject is the user's id where one user is concerned, else the group's or stream's.
/// </summary>
public static class AccessEvents
{
    public const string Prefix = "access.";
    public const string UserCreated = "access.user.created";
    public const string UserUpdated = "access.user.updated";
    public const string UserDeleted = "access.user.deleted";
    public const string UserRights = "access.user.rights.changed";
    public const string UserPassword = "access.user.password.changed";
    public const string SignInLinkMade = "access.user.link.made";
    public const string UserImpersonated = "access.user.impersonated";
    public const string TokenCreated = "access.token.created";
    public const string TokenUpdated = "access.token.updated";
    public const string TokenDeleted = "access.token.deleted";
    public const string GroupCreated = "access.group.created";
    public const string GroupUpdated = "access.group.updated";
    public const string GroupDeleted = "access.group.deleted";
    public const string MemberAdded = "access.group.member.added";
    public const string MemberUpdated = "access.group.member.updated";
    public const string MemberRemoved = "access.group.member.removed";
    public const string GroupStreamAdded = "access.group.stream.added";
    public const string GroupStreamRemoved = "access.group.stream.removed";
    public const string StreamCreated = "access.stream.created";
    public const string StreamUpdated = "access.stream.updated";
    public const string StreamDeleted = "access.stream.deleted";
    public const string StreamUserAdded = "access.stream.user.added";
    public const string StreamUserRemoved = "access.stream.user.removed";
    public const string RequestMade = "access.request.made";
    public const string RequestDecided = "access.request.decided";
    public const string RequestWithdrawn = "access.request.withdrawn";
    public const string InvitationSent = "access.invitation.sent";
    public const string InvitationUpdated = "access.invitation.updated";
    public const string InvitationDeleted = "access.invitation.deleted";
    public const string InvitationUsed = "access.invitation.used";

    /// <summary>An id as the subject of an event.</summary>
    internal static string Subject(int id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How the verbs of access write.</summary>
internal static class AccessChanges
{
    private const long LockKey = 5_201_314;

    /// <summary>
    /// Begins a transaction that is alone among those that change memberships, streams and tokens, so that a rule over several
    /// rows (all members have the group's streams) holds when two people act at once.
    /// </summary>
    public static async Task<IDbContextTransaction> BeginAccessChangeAsync(this SkyPortalContext db, CancellationToken ct)
    {
        var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct);
        return transaction;
    }

    /// <summary>The system, on behalf of a viewer whose rights were checked: events name the viewer as their actor.</summary>
    public static Viewer AsSystem(this Viewer viewer) => Viewer.System with { UserId = viewer.UserId, Username = viewer.Username };

    /// <summary>Refuses who may not upload data: groups, their members, streams and filters are changed by those who may.</summary>
    public static void RequireUploadData(this Viewer viewer)
    {
        if (!viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden($"Insufficient permissions: this needs \"{Acl.UploadData}\".");
        }
    }

    /// <summary>Whether the viewer administers a group.</summary>
    public static bool Administers(this Viewer viewer, int groupId) => viewer.SeesAll || viewer.AdminGroupIds.Contains(groupId);
}
