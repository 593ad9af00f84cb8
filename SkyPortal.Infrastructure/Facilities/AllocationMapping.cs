using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

internal sealed class AllocationMapping : IEntityTypeConfiguration<Allocation>
{
    public void Configure(EntityTypeBuilder<Allocation> entity)
    {
        entity.ToTable("allocations");
        entity.HasIndex(allocation => allocation.GroupId);
        entity.HasIndex(allocation => allocation.InstrumentId);
        entity.HasOne<Group>().WithMany().HasForeignKey(allocation => allocation.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Instrument>().WithMany().HasForeignKey(allocation => allocation.InstrumentId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AllocationUserMapping : IEntityTypeConfiguration<AllocationUser>
{
    public void Configure(EntityTypeBuilder<AllocationUser> entity)
    {
        entity.ToTable("allocation_users");
        entity.HasIndex(row => new { row.AllocationId, row.UserId }).IsUnique();
        entity.HasOne<Allocation>().WithMany().HasForeignKey(row => row.AllocationId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>What is sealed is never projected.</summary>
internal sealed class AllocationPolicy : AccessPolicy<Allocation>
{
    protected override IReadOnlyList<Clause<Allocation>> Read(SkyPortalContext db) =>
        [new("you are a member of its group", allocation => db.Viewer.GroupIds.Contains(allocation.GroupId))];

    protected override IReadOnlyList<Clause<Allocation>> Create(SkyPortalContext db) =>
    [
        new(
            "you are a member of its group and manage allocations",
            allocation => db.Viewer.GroupIds.Contains(allocation.GroupId) && db.Viewer.Acls.Contains(Acl.ManageAllocations)),
    ];

    protected override IReadOnlyList<Clause<Allocation>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class AllocationUserPolicy : AccessPolicy<AllocationUser>
{
    protected override IReadOnlyList<Clause<AllocationUser>> Read(SkyPortalContext db) =>
        [new("you may see the allocation", row => db.Set<Allocation>().Any(allocation => allocation.Id == row.AllocationId))];

    protected override IReadOnlyList<Clause<AllocationUser>> Create(SkyPortalContext db) =>
    [
        new(
            "you manage allocations and may see this one",
            row => db.Viewer.Acls.Contains(Acl.ManageAllocations) && db.Set<Allocation>().Any(allocation => allocation.Id == row.AllocationId)),
    ];

    protected override IReadOnlyList<Clause<AllocationUser>> Update(SkyPortalContext db) => Create(db);
}
