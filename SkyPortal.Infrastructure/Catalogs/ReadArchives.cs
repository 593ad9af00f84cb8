using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Operations;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>A query as it is answered.</summary>
public sealed record ArchiveQueryRecord(
    long Id, string ObjId, string Archive, string State, double Progress, string? Stage, int Attempts, int? Found, int? Added, string? Error,
    int RequesterId, string RequesterName, int[] GroupIds, DateTime CreatedAt, DateTime? FinishedAt, DateTime NextAttemptAt);

/// <summary>An archive, whether it can be asked, and the queries of it that the viewer may see.</summary>
/// <param name="Name">Name on the wire.</param>
/// <param name="Title">Its name.</param>
/// <param name="Gives">What it gives.</param>
/// <param name="Bands">Bands.</param>
/// <param name="Unavailable">Why it cannot be asked from this site; null where it can.</param>
/// <param name="Queries">Queries, the viewer's own first.</param>
/// <param name="LastTransaction">The viewer's last call to its server about the object.</param>
public sealed record ArchiveRecord(
    string Name, string Title, string Gives, string Bands, string? Unavailable, IReadOnlyList<ArchiveQueryRecord> Queries, OutsideTransactionRecord? LastTransaction);

/// <summary>Reads the archives and what became of the queries of an object.</summary>
public sealed class ReadArchives(Contexts contexts, Archives archives)
{
    /// <summary>All archives. Three statements.</summary>
    public async Task<IReadOnlyList<ArchiveRecord>> HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.NotFound($"Could not find source {objId}.");
        }

        var queries = await (
            from query in db.Set<ArchiveQuery>().AsNoTracking()
            join user in db.Set<User>() on query.RequesterId equals user.Id
            where query.ObjId == objId
            orderby query.RequesterId == viewer.UserId descending, query.Id
            select new ArchiveQueryRecord(
                query.Id, query.ObjId, query.Archive, query.State, query.Progress, query.Stage, query.Attempts, query.Found, query.Added, query.Error,
                query.RequesterId, user.Username, query.GroupIds, query.CreatedAt, query.FinishedAt, query.NextAttemptAt)).ToListAsync(ct);
        var subjects = archives.All.Select(archive => SubjectOf(archive.About, objId)).ToArray();
        var calls = await db.Set<OutsideTransaction>().AsNoTracking()
            .Where(call => call.UserId == viewer.UserId && subjects.Contains(call.Subject))
            .OrderByDescending(call => call.Id).Take(200)
            .Select(row => new OutsideTransactionRecord(
                row.Id, row.Service, row.Method, row.Address, row.RequestHead, row.IdempotencyKey, row.Attempts, row.Status, row.ReplyBytes,
                row.ReplyHead, row.Error, row.DurationMilliseconds, row.UserId, row.Subject, row.CreatedAt))
            .ToListAsync(ct);
        return [.. archives.All.Select(archive => new ArchiveRecord(
            archive.About.Name,
            archive.About.Title,
            archive.About.Gives,
            archive.About.Bands,
            archives.WhyNot(archive.About),
            [.. queries.Where(query => query.Archive == archive.About.Name).Select(query => query with { GroupIds = Known(viewer, query.GroupIds) })],
            calls.FirstOrDefault(call => call.Subject == SubjectOf(archive.About, objId))))];
    }

    // Of others' groups not even the ids are told.
    private static int[] Known(Viewer viewer, int[] groupIds) => viewer.SeesAll ? groupIds : [.. groupIds.Intersect(viewer.GroupIds)];

    /// <summary>Subject of the calls that an archive makes about an object.</summary>
    internal static string SubjectOf(ArchiveAbout about, string objId) => $"{objId} {about.Name}";
}
