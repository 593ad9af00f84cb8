using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>The table is partitioned by night; it and its partitions are made by SQL, not by the model.</summary>
internal sealed class AlertMapping : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> entity)
    {
        entity.ToTable("alerts", table => table.ExcludeFromMigrations());
        entity.HasKey(alert => new { alert.Night, alert.Survey, alert.AlertId });
    }
}

internal sealed class AlertPolicy : AccessPolicy<Alert>
{
    protected override IReadOnlyList<Clause<Alert>> Read(SkyPortalContext db) =>
        [new("you have one of its streams", alert => alert.StreamIds.Any(id => db.Viewer.StreamIds.Contains(id)))];
}
