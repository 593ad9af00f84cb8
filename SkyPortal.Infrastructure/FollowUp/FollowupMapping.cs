using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

internal sealed class FollowupRequestMapping : IEntityTypeConfiguration<FollowupRequest>
{
    public void Configure(EntityTypeBuilder<FollowupRequest> entity)
    {
        entity.ToTable("followup_requests");
        entity.HasIndex(request => request.ObjId);
        entity.HasIndex(request => new { request.AllocationId, request.CreatedAt });
        entity.HasIndex(request => request.NextAttemptAt).HasFilter("work is not null");
        entity.HasOne<Obj>().WithMany().HasForeignKey(request => request.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Allocation>().WithMany().HasForeignKey(request => request.AllocationId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(request => request.RequesterId).OnDelete(DeleteBehavior.SetNull);
        entity.HasOne<User>().WithMany().HasForeignKey(request => request.LastModifiedById).OnDelete(DeleteBehavior.SetNull);
        entity.HasOne<Filter>().WithMany().HasForeignKey(request => request.FilterId).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class FollowupWatcherMapping : IEntityTypeConfiguration<FollowupWatcher>
{
    public void Configure(EntityTypeBuilder<FollowupWatcher> entity)
    {
        entity.ToTable("followup_request_users");
        entity.HasIndex(row => new { row.FollowupRequestId, row.UserId }).IsUnique();
        entity.HasOne<FollowupRequest>().WithMany().HasForeignKey(row => row.FollowupRequestId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class FacilityTransactionMapping : IEntityTypeConfiguration<FacilityTransaction>
{
    public void Configure(EntityTypeBuilder<FacilityTransaction> entity)
    {
        entity.ToTable("facility_transactions");
        entity.HasIndex(row => row.FollowupRequestId);
        entity.HasOne<FollowupRequest>().WithMany().HasForeignKey(row => row.FollowupRequestId).OnDelete(DeleteBehavior.SetNull);
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.InitiatorId).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class FilterFollowupMapping : IEntityTypeConfiguration<FilterFollowup>
{
    public void Configure(EntityTypeBuilder<FilterFollowup> entity)
    {
        entity.ToTable("filter_followups");
        entity.HasIndex(row => row.FilterId).IsUnique();
        entity.HasOne<Filter>().WithMany().HasForeignKey(row => row.FilterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Allocation>().WithMany().HasForeignKey(row => row.AllocationId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.SetById).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class AutoFollowupMapping : IEntityTypeConfiguration<AutoFollowup>
{
    public void Configure(EntityTypeBuilder<AutoFollowup> entity)
    {
        entity.ToTable("auto_followups");
        // However often an object passes, and on whichever node, there is one request.
        entity.HasIndex(row => new { row.ObjId, row.AllocationId }).IsUnique();
        entity.HasIndex(row => new { row.FilterId, row.State });
        entity.HasIndex(row => row.Id).HasFilter("state = 'waiting'").HasDatabaseName("ix_auto_followups_waiting");
        entity.HasOne<Filter>().WithMany().HasForeignKey(row => row.FilterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Obj>().WithMany().HasForeignKey(row => row.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Allocation>().WithMany().HasForeignKey(row => row.AllocationId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<FollowupRequest>().WithMany().HasForeignKey(row => row.FollowupRequestId).OnDelete(DeleteBehavior.SetNull);
    }
}

/// <summary>Who may see the object and the allocation may see the request, and act on it.</summary>
internal sealed class FollowupRequestPolicy : AccessPolicy<FollowupRequest>
{
    protected override IReadOnlyList<Clause<FollowupRequest>> Read(SkyPortalContext db) =>
    [
        new(
            "you may see the object and the allocation",
            request => db.Set<Obj>().Any(obj => obj.Id == request.ObjId) && db.Set<Allocation>().Any(allocation => allocation.Id == request.AllocationId)),
    ];

    protected override IReadOnlyList<Clause<FollowupRequest>> Create(SkyPortalContext db) =>
    [
        new(
            "you may upload data, and see the object and the allocation",
            request => db.Viewer.Acls.Contains(Acl.UploadData) && db.Set<Obj>().Any(obj => obj.Id == request.ObjId)
                && db.Set<Allocation>().Any(allocation => allocation.Id == request.AllocationId)),
    ];

    protected override IReadOnlyList<Clause<FollowupRequest>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class FollowupWatcherPolicy : AccessPolicy<FollowupWatcher>
{
    protected override IReadOnlyList<Clause<FollowupWatcher>> Read(SkyPortalContext db) =>
        [new("you may see the request", row => db.Set<FollowupRequest>().Any(request => request.Id == row.FollowupRequestId))];

    protected override IReadOnlyList<Clause<FollowupWatcher>> Create(SkyPortalContext db) =>
    [
        new("it is you who watches a request that you may see", row => row.UserId == db.Viewer.UserId && db.Set<FollowupRequest>().Any(request => request.Id == row.FollowupRequestId)),
    ];

    protected override IReadOnlyList<Clause<FollowupWatcher>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class FacilityTransactionPolicy : AccessPolicy<FacilityTransaction>
{
    protected override IReadOnlyList<Clause<FacilityTransaction>> Read(SkyPortalContext db) =>
        [new("you may see the request", row => row.FollowupRequestId != null && db.Set<FollowupRequest>().Any(request => request.Id == row.FollowupRequestId))];
}

/// <summary>Whose filter and allocation one may see, one sees what is asked for; administrators of the filter's group set it.</summary>
internal sealed class FilterFollowupPolicy : AccessPolicy<FilterFollowup>
{
    protected override IReadOnlyList<Clause<FilterFollowup>> Read(SkyPortalContext db) =>
    [
        new(
            "you may see its filter and its allocation",
            row => db.Set<Filter>().Any(filter => filter.Id == row.FilterId) && db.Set<Allocation>().Any(allocation => allocation.Id == row.AllocationId)),
    ];

    protected override IReadOnlyList<Clause<FilterFollowup>> Create(SkyPortalContext db) =>
    [
        new(
            "you are an administrator of its filter's group and may see its allocation",
            row => db.Set<Filter>().Any(filter => filter.Id == row.FilterId && db.Viewer.AdminGroupIds.Contains(filter.GroupId))
                && db.Set<Allocation>().Any(allocation => allocation.Id == row.AllocationId)),
        new(
            "you manage groups and may see its filter and its allocation",
            row => db.Viewer.Acls.Contains(Acl.ManageGroups) && db.Set<Filter>().Any(filter => filter.Id == row.FilterId)
                && db.Set<Allocation>().Any(allocation => allocation.Id == row.AllocationId)),
    ];

    protected override IReadOnlyList<Clause<FilterFollowup>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class AutoFollowupPolicy : AccessPolicy<AutoFollowup>
{
    protected override IReadOnlyList<Clause<AutoFollowup>> Read(SkyPortalContext db) =>
    [
        new(
            "you may see its filter, its object and its allocation",
            row => db.Set<Filter>().Any(filter => filter.Id == row.FilterId) && db.Set<Obj>().Any(obj => obj.Id == row.ObjId)
                && db.Set<Allocation>().Any(allocation => allocation.Id == row.AllocationId)),
    ];
}
