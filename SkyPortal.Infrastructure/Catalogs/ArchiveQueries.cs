using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>The archives that this site knows.</summary>
public sealed class Archives(IEnumerable<IArchive> archives, OutsideSettings settings)
{
    /// <summary>Beginning of the subject of live notes about an object's queries; its name follows.</summary>
    public const string Subject = "archives:";

    /// <summary>All, in the order in which they are shown.</summary>
    public IReadOnlyList<IArchive> All { get; } = [.. archives];

    /// <summary>The archive of a name; null where there is none.</summary>
    public IArchive? Find(string name) => All.FirstOrDefault(archive => archive.About.Name == name);

    /// <summary>Why an archive cannot be asked from this site; null where it can.</summary>
    public string? WhyNot(ArchiveAbout about)
    {
        if (!settings.IsEnabled)
        {
            return "This site is set to call no other servers.";
        }

        if (settings.Of(about.Service).Address is null)
        {
            return $"This site has no address for it (Outside:{about.Service.Name}:Address).";
        }

        return about.NeedsSetting is { } name && settings.Text(about.Service, name) is null ? $"This site has no account there (Outside:{about.Service.Name}:{name})." : null;
    }
}

/// <summary>Asks archives for what they hold about an object; who asked before asks again.</summary>
public sealed class AskArchives(Contexts contexts, Archives archives)
{
    /// <summary>Queues one query per archive and answers their keys; those that are on their way stay as they are.</summary>
    /// <param name="viewer">Who asks; needs Upload data.</param>
    /// <param name="objId">The object.</param>
    /// <param name="names">Names of archives; null for all that this site can ask.</param>
    /// <param name="groupIds">With whom to share what is found; null for nobody else.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<IReadOnlyList<long>> HandleAsync(Viewer viewer, string objId, IReadOnlyList<string>? names, int[]? groupIds, CancellationToken ct)
    {
        if (!viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden("Asking archives needs the permission Upload data.");
        }

        var requester = viewer.UserId ?? throw Refusal.Forbidden("Only a user may ask archives.");
        var wanted = Wanted(names);
        await using var db = contexts.For(viewer);
        var place = await db.Set<Obj>().Where(obj => obj.Id == objId).Select(obj => new { obj.Ra, obj.Dec }).SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound($"Could not find source {objId}.");
        if (place.Ra is null || place.Dec is null)
        {
            throw Refusal.Invalid($"{objId} has no position, so no archive can be asked about it.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Who asks twice at the same time asks once.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({objId}, {requester}))", ct);
        int[] groups = groupIds is { Length: > 0 } ? await ShareWith.GroupsOrAllOwnAsync(db, groupIds, ct) : viewer.OwnGroupId is { } own ? [own] : [];
        var known = await db.Set<ArchiveQuery>().Where(query => query.ObjId == objId && query.RequesterId == requester).ToDictionaryAsync(query => query.Archive, StringComparer.Ordinal, ct);
        var asked = new List<ArchiveQuery>();
        foreach (var name in wanted)
        {
            if (known.TryGetValue(name, out var query) && !ArchiveStates.IsTerminal(query.State))
            {
                asked.Add(query);
                continue;
            }

            if (query is null)
            {
                query = new ArchiveQuery { ObjId = objId, Archive = name, State = ArchiveStates.Queued, RequesterId = requester };
                db.Add(query);
            }

            query.Requeue(groups, db.UtcNow);
            asked.Add(query);
        }

        db.Record("archive.asked", objId, groups, new { archives = wanted });
        db.Record("archive.queued", Archives.Subject + objId, groups);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [.. asked.Select(query => query.Id)];
    }

    private List<string> Wanted(IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return [.. archives.All.Where(archive => archives.WhyNot(archive.About) is null).Select(archive => archive.About.Name)];
        }

        if (names.Count == 0)
        {
            throw Refusal.Invalid("archives: name at least one archive, or leave the field out for all.");
        }

        foreach (var name in names)
        {
            var archive = archives.Find(name) ?? throw Refusal.Invalid($"archives: there is no archive {name}; there are {string.Join(", ", archives.All.Select(one => one.About.Name))}.");
            if (archives.WhyNot(archive.About) is { } reason)
            {
                throw Refusal.Invalid($"archives: {name} cannot be asked. {reason}");
            }
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }
}

/// <summary>Withdraws a query of the viewer's.</summary>
public sealed class CancelArchiveQuery(Contexts contexts)
{
    /// <summary>Withdraws it; one that has come to its end is refused.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var query = await OwnArchiveQuery.HeldAsync(db, objId, id, ct);
        if (!ArchiveStates.MayMove(query.State, ArchiveStates.Cancelled))
        {
            throw Refusal.Conflict($"The query of {query.Archive} is {query.State} already.");
        }

        query.State = ArchiveStates.Cancelled;
        query.FinishedAt = db.UtcNow;
        query.Stage = null;
        db.Record("archive.cancelled", Archives.Subject + objId, query.GroupIds, new { query.Archive });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Runs a query of the viewer's again, with the groups that it had.</summary>
public sealed class RerunArchiveQuery(Contexts contexts)
{
    /// <summary>Queues it; one that is on its way is refused.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var query = await OwnArchiveQuery.HeldAsync(db, objId, id, ct);
        if (!ArchiveStates.IsTerminal(query.State))
        {
            throw Refusal.Conflict($"The query of {query.Archive} is {query.State} already.");
        }

        query.Requeue(query.GroupIds, db.UtcNow);
        db.Record("archive.queued", Archives.Subject + objId, query.GroupIds, new { query.Archive });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

internal static class OwnArchiveQuery
{
    /// <summary>A query that the viewer may change, kept from the nodes that run such until the transaction ends.</summary>
    public static async Task<ArchiveQuery> HeldAsync(SkyPortalContext db, string objId, long id, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from archive_queries where id = {id} for update", ct);
        var mine = await db.Allowed<ArchiveQuery>(AccessMode.Update).SingleOrDefaultAsync(query => query.Id == id && query.ObjId == objId, ct);
        if (mine is not null)
        {
            return mine;
        }

        throw await db.Set<ArchiveQuery>().AnyAsync(query => query.Id == id && query.ObjId == objId, ct)
            ? Refusal.Forbidden("Only who asked an archive may cancel or repeat the query.")
            : Refusal.NotFound($"There is no archive query {id} of {objId}.");
    }

    public static void Requeue(this ArchiveQuery query, int[] groupIds, DateTime now)
    {
        query.State = ArchiveStates.Queued;
        query.GroupIds = groupIds;
        query.NextAttemptAt = now;
        query.FinishedAt = null;
        query.Found = null;
        query.Added = null;
        query.Error = null;
        query.Stage = null;
        query.Progress = 0;
        query.Attempts = 0;
    }
}
