using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

internal sealed class ReminderMapping : IEntityTypeConfiguration<Reminder>
{
    public void Configure(EntityTypeBuilder<Reminder> entity)
    {
        entity.ToTable("reminders");
        entity.HasIndex(reminder => reminder.ObjId);
        entity.HasIndex(reminder => reminder.NextReminder).HasFilter("number_of_reminders > 0");
        entity.HasOne<Obj>().WithMany().HasForeignKey(reminder => reminder.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Spectrum>().WithMany().HasForeignKey(reminder => reminder.SpectrumId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(reminder => reminder.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ReminderPolicy : AccessPolicy<Reminder>
{
    protected override IReadOnlyList<Clause<Reminder>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see what it is about",
            reminder => reminder.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))
                && db.Set<Obj>().Any(obj => obj.Id == reminder.ObjId)
                && (reminder.SpectrumId == null || db.Set<Spectrum>().Any(spectrum => spectrum.Id == reminder.SpectrumId))),
    ];

    protected override IReadOnlyList<Clause<Reminder>> Create(SkyPortalContext db) =>
    [
        new(
            "you may see what it is about",
            reminder => db.Set<Obj>().Any(obj => obj.Id == reminder.ObjId)
                && (reminder.SpectrumId == null || db.Set<Spectrum>().Any(spectrum => spectrum.Id == reminder.SpectrumId))),
    ];

    protected override IReadOnlyList<Clause<Reminder>> Update(SkyPortalContext db) =>
        [new("it reminds you", reminder => reminder.UserId == db.Viewer.UserId)];
}
