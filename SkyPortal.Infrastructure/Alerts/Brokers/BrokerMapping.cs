using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

internal sealed class BrokerMapping : IEntityTypeConfiguration<Broker>
{
    public void Configure(EntityTypeBuilder<Broker> entity)
    {
        entity.ToTable("brokers");
        entity.HasIndex(broker => broker.Name).IsUnique();
        entity.HasIndex(broker => broker.DefaultAlertSearch).IsUnique().HasFilter("default_alert_search");
        entity.HasIndex(broker => broker.DefaultCrossmatch).IsUnique().HasFilter("default_crossmatch");
    }
}

/// <summary>Everyone who is signed in knows the brokers; only administrators change them. What is sealed is never projected for others.</summary>
internal sealed class BrokerPolicy : AccessPolicy<Broker>
{
    protected override IReadOnlyList<Clause<Broker>> Read(SkyPortalContext db) => [Everyone(db)];
}
