using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Api.Sources;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Reads the conditions on series from a query. Some have two names: the one that clients were told and the one that was read.</summary>
internal static class SeriesQueries
{
    public static SeriesCriteria Read(ApiQuery query)
    {
        var (page, perPage) = query.Page(100);
        var cone = Cone(query);
        var expTime = query.StrictNumber("expTime");
        var sort = query.Text("sortBy") ?? "obj_id";
        return new SeriesCriteria(page, perPage)
        {
            ConeCenter = cone?.Center,
            ConeRadiusDegrees = cone?.RadiusDegrees ?? 0,
            ObjIdPart = query.Text("objectID"),
            RejectedObjIds = query.List("rejectedObjectIDs") ?? query.List("rejectedObjectID"),
            SeriesNamePart = query.Text("seriesName"),
            SeriesObjIdPart = query.Text("seriesObjID"),
            FilenamePart = query.Text("filename"),
            Filter = query.Text("filter"),
            Channel = query.Text("channel"),
            Origin = query.Text("origin"),
            Hash = query.Text("hash"),
            StartMjd = Mjds(query, "startAfter", "startBefore"),
            MidMjd = query.Text("midTimeAfter") is not null || query.Text("midTimeBefore") is not null ? Mjds(query, "midTimeAfter", "midTimeBefore") : Mjds(query, "midAfter", "midBefore"),
            EndMjd = Mjds(query, "endAfter", "endBefore"),
            IsDetected = query.Text("detected") is null ? null : query.Bool("detected"),
            ExpTimeSeconds = new Bounds(query.StrictNumber("minExpTime") ?? expTime, query.StrictNumber("maxExpTime") ?? expTime),
            FrameRateHz = Numbers(query, "minFrameRate", "maxFrameRate"),
            NumExposures = Numbers(query, "minNumExposures", "maxNumExposures"),
            InstrumentId = query.StrictInt("instrumentID"),
            FollowupRequestId = query.StrictInt("followupRequestID"),
            AssignmentId = query.StrictInt("assignmentID"),
            OwnerId = query.StrictInt("ownerID"),
            Mag = Numbers(query, "magFainterThan", "magBrighterThan"),
            RmsMag = Numbers(query, "minRMS", "maxRMS"),
            Robust = query.Bool("useRobustMagAndRMS"),
            LimitingMag = Numbers(query, "limitingMagFainterThan", "limitingMagBrighterThan"),
            WithoutLimitingMag = query.Bool("limitingMagIsNaN") || query.Bool("limitingMagIsNone"),
            RefFlux = new Bounds(Flux(query, "magrefBrighterThan"), Flux(query, "magrefFainterThan")),
            MedianSnr = Numbers(query, "minMedianSNR", "maxMedianSNR"),
            BestSnr = Numbers(query, "minBestSNR", "maxBestSNR"),
            WorstSnr = Numbers(query, "minWorstSNR", "maxWorstSNR"),
            SortColumn = SearchSeries.SortColumns.Contains(sort) ? sort : throw Refusal.Invalid($"Invalid sortBy: {sort}"),
            Descending = (query.Text("sortOrder") ?? "asc") switch
            {
                "asc" => false,
                "desc" => true,
                var other => throw Refusal.Invalid($"Invalid sortOrder: {other}"),
            },
        };
    }

    private static Bounds Numbers(ApiQuery query, string least, string greatest) => new(query.StrictNumber(least), query.StrictNumber(greatest));

    private static Bounds Mjds(ApiQuery query, string after, string before) => new(MjdDays(query, after), MjdDays(query, before));

    private static double? MjdDays(ApiQuery query, string name) => query.Time(name) is { } time ? Mjd.DaysOf(time) : null;

    private static double? Flux(ApiQuery query, string name) => query.StrictNumber(name) is { } mag
        ? mag is >= -100 and <= 100 ? StoredFlux.MicroJanskyOfAbMag(mag) : throw Refusal.Invalid($"Invalid {name}: it must be -100 to 100.")
        : null;

    private static (SkyPosition Center, double RadiusDegrees)? Cone(ApiQuery query) => (query.StrictNumber("ra"), query.StrictNumber("dec"), query.StrictNumber("radius")) switch
    {
        (null, null, null) => null,
        ({ } ra, { } dec, { } radius) => SourceCriteriaReader.Cone(ra, dec, radius),
        _ => throw Refusal.Invalid("If any of 'ra', 'dec' or 'radius' are provided, all three are required."),
    };
}
