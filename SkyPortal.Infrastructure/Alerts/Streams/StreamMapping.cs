using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

internal sealed class StreamSubscriptionMapping : IEntityTypeConfiguration<StreamSubscription>
{
    public void Configure(EntityTypeBuilder<StreamSubscription> entity)
    {
        entity.ToTable("stream_subscriptions");
        entity.HasIndex(row => row.Name).IsUnique();
        entity.HasOne<AlertStream>().WithMany().HasForeignKey(row => row.StreamId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Broker>().WithMany().HasForeignKey(row => row.BrokerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class StreamMemberMapping : IEntityTypeConfiguration<StreamMember>
{
    public void Configure(EntityTypeBuilder<StreamMember> entity)
    {
        entity.ToTable("stream_members");
        entity.HasIndex(row => new { row.SubscriptionId, row.Node }).IsUnique();
        entity.HasOne<StreamSubscription>().WithMany().HasForeignKey(row => row.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class StreamPartitionMapping : IEntityTypeConfiguration<StreamPartition>
{
    public void Configure(EntityTypeBuilder<StreamPartition> entity)
    {
        entity.ToTable("stream_partitions");
        entity.HasIndex(row => new { row.SubscriptionId, row.Topic, row.Partition }).IsUnique();
        entity.HasOne<StreamSubscription>().WithMany().HasForeignKey(row => row.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SetAsidePacketMapping : IEntityTypeConfiguration<SetAsidePacket>
{
    public void Configure(EntityTypeBuilder<SetAsidePacket> entity)
    {
        entity.ToTable("set_aside_packets");
        entity.HasIndex(row => new { row.SubscriptionId, row.Topic, row.Partition, row.Offset }).IsUnique();
        entity.HasIndex(row => new { row.BrokerId, row.Topic, row.Partition, row.Offset }).IsUnique();
        entity.HasIndex(row => new { row.State, row.Id });
        entity.HasOne<Broker>().WithMany().HasForeignKey(row => row.BrokerId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<StreamSubscription>().WithMany().HasForeignKey(row => row.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.ClosedById).OnDelete(DeleteBehavior.SetNull);
    }
}

// How the site gets its alerts is the business of its system administrators: nobody else reads any of it.
internal sealed class StreamSubscriptionPolicy : AccessPolicy<StreamSubscription>;

internal sealed class StreamMemberPolicy : AccessPolicy<StreamMember>;

internal sealed class StreamPartitionPolicy : AccessPolicy<StreamPartition>;

internal sealed class SetAsidePacketPolicy : AccessPolicy<SetAsidePacket>;
