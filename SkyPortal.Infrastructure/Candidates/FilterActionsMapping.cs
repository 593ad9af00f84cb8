using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

internal sealed class FilterActionsMapping : IEntityTypeConfiguration<FilterActions>
{
    public void Configure(EntityTypeBuilder<FilterActions> entity)
    {
        entity.ToTable("filter_actions");
        entity.HasIndex(actions => actions.FilterId).IsUnique();
        entity.HasOne<Filter>().WithMany().HasForeignKey(actions => actions.FilterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(actions => actions.SaverId).OnDelete(DeleteBehavior.SetNull);
        entity.HasOne<User>().WithMany().HasForeignKey(actions => actions.SetById).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class PassingNoticeMapping : IEntityTypeConfiguration<PassingNotice>
{
    public void Configure(EntityTypeBuilder<PassingNotice> entity)
    {
        entity.ToTable("passing_notices");
        entity.HasIndex(notice => new { notice.FilterId, notice.Id });
        entity.HasOne<Filter>().WithMany().HasForeignKey(notice => notice.FilterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Obj>().WithMany().HasForeignKey(notice => notice.ObjId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Whose filter one may see, one sees what follows from it; groups that one may not know of are left out when it is read.</summary>
internal sealed class FilterActionsPolicy : AccessPolicy<FilterActions>
{
    protected override IReadOnlyList<Clause<FilterActions>> Read(SkyPortalContext db) =>
        [new("you may see its filter", actions => db.Set<Filter>().Any(filter => filter.Id == actions.FilterId))];

    protected override IReadOnlyList<Clause<FilterActions>> Create(SkyPortalContext db) =>
    [
        new(
            "you are an administrator of its filter's group",
            actions => db.Set<Filter>().Any(filter => filter.Id == actions.FilterId && db.Viewer.AdminGroupIds.Contains(filter.GroupId))),
        new("you manage groups and may see its filter", actions => db.Viewer.Acls.Contains(Acl.ManageGroups) && db.Set<Filter>().Any(filter => filter.Id == actions.FilterId)),
    ];

    protected override IReadOnlyList<Clause<FilterActions>> Update(SkyPortalContext db) => Create(db);
}

/// <summary>The platform's own; nobody reads it.</summary>
internal sealed class PassingNoticePolicy : AccessPolicy<PassingNotice>;
