using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Outside;

/// <summary>A call to another server as its owner reads it.</summary>
public sealed record OutsideTransactionRecord(
    long Id, string Service, string Method, string Address, string? RequestHead, string? IdempotencyKey, int Attempts, int? Status, long ReplyBytes,
    string? ReplyHead, string? Error, double DurationMilliseconds, int? UserId, string? Subject, DateTime CreatedAt);

/// <summary>Some calls to other servers, and how many there are in all.</summary>
public sealed record OutsideTransactionPage(IReadOnlyList<OutsideTransactionRecord> Transactions, [property: JsonPropertyName("totalMatches")] int TotalMatches);

/// <summary>Reads the viewer's calls to other servers, newest first; administrators read everybody's.</summary>
public sealed class ReadOutsideTransactions(Contexts contexts)
{
    /// <summary>A page. Two statements.</summary>
    /// <param name="viewer">Who reads.</param>
    /// <param name="service">Name of a service; null for all.</param>
    /// <param name="subject">What they were about, or its first word; null for all.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="take">How many to answer.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<OutsideTransactionPage> HandleAsync(Viewer viewer, string? service, string? subject, int skip, int take, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = db.Set<OutsideTransaction>().AsNoTracking().Where(row => (service == null || row.Service == service) && (subject == null || row.Subject == subject || row.Subject!.StartsWith(subject + " ")));
        var total = await rows.CountAsync(ct);
        return new OutsideTransactionPage(await Project(rows.OrderByDescending(row => row.Id).Skip(skip).Take(take)).ToListAsync(ct), total);
    }

    /// <summary>One; null where there is none for the viewer.</summary>
    public async Task<OutsideTransactionRecord?> OneAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await Project(db.Set<OutsideTransaction>().AsNoTracking().Where(row => row.Id == id)).SingleOrDefaultAsync(ct);
    }

    private static IQueryable<OutsideTransactionRecord> Project(IQueryable<OutsideTransaction> rows) => rows.Select(row => new OutsideTransactionRecord(
        row.Id, row.Service, row.Method, row.Address, row.RequestHead, row.IdempotencyKey, row.Attempts, row.Status, row.ReplyBytes,
        row.ReplyHead, row.Error, row.DurationMilliseconds, row.UserId, row.Subject, row.CreatedAt));
}
