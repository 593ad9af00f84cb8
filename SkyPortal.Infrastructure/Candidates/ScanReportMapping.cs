using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

internal sealed class ScanReportMapping : IEntityTypeConfiguration<ScanReport>
{
    public void Configure(EntityTypeBuilder<ScanReport> entity)
    {
        entity.ToTable("scan_reports");
        entity.HasIndex(report => report.CreatedAt);
        entity.HasOne<User>().WithMany().HasForeignKey(report => report.AuthorId).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class ScanReportItemMapping : IEntityTypeConfiguration<ScanReportItem>
{
    public void Configure(EntityTypeBuilder<ScanReportItem> entity)
    {
        entity.ToTable("scan_report_items");
        entity.HasIndex(item => new { item.ScanReportId, item.ObjId }).IsUnique();
        entity.HasIndex(item => item.ObjId);
        entity.HasOne<ScanReport>().WithMany().HasForeignKey(item => item.ScanReportId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Obj>().WithMany().HasForeignKey(item => item.ObjId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ScanReportPolicy : AccessPolicy<ScanReport>
{
    protected override IReadOnlyList<Clause<ScanReport>> Read(SkyPortalContext db) =>
        [new("it is shared with one of your groups", report => report.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)))];

    protected override IReadOnlyList<Clause<ScanReport>> Create(SkyPortalContext db) =>
        [new("it is yours, for groups of yours", report => report.AuthorId == db.Viewer.UserId && report.GroupIds.All(id => db.Viewer.GroupIds.Contains(id)))];

    protected override IReadOnlyList<Clause<ScanReport>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class ScanReportItemPolicy : AccessPolicy<ScanReportItem>
{
    protected override IReadOnlyList<Clause<ScanReportItem>> Read(SkyPortalContext db) =>
    [
        new(
            "you may see its report and its object",
            item => db.Set<ScanReport>().Any(report => report.Id == item.ScanReportId) && db.Set<Obj>().Any(obj => obj.Id == item.ObjId)),
    ];

    protected override IReadOnlyList<Clause<ScanReportItem>> Create(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<ScanReportItem>> Update(SkyPortalContext db) => Read(db);
}
