using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

internal sealed class UserPolicy : AccessPolicy<User>
{
    protected override IReadOnlyList<Clause<User>> Read(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<User>> Create(SkyPortalContext db) =>
        [new("you manage users", user => db.Viewer.Acls.Contains(Acl.ManageUsers))];

    protected override IReadOnlyList<Clause<User>> Update(SkyPortalContext db) =>
        [new("it is you", user => user.Id == db.Viewer.UserId)];
}

internal sealed class ApiTokenPolicy : AccessPolicy<ApiToken>
{
    protected override IReadOnlyList<Clause<ApiToken>> Read(SkyPortalContext db) =>
        [new("it is your token", token => token.CreatedById == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<ApiToken>> Create(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<ApiToken>> Update(SkyPortalContext db) => Read(db);
}

internal sealed class SignInLinkPolicy : AccessPolicy<SignInLink>;

internal sealed class InvitationPolicy : AccessPolicy<Invitation>
{
    protected override IReadOnlyList<Clause<Invitation>> Read(SkyPortalContext db) =>
        [new("you sent it", invitation => invitation.InvitedById == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<Invitation>> Create(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<Invitation>> Update(SkyPortalContext db) => Read(db);
}

internal sealed class GroupPolicy : AccessPolicy<Group>
{
    protected override IReadOnlyList<Clause<Group>> Read(SkyPortalContext db) =>
    [
        new("groups that are not private are listed for everyone", group => db.Viewer.IsAuthenticated && !group.Private),
        new("you are a member", group => db.Viewer.GroupIds.Contains(group.Id)),
    ];

    protected override IReadOnlyList<Clause<Group>> Create(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<Group>> Update(SkyPortalContext db) =>
        [new("you are an administrator of the group", group => db.Viewer.AdminGroupIds.Contains(group.Id))];

    protected override IReadOnlyList<Clause<Group>> Delete(SkyPortalContext db) =>
    [
        new(
            "you are an administrator of the group",
            group => db.Viewer.AdminGroupIds.Contains(group.Id) && !group.Sitewide && !group.SingleUserGroup),
    ];
}

internal sealed class GroupUserPolicy : AccessPolicy<GroupUser>
{
    protected override IReadOnlyList<Clause<GroupUser>> Read(SkyPortalContext db) =>
        [new("the group is listed for you", member => db.Set<Group>().Any(group => group.Id == member.GroupId))];

    // That a new member has the group's streams is the concern of the verbs: nobody may read another person's streams.
    protected override IReadOnlyList<Clause<GroupUser>> Create(SkyPortalContext db) =>
    [
        new(
            "you are an administrator of the group",
            member => db.Viewer.AdminGroupIds.Contains(member.GroupId)
                && db.Set<Group>().Any(group => group.Id == member.GroupId && !group.SingleUserGroup)),
        new(
            "you founded the group",
            member => member.UserId == db.Viewer.UserId
                && !db.Set<GroupUser>().Any(other => other.GroupId == member.GroupId && other.Id != member.Id)),
        new(
            "the group accepts everyone",
            member => member.UserId == db.Viewer.UserId && !member.Admin
                && db.Set<Group>().Any(group => group.Id == member.GroupId && group.AutoAcceptRequests)),
    ];

    protected override IReadOnlyList<Clause<GroupUser>> Update(SkyPortalContext db) =>
        [new("you are an administrator of the group", member => db.Viewer.AdminGroupIds.Contains(member.GroupId))];

    protected override IReadOnlyList<Clause<GroupUser>> Delete(SkyPortalContext db) =>
    [
        new(
            "you are an administrator of the group, or leave it yourself",
            member => (db.Viewer.AdminGroupIds.Contains(member.GroupId) || member.UserId == db.Viewer.UserId)
                && db.Set<Group>().Any(group => group.Id == member.GroupId && !group.SingleUserGroup)),
    ];
}

internal sealed class AlertStreamPolicy : AccessPolicy<AlertStream>
{
    protected override IReadOnlyList<Clause<AlertStream>> Read(SkyPortalContext db) =>
    [
        new("you have the stream", stream => db.Viewer.StreamIds.Contains(stream.Id)),
        new("anybody may join the stream", stream => db.Viewer.IsAuthenticated && stream.AutoJoin),
    ];
}

internal sealed class StreamUserPolicy : AccessPolicy<StreamUser>
{
    protected override IReadOnlyList<Clause<StreamUser>> Read(SkyPortalContext db) =>
        [new("it is your right", member => member.UserId == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<StreamUser>> Create(SkyPortalContext db) =>
    [
        new(
            "anybody may join the stream",
            member => member.UserId == db.Viewer.UserId && db.Set<AlertStream>().Any(stream => stream.Id == member.StreamId && stream.AutoJoin)),
        new(
            "you may give people the streams that you have yourself",
            member => db.Viewer.Acls.Contains(Acl.ManageUsers) && db.Viewer.StreamIds.Contains(member.StreamId)),
    ];
}

internal sealed class GroupStreamPolicy : AccessPolicy<GroupStream>
{
    protected override IReadOnlyList<Clause<GroupStream>> Read(SkyPortalContext db) =>
        [new("the group is listed for you", use => db.Set<Group>().Any(group => group.Id == use.GroupId))];

    protected override IReadOnlyList<Clause<GroupStream>> Create(SkyPortalContext db) =>
    [
        new(
            "you are an administrator of the group and have the stream",
            use => db.Viewer.AdminGroupIds.Contains(use.GroupId) && db.Viewer.StreamIds.Contains(use.StreamId)),
    ];

    protected override IReadOnlyList<Clause<GroupStream>> Delete(SkyPortalContext db) =>
        [new("you are an administrator of the group", use => db.Viewer.AdminGroupIds.Contains(use.GroupId))];
}

internal sealed class GroupAdmissionRequestPolicy : AccessPolicy<GroupAdmissionRequest>
{
    protected override IReadOnlyList<Clause<GroupAdmissionRequest>> Read(SkyPortalContext db) =>
    [
        new("you made it", request => request.UserId == db.Viewer.UserId),
        new("you are an administrator of the group", request => db.Viewer.AdminGroupIds.Contains(request.GroupId)),
    ];

    protected override IReadOnlyList<Clause<GroupAdmissionRequest>> Create(SkyPortalContext db) =>
        [new("you made it", request => request.UserId == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<GroupAdmissionRequest>> Update(SkyPortalContext db) =>
        [new("you are an administrator of the group", request => db.Viewer.AdminGroupIds.Contains(request.GroupId))];

    protected override IReadOnlyList<Clause<GroupAdmissionRequest>> Delete(SkyPortalContext db) =>
        [new("you made it", request => request.UserId == db.Viewer.UserId)];
}
