using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>An event as it is posted.</summary>
/// <param name="Dateobs">When it happened (UTC); its fraction of a second is rounded away.</param>
/// <param name="TriggerId">Number of the trigger; an event that has it already is the one that is meant.</param>
/// <param name="Aliases">Other names; they count where the event is new.</param>
/// <param name="Tags">Words that are added.</param>
/// <param name="GroupIds">Groups whose members may read it; null or none for everybody. They count where the event is new.</param>
/// <param name="Map">Its sky map; null for none.</param>
public sealed record NewGcnEvent(DateTime Dateobs, string? TriggerId, string[] Aliases, string[] Tags, int[]? GroupIds, NewSkyMap? Map);

/// <summary>Posts an event, or adds words and a sky map to one that is there.</summary>
public sealed class PostGcnEvent(Contexts contexts)
{
    /// <summary>Most sky maps of an event.</summary>
    public const int MostMaps = 50;

    /// <summary>
    /// Posts it and returns its id and time. A sky map whose name the event has already is not stored again. Refuses groups that are
    /// not the viewer's, changes to events that the viewer may not change, and more than <see cref="MostMaps"/> maps.
    /// </summary>
    public async Task<(int Id, DateTime Dateobs)> HandleAsync(Viewer viewer, NewGcnEvent wanted, CancellationToken ct)
    {
        var userId = viewer.UserId ?? throw Refusal.Forbidden("Only a user can post an event.");
        Check(wanted);
        var dateobs = GcnEvent.WholeSecond(wanted.Dateobs);
        await using var db = contexts.For(viewer);
        // Seconds of work, before anything is held.
        var map = await TakesMapAsync(db, wanted, dateobs, ct) ? DescribeMap.Make(wanted.Map!, userId) : null;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            var known = await HeldAsync(db, wanted, dateobs, ct);
            var isNew = known is null;
            if (known is null)
            {
                known = new GcnEvent
                {
                    SentById = userId, Dateobs = dateobs, TriggerId = wanted.TriggerId, Aliases = [.. wanted.Aliases.Distinct()], Tags = [.. wanted.Tags.Distinct()],
                    GroupIds = await ShareWith.GroupsOrSitewideAsync(db, wanted.GroupIds, ct),
                };
                db.Add(known);
            }
            else
            {
                known.Tags = [.. known.Tags.Union(wanted.Tags)];
                // Marked as changed, so that who may not change the event adds nothing to it.
                db.Entry(known).State = EntityState.Modified;
            }

            await db.SaveChangesAsync(ct);
            var hasMap = wanted.Map is { } given && !await db.Set<Localization>().AnyAsync(row => row.EventId == known.Id && row.Name == given.Name, ct);
            if (hasMap)
            {
                if (await db.Set<Localization>().CountAsync(row => row.EventId == known.Id, ct) >= MostMaps)
                {
                    throw Refusal.Invalid($"skymap: the event has {MostMaps} sky maps, which is the most; delete one first");
                }

                map ??= DescribeMap.Make(wanted.Map!, userId);
                map.EventId = known.Id;
                db.Add(map);
            }

            db.Record(isNew ? "gcnevent.posted" : "gcnevent.changed", Subject(known.Dateobs), known.GroupIds, new { known.Id, map = hasMap ? wanted.Map!.Name : null });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return (known.Id, known.Dateobs);
        }
        catch (DbUpdateException error) when (DatabaseFault.Answer(error) is { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid("Insufficient permissions: an event of this time or trigger cannot be posted now.");
        }
    }

    // By its trigger, else by its time.
    private static async Task<int?> MeantAsync(IQueryable<GcnEvent> events, NewGcnEvent wanted, DateTime dateobs, CancellationToken ct)
    {
        var ofTrigger = wanted.TriggerId is { } trigger ? await events.Where(row => row.TriggerId == trigger).Select(row => (int?)row.Id).FirstOrDefaultAsync(ct) : null;
        return ofTrigger ?? await events.Where(row => row.Dateobs == dateobs).Select(row => (int?)row.Id).FirstOrDefaultAsync(ct);
    }

    // Whether the map will probably be stored, which is known for certain only when the event is held.
    private static async Task<bool> TakesMapAsync(SkyPortalContext db, NewGcnEvent wanted, DateTime dateobs, CancellationToken ct) =>
        wanted.Map is { Name: var name }
        && (await MeantAsync(db.Set<GcnEvent>(), wanted, dateobs, ct) is not { } id
            || (await db.Allowed<GcnEvent>(AccessMode.Update).AnyAsync(row => row.Id == id, ct)
                && !await db.Set<Localization>().AnyAsync(row => row.EventId == id && row.Name == name, ct)));

    // Held before it is read, so that of two clients who add words each adds to those of the other.
    private static async Task<GcnEvent?> HeldAsync(SkyPortalContext db, NewGcnEvent wanted, DateTime dateobs, CancellationToken ct)
    {
        if (await MeantAsync(db.Set<GcnEvent>(), wanted, dateobs, ct) is not { } id)
        {
            return null;
        }

        await db.Database.ExecuteSqlAsync($"select 1 from gcnevents where id = {id} for no key update", ct);
        return await db.Set<GcnEvent>().FirstOrDefaultAsync(row => row.Id == id, ct);
    }

    /// <summary>How notes name an event: its time (UTC) to the second.</summary>
    public static string Subject(DateTime dateobs) => dateobs.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    private static void Check(NewGcnEvent wanted)
    {
        foreach (var (field, words) in new[] { ("trigger_id", wanted.TriggerId is null ? [] : new[] { wanted.TriggerId }), ("aliases", wanted.Aliases), ("tags", wanted.Tags) })
        {
            if (words.Any(word => string.IsNullOrWhiteSpace(word) || word.Length > GcnEvent.LongestWord))
            {
                throw Refusal.Invalid($"{field}: each must have 1 to {GcnEvent.LongestWord} characters");
            }
        }

        if (wanted.Map is { Name: var name } && (string.IsNullOrWhiteSpace(name) || name.Length > GcnEvent.LongestWord || name.Any(c => char.IsControl(c) || c is '/' or '\\')))
        {
            throw Refusal.Invalid($"localization_name must have 1 to {GcnEvent.LongestWord} characters, and no slashes");
        }
    }
}
