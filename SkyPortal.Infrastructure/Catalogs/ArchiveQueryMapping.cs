using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

internal sealed class ArchiveQueryMapping : IEntityTypeConfiguration<ArchiveQuery>
{
    public void Configure(EntityTypeBuilder<ArchiveQuery> entity)
    {
        entity.ToTable("archive_queries");
        entity.HasIndex(query => new { query.ObjId, query.Archive, query.RequesterId }).IsUnique();
        entity.HasIndex(query => query.NextAttemptAt).HasFilter("state in ('queued', 'running')");
        entity.HasOne<Obj>().WithMany().HasForeignKey(query => query.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(query => query.RequesterId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ArchiveQueryPolicy : AccessPolicy<ArchiveQuery>
{
    protected override IReadOnlyList<Clause<ArchiveQuery>> Read(SkyPortalContext db) =>
    [
        new("you asked for it and may see the object", query => query.RequesterId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == query.ObjId)),
        new(
            "what it finds is shared with one of your groups and you may see the object",
            query => query.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == query.ObjId)),
    ];

    protected override IReadOnlyList<Clause<ArchiveQuery>> Create(SkyPortalContext db) =>
    [
        new(
            "you ask for yourself, may upload data and may see the object",
            query => query.RequesterId == db.Viewer.UserId && db.Viewer.Acls.Contains(Acl.UploadData) && db.Set<Obj>().Any(obj => obj.Id == query.ObjId)),
    ];

    protected override IReadOnlyList<Clause<ArchiveQuery>> Update(SkyPortalContext db) => Create(db);
}
