using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

internal sealed class WatchListMapping : IEntityTypeConfiguration<WatchList>
{
    public void Configure(EntityTypeBuilder<WatchList> entity)
    {
        entity.ToTable("watch_lists");
        entity.HasIndex(list => new { list.OwnerId, list.Name }).IsUnique();
        entity.HasOne<User>().WithMany().HasForeignKey(list => list.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class WatchEntryMapping : IEntityTypeConfiguration<WatchEntry>
{
    public void Configure(EntityTypeBuilder<WatchEntry> entity)
    {
        entity.ToTable("watch_entries");
        entity.HasIndex(entry => new { entry.WatchListId, entry.Id });
        entity.HasIndex(entry => new { entry.WatchListId, entry.Ra, entry.Dec, entry.RadiusArcsec, entry.Name }).IsUnique().AreNullsDistinct(false);
        entity.HasOne<WatchList>().WithMany().HasForeignKey(entry => entry.WatchListId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class WatchMatchMapping : IEntityTypeConfiguration<WatchMatch>
{
    public void Configure(EntityTypeBuilder<WatchMatch> entity)
    {
        entity.ToTable("watch_matches");
        entity.HasIndex(match => new { match.WatchEntryId, match.Survey, match.AlertId }).IsUnique();
        entity.HasIndex(match => new { match.ListingId, match.Survey, match.AlertId }).IsUnique();
        entity.HasIndex(match => new { match.WatchListId, match.Id });
        entity.HasIndex(match => match.ObjId);
        entity.HasIndex(match => match.Id).HasDatabaseName("IxWatchMatchesUntold").HasFilter("told_at is null");
        entity.HasOne<WatchList>().WithMany().HasForeignKey(match => match.WatchListId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<WatchEntry>().WithMany().HasForeignKey(match => match.WatchEntryId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Listing>().WithMany().HasForeignKey(match => match.ListingId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Obj>().WithMany().HasForeignKey(match => match.ObjId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class WatchListPolicy : AccessPolicy<WatchList>
{
    protected override IReadOnlyList<Clause<WatchList>> Read(SkyPortalContext db) =>
    [
        new("it is yours", list => list.OwnerId == db.Viewer.UserId),
        new("a group of yours sees it", list => list.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))),
    ];

    protected override IReadOnlyList<Clause<WatchList>> Create(SkyPortalContext db) => [new("it is yours", list => list.OwnerId == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<WatchList>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class WatchEntryPolicy : AccessPolicy<WatchEntry>
{
    protected override IReadOnlyList<Clause<WatchEntry>> Read(SkyPortalContext db) =>
        [new("you may see its list", entry => db.Set<WatchList>().Any(list => list.Id == entry.WatchListId))];

    protected override IReadOnlyList<Clause<WatchEntry>> Create(SkyPortalContext db) =>
        [new("its list is yours", entry => db.Set<WatchList>().Any(list => list.Id == entry.WatchListId && list.OwnerId == db.Viewer.UserId))];

    protected override IReadOnlyList<Clause<WatchEntry>> Update(SkyPortalContext db) => Create(db);
}

/// <summary>A match tells of an alert: one sees it who may see the list and has a stream of the alert. Only the platform writes it.</summary>
internal sealed class WatchMatchPolicy : AccessPolicy<WatchMatch>
{
    protected override IReadOnlyList<Clause<WatchMatch>> Read(SkyPortalContext db) =>
    [
        new(
            "you may see its list and have a stream of the alert",
            match => match.StreamIds.Any(id => db.Viewer.StreamIds.Contains(id)) && db.Set<WatchList>().Any(list => list.Id == match.WatchListId)),
        new(
            "you watch the object and have a stream of the alert",
            match => match.StreamIds.Any(id => db.Viewer.StreamIds.Contains(id))
                && db.Set<Listing>().Any(listing => listing.Id == match.ListingId && listing.UserId == db.Viewer.UserId)),
    ];
}
