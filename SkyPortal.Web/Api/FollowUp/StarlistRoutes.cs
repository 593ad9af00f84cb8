using System.Text.Json.Serialization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>Star lists for observatories.</summary>
public static class StarlistRoutes
{
    private const int MostStars = 4;

    /// <summary>Maps the routes.</summary>
    public static void MapStarlists(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/{objId}/offsets", OffsetsAsync).SignedIn().WithName("GetOffsets");
        routes.MapGet("/api/finder_chart/facilities", Facilities).SignedIn().WithName("ListStarlistFacilities");
    }

    /// <summary>A facility by its name in the query; Keck where none is given.</summary>
    internal static StarlistFacility Facility(ApiQuery query) =>
        StarlistFacility.Find(query.Text("facility") ?? "Keck")
        ?? throw Refusal.Invalid($"Invalid facility: it must be one of {string.Join(", ", StarlistFacility.All.Select(facility => facility.Name))}.");

    /// <summary>The time of observation in the query; now where none is given.</summary>
    internal static Mjd ObservedAt(ApiQuery query, TimeProvider clock) =>
        Mjd.FromDateTimeOffset(query.Time("obstime") is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : clock.GetUtcNow());

    /// <summary>How many offset stars the query asks for.</summary>
    internal static int Count(ApiQuery query) => query.StrictInt("num_offset_stars") switch
    {
        null => 3,
        >= 0 and <= MostStars and var count => count,
        _ => throw Refusal.Invalid($"Invalid num_offset_stars: it is outside the allowed range of 0 to {MostStars}."),
    };

    private static async Task<IResult> OffsetsAsync(string objId, Viewer viewer, ApiQuery query, GetStarlist starlists, TimeProvider clock, CancellationToken ct)
    {
        var facility = Facility(query);
        var question = new StarlistQuestion(facility, Count(query), ObservedAt(query, clock), query.Bool("use_ztfref", fallback: true));
        if (query.StrictInt("observing_run_id") is { } run && facility.Name == "P200-NGPS")
        {
            throw Refusal.Invalid($"Invalid observing_run_id: there is no observing run {run}.");
        }

        var answer = await starlists.HandleAsync(viewer, objId, question, ct) ?? throw Refusal.NotFound("Source not found");
        return ApiResults.Success(new
        {
            Facility = facility.Name,
            StarlistStr = string.Join('\n', answer.Lines.Select(line => line.Text)).Replace(" ", "&nbsp;", StringComparison.Ordinal),
            StarlistInfo = answer.Lines.Select(StarlistEntry.Of),
            Ra = answer.Target.Place.RaDegrees,
            Dec = answer.Target.Place.DecDegrees,
            Noffsets = answer.Search.Stars.Count,
            answer.Search.QueriesIssued,
            answer.Search.Query,
            UsedZtfref = answer.Search.UsedZtfRef,
            answer.Search.GaiaAvailable,
        });
    }

    private static IResult Facilities() => ApiResults.Success(StarlistFacility.All.ToDictionary(
        facility => facility.Name,
        facility => new { facility.RadiusDegrees, facility.MagLimit, facility.MagMin, facility.MinSepArcsec }));
}

/// <summary>A line of a star list on the wire. Degrees; steps from the star to the target in words.</summary>
public sealed record StarlistEntry(
    string Str,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Ra,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Dec,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Dras,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Ddecs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Mag,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Pa)
{
    /// <summary>The line as answered.</summary>
    public static StarlistEntry Of(StarlistLine line) => new(
        line.Text,
        line.Position?.RaDegrees,
        line.Position?.DecDegrees,
        line.Name,
        line.Offset is { } east ? Starlist.Toward(east.EastArcsec, 'E', 'W') : null,
        line.Offset is { } north ? Starlist.Toward(north.NorthArcsec, 'N', 'S') : null,
        line.Offset?.Star.Mag,
        line.Offset?.PositionAngleDegrees);
}
