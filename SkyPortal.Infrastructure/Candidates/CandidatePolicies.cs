using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

internal sealed class FilterPolicy : AccessPolicy<Filter>
{
    protected override IReadOnlyList<Clause<Filter>> Read(SkyPortalContext db) =>
    [
        new(
            "you are a member of its group and have its stream",
            filter => db.Viewer.GroupIds.Contains(filter.GroupId) && db.Viewer.StreamIds.Contains(filter.StreamId)),
    ];

    protected override IReadOnlyList<Clause<Filter>> Create(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<Filter>> Update(SkyPortalContext db) =>
    [
        new("you are an administrator of its group", filter => db.Viewer.AdminGroupIds.Contains(filter.GroupId)),
        new("you manage groups", filter => db.Viewer.Acls.Contains(Acl.ManageGroups)),
    ];

    protected override IReadOnlyList<Clause<Filter>> Delete(SkyPortalContext db) => Read(db);
}

/// <summary>Nobody changes a version; it goes with its filter.</summary>
internal sealed class FilterVersionPolicy : AccessPolicy<FilterVersion>
{
    protected override IReadOnlyList<Clause<FilterVersion>> Read(SkyPortalContext db) =>
        [new("you may see its filter", version => db.Set<Filter>().Any(filter => filter.Id == version.FilterId))];

    protected override IReadOnlyList<Clause<FilterVersion>> Create(SkyPortalContext db) => Read(db);
}

internal sealed class CandidatePolicy : AccessPolicy<Candidate>
{
    protected override IReadOnlyList<Clause<Candidate>> Read(SkyPortalContext db) =>
    [
        new(
            "you may see the filter that it passed, and the object",
            candidate => db.Set<Filter>().Any(filter => filter.Id == candidate.FilterId) && db.Set<Obj>().Any(obj => obj.Id == candidate.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Candidate>> Create(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<Candidate>> Update(SkyPortalContext db) => Read(db);
}

internal sealed class CandidateViewPolicy : AccessPolicy<CandidateView>
{
    protected override IReadOnlyList<Clause<CandidateView>> Read(SkyPortalContext db) =>
    [
        new("you looked", view => view.UserId == db.Viewer.UserId),
        new(
            "a member of one of your groups looked at an object that you may see",
            view => db.Set<Obj>().Any(obj => obj.Id == view.ObjId)
                && db.Set<GroupUser>().Any(member => member.UserId == view.UserId && db.Viewer.GroupIds.Contains(member.GroupId)
                    && db.Set<Group>().Any(group => group.Id == member.GroupId && !group.Sitewide))),
    ];

    protected override IReadOnlyList<Clause<CandidateView>> Create(SkyPortalContext db) =>
        [new("you looked", view => view.UserId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == view.ObjId))];

    protected override IReadOnlyList<Clause<CandidateView>> Update(SkyPortalContext db) => Create(db);
}
