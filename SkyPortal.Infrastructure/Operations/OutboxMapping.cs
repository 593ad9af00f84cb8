using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Operations;

internal sealed class OutboxEventMapping : IEntityTypeConfiguration<OutboxEvent>
{
    public void Configure(EntityTypeBuilder<OutboxEvent> entity)
    {
        entity.ToTable("outbox_events");
        entity.HasIndex(item => new { item.Subject, item.Id });
    }
}

internal sealed class DataProtectionKeyMapping : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> entity) => entity.ToTable("data_protection_keys");
}

internal sealed class OutboxEventPolicy : AccessPolicy<OutboxEvent>
{
    protected override IReadOnlyList<Clause<OutboxEvent>> Read(SkyPortalContext db) =>
    [
        new("it concerns one of your groups", item => item.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))),
        new("you did it", item => item.ActorId != null && item.ActorId == db.Viewer.UserId),
    ];

    protected override IReadOnlyList<Clause<OutboxEvent>> Create(SkyPortalContext db) => [Everyone(db)];
}

internal sealed class DataProtectionKeyPolicy : AccessPolicy<DataProtectionKey>;
