using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>What a reminder is about, by the name of its kind on the wire and its key.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Key">Name of an object, else an integer.</param>
public sealed record ReminderTarget(string Kind, string Key)
{
    /// <summary>The kind of objects.</summary>
    public const string OfSource = "source";

    /// <summary>The kind of spectra.</summary>
    public const string OfSpectrum = "spectra";

    /// <summary>Every kind of the contract. Events, shifts and earthquakes have no rows here, so none of theirs is ever found.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [OfSource, OfSpectrum, "gcn_event", "shift", "earthquake"];

    /// <summary>The key of a spectrum; null where it is none.</summary>
    internal long? Number => long.TryParse(Key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Its reminders among those that the context's viewer sees.</summary>
    internal IQueryable<Reminder> Of(IQueryable<Reminder> reminders)
    {
        var (key, number) = (Key, Number ?? -1);
        return Kind switch
        {
            OfSource => reminders.Where(row => row.ObjId == key && row.SpectrumId == null),
            OfSpectrum => reminders.Where(row => row.SpectrumId == number),
            _ => reminders.Where(row => false),
        };
    }
}

/// <summary>A reminder as it appears on the wire; times in UTC.</summary>
/// <param name="ReminderDelay">Days.</param>
public sealed record ReminderRecord(
    long Id, DateTime CreatedAt, DateTime Modified, string Text, string? Origin, bool Bot, DateTime NextReminder, double ReminderDelay, int NumberOfReminders, int UserId, string ObjId)
{
    /// <summary>Only of a reminder on a spectrum.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpectrumId { get; init; }
}

/// <summary>Reads reminders.</summary>
public sealed class ReadReminders(Contexts contexts)
{
    /// <summary>Reminders about a thing that the viewer may know of, by time. One statement.</summary>
    public async Task<IReadOnlyList<ReminderRecord>> HandleAsync(Viewer viewer, ReminderTarget target, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await target.Of(db.Set<Reminder>().AsNoTracking()).OrderBy(row => row.NextReminder).ThenBy(row => row.Id).ToListAsync(ct);
        return [.. rows.Select(Record)];
    }

    /// <summary>One of them; null where it is not there for the viewer.</summary>
    public async Task<ReminderRecord?> OneAsync(Viewer viewer, ReminderTarget target, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await target.Of(db.Set<Reminder>().AsNoTracking()).SingleOrDefaultAsync(row => row.Id == id, ct) is { } row ? Record(row) : null;
    }

