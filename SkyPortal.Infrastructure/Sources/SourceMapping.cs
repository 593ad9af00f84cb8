using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Infrastructure.Sources;

internal sealed class ObjMapping : IEntityTypeConfiguration<Obj>
{
    public void Configure(EntityTypeBuilder<Obj> entity)
    {
        entity.ToTable("objs");
        entity.HasIndex(obj => obj.Healpix);
        entity.HasIndex(obj => obj.TnsName);
        entity.HasIndex(obj => obj.InternalKey).IsUnique();
    }
}

internal sealed class SourceMapping : IEntityTypeConfiguration<Source>
{
    public void Configure(EntityTypeBuilder<Source> entity)
    {
        entity.ToTable("sources");
        entity.HasIndex(source => new { source.ObjId, source.GroupId }).IsUnique();
        entity.HasIndex(source => new { source.GroupId, source.SavedAt });
        entity.HasIndex(source => source.SavedAt);
        entity.HasOne<Obj>().WithMany().HasForeignKey(source => source.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Group>().WithMany().HasForeignKey(source => source.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(source => source.SavedById).OnDelete(DeleteBehavior.SetNull);
        entity.HasOne<User>().WithMany().HasForeignKey(source => source.UnsavedById).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class SourceLabelMapping : IEntityTypeConfiguration<SourceLabel>
{
    public void Configure(EntityTypeBuilder<SourceLabel> entity)
    {
        entity.ToTable("source_labels");
        entity.HasIndex(label => new { label.ObjId, label.GroupId, label.LabellerId }).IsUnique();
        entity.HasOne<Obj>().WithMany().HasForeignKey(label => label.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Group>().WithMany().HasForeignKey(label => label.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(label => label.LabellerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ListingMapping : IEntityTypeConfiguration<Listing>
{
    public void Configure(EntityTypeBuilder<Listing> entity)
    {
        entity.ToTable("listings");
        entity.HasIndex(listing => new { listing.UserId, listing.ListName, listing.ObjId }).IsUnique();
        entity.HasIndex(listing => listing.ObjId);
        entity.HasIndex(listing => listing.ListName).HasFilter("list_name = 'watchlist'");
        entity.HasOne<Obj>().WithMany().HasForeignKey(listing => listing.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(listing => listing.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SourceViewMapping : IEntityTypeConfiguration<SourceView>
{
    public void Configure(EntityTypeBuilder<SourceView> entity)
    {
        entity.ToTable("source_views");
        entity.HasIndex(view => view.ObjId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(view => view.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(view => view.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ThumbnailMapping : IEntityTypeConfiguration<Thumbnail>
{
    public void Configure(EntityTypeBuilder<Thumbnail> entity)
    {
        entity.ToTable("thumbnails");
        entity.HasIndex(thumbnail => new { thumbnail.ObjId, thumbnail.Type, thumbnail.Survey });
        entity.HasOne<Obj>().WithMany().HasForeignKey(thumbnail => thumbnail.ObjId).OnDelete(DeleteBehavior.Cascade);
    }
}
