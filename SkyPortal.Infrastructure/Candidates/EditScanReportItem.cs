using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Changes the comment of an item of a scan report. It is its own inverse.</summary>
public sealed class EditScanReportItem(Contexts contexts)
{
    private const int MostLetters = 10_000;

    /// <summary>Sets the comment and returns the one before. Refuses an item that is not there for the viewer, and overlong texts.</summary>
    public async Task<string?> HandleAsync(Viewer viewer, int reportId, long itemId, string? comment, CancellationToken ct)
    {
        if (comment?.Length > MostLetters)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: comment: at most {MostLetters} letters");
        }

        await using var db = contexts.For(viewer);
        // Two people who write at once must not lose what else the item says.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select 1 from scan_report_items where id = {itemId} for update", ct);
        var item = await db.Set<ScanReportItem>().SingleOrDefaultAsync(row => row.Id == itemId && row.ScanReportId == reportId, ct)
            ?? throw Refusal.Invalid("Report item not found");
        var groups = await db.Set<ScanReport>().Where(report => report.Id == reportId).Select(report => report.GroupIds).SingleAsync(ct);
        var data = JsonObject.Create(item.Data) ?? [];
        var before = data["comment"]?.GetValue<string>();
        data["comment"] = comment;
        item.Data = JsonSerializer.SerializeToElement(data);
        db.Record("scanreport.edited", $"{reportId}", groups, new { objId = item.ObjId, before = new { comment = before }, after = new { comment } });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return before;
    }
}