    private static ReminderRecord Record(Reminder row) => new(
        row.Id, row.CreatedAt, row.Modified, row.Text, row.Origin, row.Bot, row.NextReminder, row.ReminderDelay, row.NumberOfReminders, row.UserId, row.ObjId)
    {
        SpectrumId = row.SpectrumId,
    };
}

/// <summary>A reminder to be set, or what of one is to change; null where something stays as it is, or takes its default.</summary>
/// <param name="NextReminder">UTC.</param>
/// <param name="DelayDays">Days between two; 1 where new.</param>
/// <param name="Number">How many; 1 where new.</param>
/// <param name="GroupIds">Groups that may know of it; all of the viewer's where new.</param>
/// <param name="UserIds">Who is reminded; the viewer where new.</param>
public sealed record ReminderFields(string? Text, DateTime? NextReminder, double? DelayDays, int? Number, int[]? GroupIds, int[]? UserIds, string? Origin);

/// <summary>Sets reminders. <see cref="DeleteReminder"/> is its inverse.</summary>
public sealed class SetReminder(Contexts contexts)
{
    /// <summary>
    /// Sets one for each of the users and returns their ids. Refuses a thing that the viewer does not see (not found), and users who
    /// are not there and groups that are not the viewer's (forbidden).
    /// </summary>
    public async Task<long[]> HandleAsync(Viewer viewer, ReminderTarget target, ReminderFields fields, CancellationToken ct)
    {
        var own = viewer.UserId ?? throw Refusal.Forbidden("Only a user may set reminders.");
        ReminderRules.Check(fields);
        var text = fields.Text ?? throw Refusal.Invalid("Invalid/missing parameters: text: Field required");
        var next = fields.NextReminder ?? throw Refusal.Invalid("Invalid/missing parameters: next_reminder: Field required");
        await using var db = contexts.For(viewer);
        var objId = await ReminderRules.ObjectOfAsync(db, target, ct) ?? throw Refusal.NotFound($"Cannot find {target.Kind} {target.Key}.");
        var users = fields.UserIds is null or [] ? [own] : fields.UserIds.Distinct().Order().ToArray();
        var known = await db.Set<User>().Where(user => users.Contains(user.Id)).Select(user => user.Id).ToArrayAsync(ct);
        if (users.Except(known).Any())
        {
            throw Refusal.Forbidden("Cannot find one or more users.");
        }

        var groups = await ReminderRules.GroupsAsync(db, fields.GroupIds, ct);
        var rows = users.Select(user => new Reminder
        {
            ObjId = objId,
            SpectrumId = target.Kind == ReminderTarget.OfSpectrum ? target.Number : null,
            Text = text,
            Origin = fields.Origin,
            Bot = viewer.TokenId is not null,
            NextReminder = next,
            ReminderDelay = fields.DelayDays ?? 1,
            NumberOfReminders = fields.Number ?? 1,
            UserId = user,
            GroupIds = groups,
        }).ToList();
        db.AddRange(rows);
        db.Record("reminder.set", objId, groups, new { kind = target.Kind, key = target.Key, userIds = users });
        await db.SaveChangesAsync(ct);
        return [.. rows.Select(row => row.Id)];
    }
}

/// <summary>Changes a reminder of the viewer's.</summary>
public sealed class ChangeReminder(Contexts contexts)
{
    /// <summary>Changes what is given; refuses one that is not there or not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, ReminderTarget target, long id, ReminderFields fields, CancellationToken ct)
    {
        ReminderRules.Check(fields);
        await using var db = contexts.For(viewer);
        var row = await ReminderRules.OwnAsync(db, target, id, ct);
        row.Text = fields.Text ?? row.Text;
        row.NextReminder = fields.NextReminder ?? row.NextReminder;
        row.ReminderDelay = fields.DelayDays ?? row.ReminderDelay;
        row.NumberOfReminders = fields.Number ?? row.NumberOfReminders;
        row.Origin = fields.Origin ?? row.Origin;
        row.GroupIds = fields.GroupIds is { Length: > 0 } ? await ReminderRules.GroupsAsync(db, fields.GroupIds, ct) : row.GroupIds;
        db.Record("reminder.changed", row.ObjId, row.GroupIds, new { id });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Takes a reminder of the viewer's away.</summary>
public sealed class DeleteReminder(Contexts contexts)
{
    /// <summary>Deletes; refuses one that is not there or not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, ReminderTarget target, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await ReminderRules.OwnAsync(db, target, id, ct);
        db.Remove(row);
        db.Record("reminder.deleted", row.ObjId, row.GroupIds, new { id, row.Text });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>What holds for every reminder.</summary>
internal static class ReminderRules
{
    private static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static void Check(ReminderFields fields)
    {
        if (fields.Text is { } text && (string.IsNullOrWhiteSpace(text) || text.Length > 10_000))
        {
            throw Refusal.Invalid("Invalid/missing parameters: text: it must not be blank, and may have 10000 characters");
        }

        if (fields.NextReminder >= Latest)
        {
            throw Refusal.Invalid("Invalid/missing parameters: next_reminder: it must be before the year 2200");
        }

        if (fields.DelayDays is not null and not (> 0.0001 and <= Reminder.MostDelayDays))
        {
            throw Refusal.Invalid($"Invalid/missing parameters: reminder_delay: it must be above 0 and at most {Reminder.MostDelayDays} days");
        }

        if (fields.Number is < 1 or > Reminder.MostReminders)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: number_of_reminders: it must be 1 to {Reminder.MostReminders}");
        }

        if (fields.UserIds?.Length > 200)
        {
            throw Refusal.Invalid("Invalid/missing parameters: user_ids: at most 200 are reminded at once");
        }

        if (fields.Origin?.Length > 250)
        {
            throw Refusal.Invalid("Invalid/missing parameters: origin: it may have 250 characters");
        }
    }

    public static async Task<int[]> GroupsAsync(SkyPortalContext db, int[]? groupIds, CancellationToken ct)
    {
        if (groupIds is null or [])
        {
            return [.. db.Viewer.GroupIds.Order()];
        }

        var wanted = groupIds.Distinct().Order().ToArray();
        var own = db.Viewer.SeesAll ? await db.Set<Group>().Where(group => wanted.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct) : db.Viewer.GroupIds;
        return wanted.All(own.Contains) ? wanted : throw Refusal.Forbidden("Cannot find one or more groups with the given IDs.");
    }

    /// <summary>Name of the object that a thing belongs to; null where the context's viewer does not see the thing.</summary>
    public static async Task<string?> ObjectOfAsync(SkyPortalContext db, ReminderTarget target, CancellationToken ct)
    {
        var (key, number) = (target.Key, target.Number ?? -1);
        return target.Kind switch
        {
            ReminderTarget.OfSource => await db.Set<Obj>().Where(obj => obj.Id == key).Select(obj => obj.Id).SingleOrDefaultAsync(ct),
            ReminderTarget.OfSpectrum => await db.Set<Spectrum>().Where(spectrum => spectrum.Id == number).Select(spectrum => spectrum.ObjId).SingleOrDefaultAsync(ct),
            _ => null,
        };
    }

    public static async Task<Reminder> OwnAsync(SkyPortalContext db, ReminderTarget target, long id, CancellationToken ct)
    {
        var row = await target.Of(db.Set<Reminder>()).SingleOrDefaultAsync(reminder => reminder.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find reminder with ID {id}.");
        return db.Viewer.SeesAll || row.UserId == db.Viewer.UserId ? row : throw Refusal.Forbidden("Only who is reminded may change a reminder.");
    }
}
