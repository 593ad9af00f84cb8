using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Of what a scan report is made. Times are UTC, ends included.</summary>
/// <param name="GroupIds">Groups whose sources and filters count, and whose members read it.</param>
public sealed record NewScanReport(int[] GroupIds, DateTime PassedFrom, DateTime PassedTo, DateTime SavedFrom, DateTime SavedTo);

/// <summary>Makes a scan report: the sources saved to groups within one window that passed filters of these groups within another.</summary>
public sealed class CreateScanReport(Contexts contexts, ReadScanReportFacts readFacts)
{
    /// <summary>Most sources of a report.</summary>
    public const int MostSources = 1_000;

    /// <summary>Data as on the wire: names with underscores.</summary>
    internal static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DictionaryKeyPolicy = null, NumberHandling = JsonNumberHandling.Strict };

    // ix_sources_group_id_saved_at or (obj_id, group_id), then ix_candidates_obj_id_filter_id_passed_at for each source.
    private const string Sql = $"""
        select distinct s.obj_id
        from sources s join objs o on o.id = s.obj_id
        where s.group_id = any(@groups) and s.active and s.saved_at >= @saved_from and s.saved_at <= @saved_to and {ViewerSql.SeesObj}
          and exists (
            select 1 from candidates c join filters f on f.id = c.filter_id
            where c.obj_id = s.obj_id and f.group_id = any(@groups) and c.passed_at >= @passed_from and c.passed_at <= @passed_to
              and (@sees_all or f.group_id = any(@viewer_groups) and f.stream_id = any(@viewer_streams)))
        order by s.obj_id
        limit @most
        """;

    /// <summary>
    /// Makes it and returns its id. Refuses groups that are not the viewer's or are not there, windows that end before they begin, a
    /// report that there is already, windows without a source, and more than <see cref="MostSources"/> sources.
    /// </summary>
    public async Task<int> HandleAsync(Viewer viewer, NewScanReport wanted, CancellationToken ct)
    {
        var userId = viewer.UserId ?? throw Refusal.Forbidden("Only a user can make a scan report.");
        var groupIds = wanted.GroupIds.Distinct().Order().ToArray();
        await using var db = contexts.For(viewer);
        if (groupIds.Length == 0)
        {
            throw Refusal.Invalid("No groups provided");
        }

        var known = await db.Set<Group>().CountAsync(group => groupIds.Contains(group.Id) && (viewer.SeesAll || viewer.GroupIds.Contains(group.Id)), ct);
        if (known != groupIds.Length)
        {
            throw Refusal.Invalid("Some groups provided do not exist");
        }

        Ordered(wanted.PassedFrom, wanted.PassedTo, "passed_filters_range");
        Ordered(wanted.SavedFrom, wanted.SavedTo, "saved_candidates_range");
        var options = Options(wanted);
        var reports = await db.Set<ScanReport>().AsNoTracking().Where(report => report.GroupIds == groupIds).Select(report => report.Options).ToListAsync(ct);
        if (reports.Any(known => JsonElement.DeepEquals(known, options)))
        {
            throw Refusal.Invalid("This report already exists for the given groups and options");
        }

        var objIds = await SourcesAsync(viewer, groupIds, wanted, ct);
        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        var facts = await readFacts.HandleAsync(viewer, groupIds, objIds, Mjd.DaysOf(now), ct);
        var report = new ScanReport { AuthorId = userId, GroupIds = groupIds, Options = options };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(report);
        await db.SaveChangesAsync(ct);
        db.AddRange(objIds.Where(facts.ContainsKey).Select(id => new ScanReportItem { ObjId = id, ScanReportId = report.Id, Data = JsonSerializer.SerializeToElement(facts[id], Wire) }));
        db.Record("scanreport.made", $"{report.Id}", groupIds, new { items = objIds.Length });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return report.Id;
    }

    private static void Ordered(DateTime from, DateTime to, string name)
    {
        if (from > to)
        {
            throw Refusal.Invalid($"Invalid {name}: it ends before it begins.");
        }
    }

    private static JsonElement Options(NewScanReport wanted) => JsonSerializer.SerializeToElement(new Dictionary<string, object?>
    {
        ["passed_filters_range"] = new Dictionary<string, string> { ["start_date"] = Text(wanted.PassedFrom), ["end_date"] = Text(wanted.PassedTo) },
        ["saved_candidates_range"] = new Dictionary<string, string> { ["start_saved_date"] = Text(wanted.SavedFrom), ["end_saved_date"] = Text(wanted.SavedTo) },
        ["gcn_event_dateobs"] = null,
    });

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string[]> SourcesAsync(Viewer viewer, int[] groupIds, NewScanReport wanted, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("groups", groupIds).With("most", MostSources + 1)
            .With("passed_from", wanted.PassedFrom).With("passed_to", wanted.PassedTo).With("saved_from", wanted.SavedFrom).With("saved_to", wanted.SavedTo);
        var ids = await command.ReadAllAsync(reader => reader.GetString(0), ct);
        return ids.Count switch
        {
            0 => throw Refusal.Invalid("No saved sources found for the given options"),
            > MostSources => throw Refusal.Invalid($"More than {MostSources} sources answer these options: narrow the windows."),
            _ => [.. ids],
        };
    }
}
