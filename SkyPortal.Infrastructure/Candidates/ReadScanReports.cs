using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A scan report as it appears on the wire.</summary>
/// <param name="Author">Username of who made it; null where the account is gone.</param>
/// <param name="Groups">Groups that read it, as far as the viewer may know of them.</param>
public sealed record ScanReportRecord(int Id, DateTime CreatedAt, DateTime Modified, int? AuthorId, JsonElement Options, JsonElement Groups, string? Author);

/// <summary>An item of a scan report as it appears on the wire.</summary>
public sealed record ScanReportItemRecord(long Id, DateTime CreatedAt, DateTime Modified, string ObjId, int ScanReportId, JsonElement Data);

/// <summary>Reads scan reports and their items, as far as the viewer may.</summary>
public sealed class ReadScanReports(Contexts contexts)
{
    private static readonly string Sql = $"""
        select r.id, r.created_at, r.modified, r.author_id, r.options, {GroupRecord.JsonList("r.group_ids")}, u.username, count(*) over ()
        from scan_reports r left join users u on u.id = r.author_id
        where (@sees_all or r.group_ids && @viewer_groups) and (@id = 0 or r.id = @id)
        order by r.created_at desc, r.id desc
        limit @take offset @skip
        """;

    /// <summary>A page of them, newest first, and how many there are. One statement, two beyond the end.</summary>
    public async Task<(IReadOnlyList<ScanReportRecord> Reports, int Total)> PageAsync(Viewer viewer, int page, int perPage, CancellationToken ct)
    {
        var (reports, total) = await ReadAsync(viewer, 0, perPage, (page - 1L) * perPage, ct);
        return reports.Count > 0 || page == 1 ? (reports, total) : ([], (await ReadAsync(viewer, 0, 1, 0, ct)).Total);
    }

    /// <summary>One of them; null where there is none that the viewer may read.</summary>
    public async Task<ScanReportRecord?> OneAsync(Viewer viewer, int id, CancellationToken ct) =>
        id < 1 ? null : (await ReadAsync(viewer, id, 1, 0, ct)).Reports.FirstOrDefault();

    /// <summary>The items of a report, by name; those whose object the viewer may not see are left out. Refuses a report that is not there for the viewer.</summary>
    public async Task<IReadOnlyList<ScanReportItemRecord>> ItemsAsync(Viewer viewer, int reportId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var items = await db.Set<ScanReportItem>().AsNoTracking().Where(item => item.ScanReportId == reportId).OrderBy(item => item.ObjId)
            .Select(item => new ScanReportItemRecord(item.Id, item.CreatedAt, item.Modified, item.ObjId, item.ScanReportId, item.Data)).ToListAsync(ct);
        return items.Count > 0 || await db.Set<ScanReport>().AnyAsync(report => report.Id == reportId, ct) ? items : throw Refusal.Invalid("Report not found");
    }

    private async Task<(IReadOnlyList<ScanReportRecord> Reports, int Total)> ReadAsync(Viewer viewer, int id, int take, long skip, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("id", id).With("take", take).With("skip", skip);
        var total = 0L;
        var reports = await command.ReadAllAsync(
            reader =>
            {
                total = reader.GetInt64(7);
                return new ScanReportRecord(
                    reader.GetInt32(0), reader.GetDateTime(1), reader.GetDateTime(2), reader.Maybe<int?>(3), reader.GetFieldValue<JsonElement>(4),
                    reader.GetFieldValue<JsonElement>(5), reader.Maybe<string>(6));
            },
            ct);
        return (reports, (int)total);
    }
}
