using System.Globalization;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.FollowUp;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>Reads what callers say about requests.</summary>
internal static class FollowupQuery
{
    /// <summary>Names of the conditions.</summary>
    public static readonly string[] ConstraintFields =
    [
        "not_if_duplicates", "source_group_ids", "ignore_source_group_ids", "not_if_classified", "not_if_spectra_exist", "not_if_tns_classified", "not_if_tns_reported",
        "ignore_allocation_ids", "not_if_assignment_exists", "radius",
    ];

    private static readonly string[] Fields = ["obj_id", "allocation_id", "payload", "status", "target_group_ids", "refreshSource", "refreshRequests", .. ConstraintFields];

    /// <summary>Which requests a query asks for.</summary>
    public static FollowupSearch Search(ApiQuery query)
    {
        var (page, perPage) = query.Page(100, 1_000);
        return Sorted(query, new FollowupSearch
        {
            MadeFrom = query.Time("startDate"),
            MadeTo = query.Time("endDate"),
            StartsFrom = query.Time("observationStartDate"),
            EndsTo = query.Time("observationEndDate"),
            ObjName = query.Text("sourceID"),
            InstrumentId = query.StrictInt("instrumentID"),
            AllocationId = query.StrictInt("allocationID"),
            RequesterIds = query.Ints("requesters", "Invalid requesters: they must be integers."),
            Priority = query.StrictNumber("priorityThreshold"),
            Status = query.Text("status"),
            WithThumbnails = query.Bool("includeObjThumbnails"),
            Skip = (page - 1) * perPage,
            Take = perPage,
        });
    }

    /// <summary>The search in the order that a query asks for.</summary>
    public static FollowupSearch Sorted(ApiQuery query, FollowupSearch search)
    {
        var (by, order) = (query.Text("sortBy") ?? "created_at", query.Text("sortOrder") ?? "asc");
        return !ReadFollowups.Sorts.Contains(by) ? throw Refusal.Invalid($"Invalid sortBy: it must be one of {string.Join(", ", ReadFollowups.Sorts)}.")
            : order is not ("asc" or "desc") ? throw Refusal.Invalid("Invalid sortOrder: it must be asc or desc.")
            : search with { SortBy = by, IsDescending = order == "desc" };
    }

    /// <summary>The request that a body describes.</summary>
    public static NewFollowup Wanted(ApiBody body)
    {
        Check(body);
        return new NewFollowup(body.RequiredText("obj_id"), body.RequiredInt("allocation_id"), Payload(body) ?? [])
        {
            Status = body.Text("status"),
            TargetGroupIds = body.Ints("target_group_ids") ?? [],
            Constraints = Constraints(body),
        };
    }

    /// <summary>The changes of a request that a body describes; conditions are read and not looked at.</summary>
    public static FollowupChanges Changes(ApiBody body)
    {
        Check(body);
        _ = Constraints(body);
        return new FollowupChanges
        {
            ObjId = body.Text("obj_id"), AllocationId = body.Int("allocation_id"), Payload = Payload(body), Status = body.Text("status"), TargetGroupIds = body.Ints("target_group_ids"),
        };
    }

    /// <summary>The conditions in a body.</summary>
    public static FollowupConstraints Constraints(ApiBody body) => new()
    {
        SourceGroupIds = Ids(body, "source_group_ids"),
        NotIfDuplicates = body.Bool("not_if_duplicates") ?? false,
        IgnoreAllocationIds = Ids(body, "ignore_allocation_ids"),
        IgnoreSourceGroupIds = Ids(body, "ignore_source_group_ids"),
        NotIfClassified = body.Bool("not_if_classified") ?? false,
        NotIfSpectraExist = body.Bool("not_if_spectra_exist") ?? false,
        NotIfTnsClassified = body.Bool("not_if_tns_classified") ?? false,
        NotIfTnsReported = body.Number("not_if_tns_reported") switch
        {
            null => null,
            >= 0 and <= 1e7 and var hours => hours,
            _ => throw ApiBody.Wrong("not_if_tns_reported", "Input should be a number of hours, 0 or more"),
        },
        NotIfAssignmentExists = body.Bool("not_if_assignment_exists") ?? false,
        Radius = (body.Number("radius") ?? FollowupConstraints.DefaultRadiusArcsec) is > 0 and <= FollowupConstraints.MostRadiusArcsec and var radius
            ? radius
            : throw ApiBody.Wrong("radius", string.Create(CultureInfo.InvariantCulture, $"Input should be above 0 and {FollowupConstraints.MostRadiusArcsec} arcsec at most")),
    };

    /// <summary>The payload in a body; null where there is none.</summary>
    public static JsonObject? Payload(ApiBody body) => body.Object("payload") is { } payload ? JsonObject.Create(payload) : null;

    private static void Check(ApiBody body)
    {
        body.AllowOnly(Fields);
        _ = (body.Bool("refreshSource"), body.Bool("refreshRequests"));
    }

    private static int[] Ids(ApiBody body, string field) => body.Ints(field) switch
    {
        null => [],
        { Length: <= FollowupConstraints.Most } ids => ids,
        _ => throw ApiBody.Wrong(field, $"List should have at most {FollowupConstraints.Most} items"),
    };
}
