using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>Observations of what moves among the stars.</summary>
public static class MovingObjectRoutes
{
    private const double LongestWindowDays = 7;
    private const int LongestName = 100;

    /// <summary>Maps the routes.</summary>
    public static void MapMovingObjects(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/moving_object/{objName}/followup", PlanAsync).SignedIn().WithName("PlanMovingObject");

    private static async Task<IResult> PlanAsync(string objName, Viewer viewer, ApiBody body, PlanMovingObject plan, CancellationToken ct)
    {
        if (objName.Length > LongestName || objName.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.' or '+' or ' ')))
        {
            throw Refusal.Invalid("Invalid obj_name: it may have letters, digits, spaces and - _ . + only.");
        }

        var question = new MovingObjectQuestion(
            objName,
            body.RequiredInt("instrument_id"),
            body.RequiredInt("exposure_count") is > 0 and <= 1000 and var count ? count : throw ApiBody.Wrong("exposure_count", "Input should be 1 to 1000"),
            body.RequiredNumber("exposure_time") is > 0 and <= 86_400 and var seconds ? seconds : throw ApiBody.Wrong("exposure_time", "Input should be above 0 and at most 86400 seconds"),
            Moment(body, "start_time"),
            Moment(body, "end_time"),
            body.RequiredText("filter"),
            body.Bool("primary_only") ?? true,
            body.Number("airmass_limit") ?? 2.5,
            body.Number("moon_distance_limit") ?? 30,
            body.Number("sun_altitude_limit") ?? Sun.AstronomicalAltitudeDegrees);
        body.Bool("references_only");
        if (question.To <= question.From)
        {
            throw ApiBody.Wrong("end_time", "It must be later than start_time");
        }

        if (question.To - question.From > LongestWindowDays)
        {
            throw ApiBody.Wrong("end_time", "It must be at most 7 days later than start_time");
        }

        return ApiResults.Success(await plan.HandleAsync(viewer, question, ct));
    }

    private static Mjd Moment(ApiBody body, string field) =>
        Mjd.FromDateTimeOffset(new DateTimeOffset(body.Time(field) ?? throw ApiBody.Wrong(field, "Field required"), TimeSpan.Zero));
}
