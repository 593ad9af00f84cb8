using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Tests of filters on archived alerts: additions of ours.</summary>
public static class FilterTestRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFilterTests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/filters/{filterId}/tests", ListAsync).SignedIn().WithName("ListFilterTests");
        routes.MapGet("/api/filters/{filterId}/tests/{testId}", GetAsync).SignedIn().WithName("GetFilterTest");
        routes.MapPost("/api/filters/{filterId}/tests", PostAsync).Needs(Acl.UploadData).WithName("StartFilterTest");
        routes.MapPost("/api/filters/{filterId}/tests/{testId}/cancel", CancelAsync).Needs(Acl.UploadData).WithName("CancelFilterTest");
    }

    private static async Task<IResult> ListAsync(string filterId, Viewer viewer, ListFilterTests list, CancellationToken ct) =>
        ApiResults.Success(await list.HandleAsync(viewer, FilterRoutes.Id(filterId), ct));

    private static async Task<IResult> GetAsync(string filterId, string testId, Viewer viewer, GetFilterTest get, CancellationToken ct) =>
        ApiResults.Success(await get.HandleAsync(viewer, FilterRoutes.Id(filterId), Id(testId), ct));

    private static async Task<IResult> PostAsync(string filterId, Viewer viewer, ApiBody body, StartFilterTest start, CancellationToken ct)
    {
        body.AllowOnly("expression", "version", "other_version", "first_night", "last_night");
        var id = await start.HandleAsync(
            viewer,
            FilterRoutes.Id(filterId),
            new NewFilterTest(Night(body, "first_night"), Night(body, "last_night"))
            {
                Expression = body.Text("expression"),
                Version = body.Int("version"),
                OtherVersion = body.Int("other_version"),
            },
            ct);
        return ApiResults.Success(new { Id = id });
    }

    private static async Task<IResult> CancelAsync(string filterId, string testId, Viewer viewer, CancelFilterTest cancel, CancellationToken ct)
    {
        await cancel.HandleAsync(viewer, FilterRoutes.Id(filterId), Id(testId), ct);
        return ApiResults.Success();
    }

    private static DateOnly Night(ApiBody body, string field) =>
        DateOnly.TryParseExact(body.RequiredText(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var night)
            ? night
            : throw ApiBody.Wrong(field, "Input should be a night such as 2026-03-01");

    private static long Id(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid test_id: {text}");
}
