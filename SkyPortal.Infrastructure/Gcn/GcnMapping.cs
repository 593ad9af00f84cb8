using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Gcn;

internal sealed class GcnEventMapping : IEntityTypeConfiguration<GcnEvent>
{
    public void Configure(EntityTypeBuilder<GcnEvent> entity)
    {
        entity.ToTable("gcnevents");
        entity.HasIndex(row => row.Dateobs).IsUnique();
        entity.HasIndex(row => row.TriggerId).IsUnique();
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.SentById).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LocalizationMapping : IEntityTypeConfiguration<Localization>
{
    public void Configure(EntityTypeBuilder<Localization> entity)
    {
        entity.ToTable("localizations");
        entity.HasIndex(row => new { row.EventId, row.Name }).IsUnique();
        entity.HasOne<GcnEvent>().WithMany().HasForeignKey(row => row.EventId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.SentById).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GcnEventPolicy : AccessPolicy<GcnEvent>
{
    protected override IReadOnlyList<Clause<GcnEvent>> Read(SkyPortalContext db) =>
        [new("it is shared with one of your groups", row => row.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)))];

    protected override IReadOnlyList<Clause<GcnEvent>> Create(SkyPortalContext db) => [new("you posted it", row => row.SentById == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<GcnEvent>> Update(SkyPortalContext db) =>
    [
        new("you posted it", row => row.SentById == db.Viewer.UserId),
        new("you manage events", row => db.Viewer.Acls.Contains(Acl.ManageGcns) && row.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))),
    ];

    // Administrators alone, who pass.
    protected override IReadOnlyList<Clause<GcnEvent>> Delete(SkyPortalContext db) => [];
}

internal sealed class LocalizationPolicy : AccessPolicy<Localization>
{
    protected override IReadOnlyList<Clause<Localization>> Read(SkyPortalContext db) =>
        [new("you may see its event", row => db.Set<GcnEvent>().Any(known => known.Id == row.EventId))];

    protected override IReadOnlyList<Clause<Localization>> Create(SkyPortalContext db) =>
        [new("you posted it", row => row.SentById == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<Localization>> Update(SkyPortalContext db) =>
        [new("you posted it", row => row.SentById == db.Viewer.UserId && db.Set<GcnEvent>().Any(known => known.Id == row.EventId))];
}
