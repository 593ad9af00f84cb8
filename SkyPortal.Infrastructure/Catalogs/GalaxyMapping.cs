using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

internal sealed class GalaxyCatalogMapping : IEntityTypeConfiguration<GalaxyCatalog>
{
    public void Configure(EntityTypeBuilder<GalaxyCatalog> entity)
    {
        entity.ToTable("galaxycatalogs");
        entity.HasIndex(catalog => catalog.Name).IsUnique();
    }
}

internal sealed class GalaxyMapping : IEntityTypeConfiguration<Galaxy>
{
    public void Configure(EntityTypeBuilder<Galaxy> entity)
    {
        entity.ToTable("galaxys");
        entity.HasIndex(galaxy => new { galaxy.Name, galaxy.CatalogId }).IsUnique();
        entity.HasIndex(galaxy => galaxy.Healpix);
        entity.HasIndex(galaxy => new { galaxy.CatalogId, galaxy.Distmpc });
        entity.HasOne<GalaxyCatalog>().WithMany().HasForeignKey(galaxy => galaxy.CatalogId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GalaxyCatalogPolicy : AccessPolicy<GalaxyCatalog>
{
    protected override IReadOnlyList<Clause<GalaxyCatalog>> Read(SkyPortalContext db) => [Everyone(db)];
}

internal sealed class GalaxyPolicy : AccessPolicy<Galaxy>
{
    protected override IReadOnlyList<Clause<Galaxy>> Read(SkyPortalContext db) => [Everyone(db)];
}
