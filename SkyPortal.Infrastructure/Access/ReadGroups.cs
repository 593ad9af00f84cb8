using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A group with the streams that the viewer may know of.</summary>
public sealed record GroupWithStreams : GroupRow
{
    internal GroupWithStreams(Group group, IReadOnlyList<StreamRow> streams)
        : base(group) => Streams = streams;

    public IReadOnlyList<StreamRow> Streams { get; }
}

/// <summary>A group with the names of its streams.</summary>
public sealed record GroupWithStreamNames : GroupRow
{
    internal GroupWithStreamNames(Group group, IReadOnlyList<StreamName> streams)
        : base(group) => Streams = streams;

    public IReadOnlyList<StreamName> Streams { get; }
}

/// <summary>One's groups, those one may work with, and all that are listed.</summary>
public sealed record GroupLists(
    IReadOnlyList<GroupWithStreams> UserGroups, IReadOnlyList<GroupWithStreams> UserAccessibleGroups, IReadOnlyList<GroupWithStreamNames> AllGroups);

/// <summary>A group with members, streams and filters.</summary>
public sealed record GroupDetail : GroupRow
{
    internal GroupDetail(
        Group group, IReadOnlyList<MemberRow>? users, IReadOnlyList<MembershipRow> memberships, IReadOnlyList<StreamRow> streams, IReadOnlyList<GroupFilterRow> filters)
        : base(group)
    {
        Users = users;
        GroupUsers = memberships;
        Streams = streams;
        Filters = filters;
    }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MemberRow>? Users { get; }

    public IReadOnlyList<MembershipRow> GroupUsers { get; }
    public IReadOnlyList<StreamRow> Streams { get; }
    public IReadOnlyList<GroupFilterRow> Filters { get; }
}

/// <summary>Lists groups, in three statements.</summary>
public sealed class ListGroups(Contexts contexts)
{
    /// <summary>The three lists, each sorted by name without regard to case.</summary>
    public async Task<GroupLists> HandleAsync(Viewer viewer, bool includeSingleUserGroups, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<Group>().AsNoTracking()
            .Where(group => includeSingleUserGroups || !group.SingleUserGroup || viewer.GroupIds.Contains(group.Id))
            .ToListAsync(ct);
        var groups = rows.OrderBy(group => group.Name, StringComparer.OrdinalIgnoreCase).ThenBy(group => group.Id).ToList();
        var streams = (await db.Set<GroupStream>()
            .Join(db.Set<AlertStream>(), use => use.StreamId, stream => stream.Id, (use, stream) => new { use.GroupId, stream })
            .AsNoTracking()
            .OrderBy(row => row.stream.Id)
            .ToListAsync(ct)).ToLookup(row => row.GroupId, row => new StreamRow(row.stream));
        GroupWithStreams Full(Group group) => new(group, [.. streams[group.Id]]);
        return new GroupLists(
            [.. groups.Where(group => viewer.GroupIds.Contains(group.Id)).Select(Full)],
            [.. groups.Where(group => !group.SingleUserGroup && (viewer.SeesAll || viewer.GroupIds.Contains(group.Id))).Select(Full)],
            [.. groups.Where(group => includeSingleUserGroups || !group.SingleUserGroup)
                .Select(group => new GroupWithStreamNames(group, [.. streams[group.Id].Select(stream => new StreamName(stream.Id, stream.Name))]))]);
    }

    /// <summary>The group of that name in a list, which is empty where there is none.</summary>
    public async Task<IReadOnlyList<GroupRow>> ByNameAsync(Viewer viewer, string name, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var groups = await db.Set<Group>().AsNoTracking().Where(group => group.Name == name).ToListAsync(ct);
        return [.. groups.Select(group => new GroupRow(group))];
    }
}

/// <summary>Reads one group, in five statements.</summary>
public sealed class GetGroup(Contexts contexts)
{
    /// <summary>Refuses a group that is not there for the viewer.</summary>
    public async Task<GroupDetail> HandleAsync(Viewer viewer, int groupId, bool includeUsers, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var group = await db.Set<Group>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == groupId, ct)
            ?? throw Refusal.Invalid($"Cannot find Group with id {groupId}");
        var members = await db.Set<GroupUser>().AsNoTracking()
            .Where(member => member.GroupId == groupId)
            .OrderBy(member => member.Id)
            .Join(db.Set<User>(), member => member.UserId, user => user.Id, (member, user) => new { member, user })
            .ToListAsync(ct);
        var streams = await db.Set<AlertStream>().AsNoTracking()
            .Where(stream => db.Set<GroupStream>().Any(use => use.StreamId == stream.Id && use.GroupId == groupId))
            .OrderBy(stream => stream.Id)
            .ToListAsync(ct);
        var filters = await db.Set<Filter>().AsNoTracking().Where(filter => filter.GroupId == groupId).OrderBy(filter => filter.Id).ToListAsync(ct);
        return new GroupDetail(
            group,
            includeUsers
                ? [.. members.Select(row => new MemberRow(
                    row.user.Id, row.user.Username, row.user.FirstName, row.user.LastName, row.user.ContactEmail, row.user.ContactPhone, row.user.OauthUid,
                    row.member.Admin, row.member.CanSave, row.member.CanSharePhotometry))]
                : null,
            [.. members.Select(row => new MembershipRow(
                row.member.Id, row.member.GroupId, row.member.UserId, row.member.Admin, row.member.CanSave, row.member.CanSharePhotometry,
                row.member.CreatedAt, row.member.Modified))],
            [.. streams.Select(stream => new StreamRow(stream))],
            [.. filters.Select(filter => new GroupFilterRow(filter))]);
    }

    /// <summary>The group that everybody joins.</summary>
    public async Task<GroupRow> SitewideAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var group = await db.Set<Group>().AsNoTracking().SingleOrDefaultAsync(row => row.Sitewide, ct);
        return group is null ? throw Refusal.Invalid("Public group does not exist.") : new GroupRow(group);
    }
}

/// <summary>Lists the streams that the viewer may know of.</summary>
public sealed class ListStreams(Contexts contexts)
{
    /// <summary>All, or the one with that id, by age.</summary>
    public async Task<IReadOnlyList<StreamRow>> HandleAsync(Viewer viewer, int? streamId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var streams = await db.Set<AlertStream>().AsNoTracking()
            .Where(stream => streamId == null || stream.Id == streamId)
            .OrderBy(stream => stream.Id)
            .ToListAsync(ct);
        return [.. streams.Select(stream => new StreamRow(stream))];
    }
}
