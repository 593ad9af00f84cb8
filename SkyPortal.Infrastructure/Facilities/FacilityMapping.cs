using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

internal sealed class TelescopeMapping : IEntityTypeConfiguration<Telescope>
{
    public void Configure(EntityTypeBuilder<Telescope> entity)
    {
        entity.ToTable("telescopes");
        entity.HasIndex(telescope => telescope.Name).IsUnique();
    }
}

internal sealed class InstrumentMapping : IEntityTypeConfiguration<Instrument>
{
    public void Configure(EntityTypeBuilder<Instrument> entity)
    {
        entity.ToTable("instruments");
        entity.HasIndex(instrument => instrument.Name);
        entity.HasOne<Telescope>().WithMany().HasForeignKey(instrument => instrument.TelescopeId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class InstrumentFieldMapping : IEntityTypeConfiguration<InstrumentField>
{
    public void Configure(EntityTypeBuilder<InstrumentField> entity)
    {
        entity.ToTable("instrument_fields");
        entity.HasIndex(field => new { field.InstrumentId, field.FieldId }).IsUnique();
        entity.HasOne<Instrument>().WithMany().HasForeignKey(field => field.InstrumentId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TelescopePolicy : AccessPolicy<Telescope>
{
    protected override IReadOnlyList<Clause<Telescope>> Read(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<Telescope>> Create(SkyPortalContext db) => Update(db);

    protected override IReadOnlyList<Clause<Telescope>> Update(SkyPortalContext db) =>
        [new("you manage telescopes", telescope => db.Viewer.Acls.Contains(Acl.ManageTelescopes))];
}

internal sealed class InstrumentPolicy : AccessPolicy<Instrument>
{
    protected override IReadOnlyList<Clause<Instrument>> Read(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<Instrument>> Create(SkyPortalContext db) => Update(db);

    protected override IReadOnlyList<Clause<Instrument>> Update(SkyPortalContext db) =>
        [new("you manage instruments", instrument => db.Viewer.Acls.Contains(Acl.ManageInstruments))];
}

internal sealed class InstrumentFieldPolicy : AccessPolicy<InstrumentField>
{
    protected override IReadOnlyList<Clause<InstrumentField>> Read(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<InstrumentField>> Create(SkyPortalContext db) => Update(db);

    protected override IReadOnlyList<Clause<InstrumentField>> Update(SkyPortalContext db) =>
        [new("you manage instruments", field => db.Viewer.Acls.Contains(Acl.ManageInstruments))];
}
