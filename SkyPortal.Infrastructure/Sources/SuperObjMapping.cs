using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

internal sealed class SuperObjMapping : IEntityTypeConfiguration<SuperObj>
{
    public void Configure(EntityTypeBuilder<SuperObj> entity)
    {
        entity.ToTable("super_objs");
        entity.HasOne<User>().WithMany().HasForeignKey(super => super.CreatedById).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class SuperObjMemberMapping : IEntityTypeConfiguration<SuperObjMember>
{
    public void Configure(EntityTypeBuilder<SuperObjMember> entity)
    {
        entity.ToTable("obj_to_super_obj");
        entity.HasIndex(member => new { member.SuperObjId, member.ObjId }).IsUnique();
        entity.HasIndex(member => member.ObjId);
        entity.HasOne<SuperObj>().WithMany().HasForeignKey(member => member.SuperObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Obj>().WithMany().HasForeignKey(member => member.ObjId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SourceInterestMapping : IEntityTypeConfiguration<SourceInterest>
{
    public void Configure(EntityTypeBuilder<SourceInterest> entity)
    {
        entity.ToTable("source_interests");
        entity.HasIndex(interest => interest.ObjId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(interest => interest.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(interest => interest.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>A super-object tells that its objects exist, so it is there only for who sees one of them, or made it.</summary>
internal sealed class SuperObjPolicy : AccessPolicy<SuperObj>
{
    protected override IReadOnlyList<Clause<SuperObj>> Read(SkyPortalContext db) =>
    [
        new("you may see one of its objects", super => db.Set<SuperObjMember>().Any(member => member.SuperObjId == super.Id)),
        new("you made it", super => super.CreatedById != null && super.CreatedById == db.Viewer.UserId),
    ];

    protected override IReadOnlyList<Clause<SuperObj>> Create(SkyPortalContext db) =>
        [new("it is yours", super => super.CreatedById == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<SuperObj>> Update(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<SuperObj>> Delete(SkyPortalContext db) => [];
}

internal sealed class SuperObjMemberPolicy : AccessPolicy<SuperObjMember>
{
    protected override IReadOnlyList<Clause<SuperObjMember>> Read(SkyPortalContext db) =>
        [new("you may see the object", member => db.Set<Obj>().Any(obj => obj.Id == member.ObjId))];

    protected override IReadOnlyList<Clause<SuperObjMember>> Create(SkyPortalContext db) =>
    [
        new(
            "you may see the object and the super-object",
            member => db.Set<Obj>().Any(obj => obj.Id == member.ObjId) && db.Set<SuperObj>().Any(super => super.Id == member.SuperObjId)),
    ];

    protected override IReadOnlyList<Clause<SuperObjMember>> Update(SkyPortalContext db) => Read(db);
}

internal sealed class SourceInterestPolicy : AccessPolicy<SourceInterest>
{
    protected override IReadOnlyList<Clause<SourceInterest>> Read(SkyPortalContext db) =>
        [new("you may see the object", interest => db.Set<Obj>().Any(obj => obj.Id == interest.ObjId))];

    protected override IReadOnlyList<Clause<SourceInterest>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the object",
            interest => interest.UserId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == interest.ObjId)),
    ];

    protected override IReadOnlyList<Clause<SourceInterest>> Update(SkyPortalContext db) =>
        [new("it is yours", interest => interest.UserId == db.Viewer.UserId)];
}
