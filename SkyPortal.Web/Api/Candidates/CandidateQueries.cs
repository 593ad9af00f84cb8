using SkyPortal.Domain;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Web.Api.Gcn;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Reads the parameters of lists of candidates; what cannot be read is refused with the parameter's name.</summary>
internal static class CandidateQueries
{
    public static CandidateCriteria Read(ApiQuery query)
    {
        RefuseWhatIsGone(query);
        var criteria = ReadRows(query) with
        {
            MinRedshift = query.StrictNumber("minRedshift"),
            MaxRedshift = query.StrictNumber("maxRedshift"),
            ListName = query.Text("listName"),
            ListNameReject = query.Text("listNameReject"),
            Classifications = query.List("classifications"),
            ClassificationsReject = query.List("classificationsReject"),
            Annotations = CandidateAnnotationQueries.OfObjects(query.Text("annotationFilterList")),
            PointAnnotations = CandidateAnnotationQueries.OfPoints(query),
            FirstDetectionAfter = query.Time("firstDetectionAfter"),
            LastDetectionBefore = query.Time("lastDetectionBefore"),
            NumberDetections = query.StrictInt("numberDetections"),
            ExcludeForcedPhotometry = query.Bool("excludeForcedPhotometry"),
            RequireDetections = query.Bool("requireDetections", true),
            SkyMap = SkyMapQuery.Read(query),
            Sorts = Sort(query) is { } sort ? [sort] : [],
            QueryId = query.Text("queryID"),
            IsPaged = true,
        };
        if (criteria is { SkyMap: not null, RequireDetections: true })
        {
            CheckDetections(criteria);
        }

        return criteria;
    }

    /// <summary>What lists of bare rows understand: scope, window, saved status and page.</summary>
    public static CandidateCriteria ReadRows(ApiQuery query)
    {
        var (page, perPage) = query.Page(25);
        return new CandidateCriteria
        {
            GroupIds = Ids(query, "groupIDs", "Invalid groupIDs value -- select at least one group"),
            FilterIds = Ids(query, "filterIDs", "Invalid filterIDs parameter value."),
            StartDate = query.Time("startDate"),
            EndDate = query.Time("endDate"),
            SavedStatus = CandidateCriteria.ParseSavedStatus(query.Text("savedStatus")),
            PageNumber = page,
            NumPerPage = perPage,
        };
    }

    /// <summary>What the reply carries besides.</summary>
    public static CandidateParts Parts(ApiQuery query) => new()
    {
        Alerts = query.Bool("includeAlerts"),
        Photometry = query.Bool("includePhotometry"),
        Comments = query.Bool("includeComments"),
        FollowupRequests = query.Bool("includeFollowupRequests"),
        AssociatedObjs = query.Bool("includeAssociatedObjs", true),
    };

    /// <summary>Ids of a list that names at least one; null where absent.</summary>
    public static int[]? Ids(ApiQuery query, string name, string refusal) =>
        query.Ints(name, refusal) is { } ids ? ids.Length > 0 ? ids : throw Refusal.Invalid(refusal) : null;

    private static void RefuseWhatIsGone(ApiQuery query)
    {
        foreach (var name in new[] { "annotationExcludeOrigin", "annotationExcludeOutdatedDate" })
        {
            if (query.Text(name) is not null)
            {
                throw Refusal.Invalid($"The parameter {name} is no longer supported.");
            }
        }
    }

    private static AnnotationSort? Sort(ApiQuery query) => query.Text("sortByAnnotationOrigin") is { } origin
        ? new AnnotationSort(
            origin,
            query.Text("sortByAnnotationKey") ?? throw Refusal.Invalid("sortByAnnotationKey is required where sortByAnnotationOrigin is given."),
            query.Text("sortByAnnotationOrder") == "desc")
        : null;

    private static void CheckDetections(CandidateCriteria criteria)
    {
        if (criteria is not { FirstDetectionAfter: { } first, LastDetectionBefore: { } last, NumberDetections: not null })
        {
            throw Refusal.Invalid(
                "localizationDateobs needs firstDetectionAfter, lastDetectionBefore and numberDetections, unless requireDetections is false.");
        }

        SkyMapQuery.CheckWindow(first, last, "firstDetectionAfter", "lastDetectionBefore");
    }
}
