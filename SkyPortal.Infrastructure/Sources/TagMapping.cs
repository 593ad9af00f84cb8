using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

internal sealed class ObjTagOptionMapping : IEntityTypeConfiguration<ObjTagOption>
{
    public void Configure(EntityTypeBuilder<ObjTagOption> entity)
    {
        entity.ToTable("objtagoptions");
        entity.HasIndex(option => option.Name).IsUnique();
    }
}

internal sealed class ObjTagMapping : IEntityTypeConfiguration<ObjTag>
{
    public void Configure(EntityTypeBuilder<ObjTag> entity)
    {
        entity.ToTable("obj_tags");
        entity.HasIndex(tag => new { tag.ObjId, tag.ObjtagoptionId }).IsUnique();
        entity.HasIndex(tag => tag.ObjtagoptionId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(tag => tag.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<ObjTagOption>().WithMany().HasForeignKey(tag => tag.ObjtagoptionId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(tag => tag.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ObjTagOptionPolicy : AccessPolicy<ObjTagOption>
{
    protected override IReadOnlyList<Clause<ObjTagOption>> Read(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<ObjTagOption>> Create(SkyPortalContext db) =>
        [new("you manage sources", option => db.Viewer.Acls.Contains(Acl.ManageSources))];

    protected override IReadOnlyList<Clause<ObjTagOption>> Update(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<ObjTagOption>> Delete(SkyPortalContext db) => Create(db);
}

internal sealed class ObjTagPolicy : AccessPolicy<ObjTag>
{
    protected override IReadOnlyList<Clause<ObjTag>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object",
            tag => tag.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == tag.ObjId)),
    ];

    protected override IReadOnlyList<Clause<ObjTag>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours, for groups of yours, and you may see the object",
            tag => tag.AuthorId == db.Viewer.UserId && tag.GroupIds.All(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == tag.ObjId)),
    ];

    protected override IReadOnlyList<Clause<ObjTag>> Update(SkyPortalContext db) => Read(db);
}
