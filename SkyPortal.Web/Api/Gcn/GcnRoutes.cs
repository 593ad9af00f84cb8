using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Gcn;

/// <summary>Events, as far as they need no notice.</summary>
internal static class GcnRoutes
{
    private const string NotFound = "GCN event not found";

    public static void MapGcnEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/gcn_event", PostAsync).SignedIn().WithName("PostGcnEvent");
        routes.MapGet("/api/gcn_event", ListAsync).SignedIn().WithName("ListGcnEvents");
        routes.MapGet("/api/gcn_event/tags", TagsAsync).SignedIn().WithName("ListGcnTags");
        routes.MapGet("/api/gcn_event/{dateobs}", GetAsync).SignedIn().WithName("GetGcnEvent");
        routes.MapDelete("/api/gcn_event/{dateobs}", DeleteAsync).Needs(Acl.SystemAdmin).WithName("DeleteGcnEvent");
        routes.MapGet("/api/localization/tags", MapTagsAsync).SignedIn().WithName("ListLocalizationTags");
    }

    /// <summary>The time in the path; refused where it is none.</summary>
    internal static DateTime Dateobs(string text) => ApiTime.Parse(text) ?? throw Refusal.Invalid("Invalid dateobs");

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, PostGcnEvent post, CancellationToken ct)
    {
        try
        {
            if (body.Has("xml") || body.Has("json"))
            {
                throw Refusal.Invalid($"{(body.Has("xml") ? "xml" : "json")}: notices are not taken yet; post dateobs with a skymap");
            }

            if (body.Has("properties"))
            {
                throw Refusal.Invalid("properties: properties of events are not kept yet");
            }

            var dateobs = body.Time("dateobs") ?? throw Refusal.Invalid("dateobs is required");
            var (id, time) = await post.HandleAsync(
                viewer,
                new NewGcnEvent(dateobs, TriggerId(body), body.Texts("aliases") ?? [], body.Texts("tags") ?? [], body.Ints("group_ids"), SkyMapBody.Read(body)),
                ct);
            return ApiResults.Success(new Dictionary<string, object?> { ["gcnevent_id"] = id, ["dateobs"] = time, ["notice_id"] = null });
        }
        catch (Refusal refusal) when (refusal.Kind == RefusalKind.Invalid)
        {
            throw Refusal.Invalid($"Cannot post event: {refusal.Message}");
        }
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadGcnEvents read, CancellationToken ct)
    {
        var (page, perPage) = query.Page(10, 1_000);
        foreach (var name in new[] { "gcnPropertiesFilter", "localizationPropertiesFilter" })
        {
            if (query.Text(name) is not null)
            {
                throw Refusal.Invalid($"{name}: events cannot be chosen by properties yet.");
            }
        }

        var criteria = new GcnEventCriteria
        {
            StartDate = query.Time("startDate"),
            EndDate = query.Time("endDate"),
            GroupIds = query.Ints("groupIds", "Invalid groupIDs value -- select at least one group"),
            Partial = query.Text("partialdateobs"),
            TagsKeep = query.List("gcnTagKeep"),
            TagsRemove = query.List("gcnTagRemove"),
            MapTagsKeep = query.List("localizationTagKeep"),
            MapTagsRemove = query.List("localizationTagRemove"),
            OldestFirst = query.Text("sortBy") == "dateobs" && query.Text("sortOrder") != "desc",
            PageNumber = page,
            NumPerPage = perPage,
        };
        var (events, total) = await read.PageAsync(viewer, criteria, ct);
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["events"] = events.Select(row => Reply(row, row.Localizations)).ToList(), ["totalMatches"] = total,
        });
    }

    private static async Task<IResult> GetAsync(Viewer viewer, string dateobs, ApiQuery query, ReadGcnEvents read, ReadLocalization maps, DustMap dust, CancellationToken ct)
    {
        if (query.Text("partialdateobs") is not null)
        {
            throw Refusal.Invalid("Cannot specify both dateobs and partialdateobs");
        }

        var known = await read.OneAsync(viewer, Dateobs(dateobs), ct) ?? throw Refusal.NotFound(NotFound);
        var tiles = await maps.OfEventAsync(viewer, known.Id, ct);
        var reply = Reply(known, known.Localizations.Select(row =>
            LocalizationRoutes.Reply(row, tiles.GetValueOrDefault(row.Id), new SkyPosition(row.CenterRa, row.CenterDec), dust)));
        foreach (var name in new[] { "gcnevent_users", "event_users", "comments", "summaries", "properties", "detectors" })
        {
            reply[name] = Array.Empty<object>();
        }

        (reply["lightcurve"], reply["gracedb_log"], reply["gracedb_labels"]) = (null, new { }, new { });
        return ApiResults.Success(reply);
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string dateobs, DeleteGcnEvent delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Dateobs(dateobs), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> TagsAsync(Viewer viewer, ReadGcnEvents read, CancellationToken ct) => ApiResults.Success(await read.TagsAsync(viewer, ct));

    private static async Task<IResult> MapTagsAsync(Viewer viewer, ReadGcnEvents read, CancellationToken ct) => ApiResults.Success(await read.MapTagsAsync(viewer, ct));

    private static string? TriggerId(ApiBody body) => body.Element("trigger_id") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetRawText() : body.Text("trigger_id");

    // What belongs to notices, plans and people is empty: there are none of them yet.
    private static Dictionary<string, object?> Reply(GcnEventRecord row, IEnumerable<object> localizations) => new()
    {
        ["id"] = row.Id,
        ["created_at"] = row.CreatedAt,
        ["modified"] = row.Modified,
        ["sent_by_id"] = row.SentById,
        ["dateobs"] = row.Dateobs,
        ["trigger_id"] = row.TriggerId,
        ["aliases"] = row.Aliases,
        ["tach_id"] = null,
        ["event_users_ids"] = null,
        ["tags"] = row.Tags,
        ["localizations"] = localizations,
        ["gcn_notices"] = Array.Empty<object>(),
        ["observationplan_requests"] = Array.Empty<object>(),
        ["gcn_triggers"] = Array.Empty<object>(),
    };
}
