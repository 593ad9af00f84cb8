using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates.Trials;

internal sealed class FilterTestMapping : IEntityTypeConfiguration<FilterTest>
{
    public void Configure(EntityTypeBuilder<FilterTest> entity)
    {
        entity.ToTable("filter_tests");
        entity.HasIndex(test => new { test.FilterId, test.RequesterId, test.Id });
        entity.HasIndex(test => test.Id).HasDatabaseName("IxFilterTestsWaiting").HasFilter("state in ('queued', 'running')");
        entity.HasOne<Filter>().WithMany().HasForeignKey(test => test.FilterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(test => test.RequesterId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>A test tells of alerts that its asker may read, so nobody else reads it.</summary>
internal sealed class FilterTestPolicy : AccessPolicy<FilterTest>
{
    protected override IReadOnlyList<Clause<FilterTest>> Read(SkyPortalContext db) =>
        [new("you asked for it and may see its filter", test => test.RequesterId == db.Viewer.UserId && db.Set<Filter>().Any(filter => filter.Id == test.FilterId))];

    protected override IReadOnlyList<Clause<FilterTest>> Create(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<FilterTest>> Update(SkyPortalContext db) => Read(db);
}
