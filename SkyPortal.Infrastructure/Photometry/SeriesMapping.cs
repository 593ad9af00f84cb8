using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

internal sealed class PhotometricSeriesMapping : IEntityTypeConfiguration<PhotometricSeries>
{
    public void Configure(EntityTypeBuilder<PhotometricSeries> entity)
    {
        entity.ToTable("photometric_series");
        entity.HasIndex(series => series.Filename).IsUnique();
        entity.HasIndex(series => new { series.ObjId, series.Hash }).IsUnique();
        entity.HasIndex(series => series.MjdFirst);
        entity.HasOne<Obj>().WithMany().HasForeignKey(series => series.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Instrument>().WithMany().HasForeignKey(series => series.InstrumentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<User>().WithMany().HasForeignKey(series => series.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>The rule of points.</summary>
internal sealed class PhotometricSeriesPolicy : AccessPolicy<PhotometricSeries>
{
    protected override IReadOnlyList<Clause<PhotometricSeries>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object",
            series => series.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == series.ObjId)),
        new(
            "you have one of its streams and may see the object",
            series => series.StreamIds.Any(id => db.Viewer.StreamIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == series.ObjId)),
        new("you uploaded it and may see the object", series => series.OwnerId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == series.ObjId)),
    ];

    protected override IReadOnlyList<Clause<PhotometricSeries>> Create(SkyPortalContext db) =>
    [
        new(
            "you may upload data and see the object",
            series => series.OwnerId == db.Viewer.UserId && db.Viewer.Acls.Contains(Acl.UploadData) && db.Set<Obj>().Any(obj => obj.Id == series.ObjId)),
    ];

    protected override IReadOnlyList<Clause<PhotometricSeries>> Update(SkyPortalContext db) =>
    [
        new("you uploaded it", series => series.OwnerId == db.Viewer.UserId),
        new("you manage photometry", series => db.Viewer.Acls.Contains(Acl.ManagePhotometry)),
    ];
}
