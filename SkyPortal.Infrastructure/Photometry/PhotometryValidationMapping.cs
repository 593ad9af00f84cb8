using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Points cannot be referred to by a key, because their table is partitioned; a trigger removes the validations of deleted points.</summary>
internal sealed class PhotometryValidationMapping : IEntityTypeConfiguration<PhotometryValidation>
{
    public void Configure(EntityTypeBuilder<PhotometryValidation> entity)
    {
        entity.ToTable("photometry_validations");
        entity.HasIndex(validation => validation.PhotometryId).IsUnique();
        entity.HasOne<User>().WithMany().HasForeignKey(validation => validation.ValidatorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PhotometryValidationPolicy : AccessPolicy<PhotometryValidation>
{
    protected override IReadOnlyList<Clause<PhotometryValidation>> Read(SkyPortalContext db) =>
        [new("you may see the point", validation => db.Set<PhotometryPoint>().Any(point => point.Id == validation.PhotometryId))];

    protected override IReadOnlyList<Clause<PhotometryValidation>> Create(SkyPortalContext db) =>
    [
        new(
            "you manage sources, say it yourself and may see the point",
            validation => db.Viewer.Acls.Contains(Acl.ManageSources) && validation.ValidatorId == db.Viewer.UserId
                && db.Set<PhotometryPoint>().Any(point => point.Id == validation.PhotometryId)),
    ];

    protected override IReadOnlyList<Clause<PhotometryValidation>> Update(SkyPortalContext db) =>
    [
        new(
            "you manage sources and may see the point",
            validation => db.Viewer.Acls.Contains(Acl.ManageSources) && db.Set<PhotometryPoint>().Any(point => point.Id == validation.PhotometryId)),
    ];
}
