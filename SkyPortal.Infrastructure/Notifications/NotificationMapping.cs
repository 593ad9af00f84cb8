using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Notifications;

internal sealed class SourceNotificationMapping : IEntityTypeConfiguration<SourceNotification>
{
    public void Configure(EntityTypeBuilder<SourceNotification> entity)
    {
        entity.ToTable("sourcenotifications");
        entity.HasIndex(notification => notification.SourceId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(notification => notification.SourceId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(notification => notification.SentById).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class UserNotificationMapping : IEntityTypeConfiguration<UserNotification>
{
    public void Configure(EntityTypeBuilder<UserNotification> entity)
    {
        entity.ToTable("usernotifications");
        entity.HasIndex(notification => new { notification.UserId, notification.Id });
        entity.HasOne<User>().WithMany().HasForeignKey(notification => notification.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class OutgoingMailMapping : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> entity)
    {
        entity.ToTable("outgoing_mails");
        entity.HasIndex(mail => mail.NextAttempt).HasFilter("sent_at is null");
        entity.HasOne<User>().WithMany().HasForeignKey(mail => mail.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SourceNotificationPolicy : AccessPolicy<SourceNotification>
{
    protected override IReadOnlyList<Clause<SourceNotification>> Read(SkyPortalContext db) =>
    [
        new("you may see the object and it went to one of your groups", notification =>
            notification.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == notification.SourceId)),
        new("you sent it", notification => notification.SentById == db.Viewer.UserId),
    ];

    protected override IReadOnlyList<Clause<SourceNotification>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the object",
            notification => notification.SentById == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == notification.SourceId)),
    ];
}

/// <summary>Only the platform tells people; each reads, marks and removes their own.</summary>
internal sealed class UserNotificationPolicy : AccessPolicy<UserNotification>
{
    protected override IReadOnlyList<Clause<UserNotification>> Read(SkyPortalContext db) => [Own(db)];

    protected override IReadOnlyList<Clause<UserNotification>> Update(SkyPortalContext db) => [Own(db)];

    private static Clause<UserNotification> Own(SkyPortalContext db) => new("it is yours", notification => notification.UserId == db.Viewer.UserId);
}

/// <summary>Messages are the platform's own; nobody reads what is sent to others.</summary>
internal sealed class OutgoingMailPolicy : AccessPolicy<OutgoingMail>;
