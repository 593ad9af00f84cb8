using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>The table is hash-partitioned by object; it is made by SQL, not by the model.</summary>
internal sealed class PhotometryPointMapping : IEntityTypeConfiguration<PhotometryPoint>
{
    public void Configure(EntityTypeBuilder<PhotometryPoint> entity)
    {
        entity.ToTable("photometry", table => table.ExcludeFromMigrations());
        entity.HasKey(point => point.Id);
    }
}

internal sealed class PhotStatMapping : IEntityTypeConfiguration<PhotStat>
{
    public void Configure(EntityTypeBuilder<PhotStat> entity)
    {
        entity.ToTable("photstats");
        entity.HasIndex(stat => stat.ObjId).IsUnique();
        entity.HasOne<Obj>().WithMany().HasForeignKey(stat => stat.ObjId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PhotometryPointPolicy : AccessPolicy<PhotometryPoint>
{
    protected override IReadOnlyList<Clause<PhotometryPoint>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object",
            point => point.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == point.ObjId)),
        new(
            "you have one of its streams and may see the object",
            point => point.StreamIds.Any(id => db.Viewer.StreamIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == point.ObjId)),
        new(
            "you uploaded it and may see the object",
            point => point.OwnerId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == point.ObjId)),
    ];

    protected override IReadOnlyList<Clause<PhotometryPoint>> Create(SkyPortalContext db) =>
        [new("you may upload data", point => db.Viewer.Acls.Contains(Acl.UploadData))];

    protected override IReadOnlyList<Clause<PhotometryPoint>> Update(SkyPortalContext db) =>
    [
        new("you uploaded it", point => point.OwnerId == db.Viewer.UserId),
        new("you manage photometry", point => db.Viewer.Acls.Contains(Acl.ManagePhotometry)),
    ];
}

/// <summary>
/// Statistics tell of points that the viewer may not see, so they are shown whole only where the object is; a viewer who may
/// see a part of the points gets the statistics of that part (see the photometry statistics query).
/// </summary>
internal sealed class PhotStatPolicy : AccessPolicy<PhotStat>
{
    protected override IReadOnlyList<Clause<PhotStat>> Read(SkyPortalContext db) =>
        [new("you may see the object", stat => db.Set<Obj>().Any(obj => obj.Id == stat.ObjId))];
}
