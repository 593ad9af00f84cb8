using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

internal sealed class SpectrumMapping : IEntityTypeConfiguration<Spectrum>
{
    public void Configure(EntityTypeBuilder<Spectrum> entity)
    {
        entity.ToTable("spectra");
        entity.HasIndex(spectrum => new { spectrum.ObjId, spectrum.ObservedAt });
        entity.HasIndex(spectrum => spectrum.ObservedAt);
        entity.HasIndex(spectrum => spectrum.InstrumentId);
        entity.HasIndex(spectrum => spectrum.OwnerId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(spectrum => spectrum.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Instrument>().WithMany().HasForeignKey(spectrum => spectrum.InstrumentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<User>().WithMany().HasForeignKey(spectrum => spectrum.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SpectrumPolicy : AccessPolicy<Spectrum>
{
    protected override IReadOnlyList<Clause<Spectrum>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object",
            spectrum => spectrum.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == spectrum.ObjId)),
        new("you uploaded it and may see the object", spectrum => spectrum.OwnerId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == spectrum.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Spectrum>> Create(SkyPortalContext db) =>
    [
        new(
            "you may upload data and see the object",
            spectrum => spectrum.OwnerId == db.Viewer.UserId && db.Viewer.Acls.Contains(Acl.UploadData) && db.Set<Obj>().Any(obj => obj.Id == spectrum.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Spectrum>> Update(SkyPortalContext db) =>
        [new("you uploaded it", spectrum => spectrum.OwnerId == db.Viewer.UserId)];
}

/// <summary>The read policy of spectra for hand-written statements.</summary>
internal static class SpectrumAccess
{
    /// <summary>Whether the viewer may read the spectrum <c>s</c> of the object <c>o</c>; the same rule as <see cref="SpectrumPolicy"/>.</summary>
    public const string Sees = $"(@sees_all or (s.owner_id = @viewer_user or s.group_ids && @viewer_groups) and {ViewerSql.SeesObj})";
}
