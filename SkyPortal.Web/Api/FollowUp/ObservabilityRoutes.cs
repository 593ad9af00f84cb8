using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>When a source can be observed, and from where.</summary>
public static class ObservabilityRoutes
{
    private const int AirmassSamples = 50;
    private const int MostEphemerides = 16;
    private const double HighestAirmassAsked = 40;

    /// <summary>Maps the routes.</summary>
    public static void MapObservability(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/{objId}/observability", ChartAsync).SignedIn().WithName("GetObservability");
        routes.MapGet("/api/internal/plot/airmass/objtel/{objId}/{telescopeId}", AirmassAsync).SignedIn().WithName("GetAirmass");
        routes.MapGet("/api/internal/plot/airmass/hours_below/{objId}/{telescopeId}", HoursAsync).SignedIn().WithName("GetHoursBelowAirmass");
        routes.MapGet("/api/internal/ephemeris", EphemeridesAsync).SignedIn().WithName("ListEphemerides");
        routes.MapGet("/api/internal/ephemeris/{telescopeId}", EphemerisAsync).SignedIn().WithName("GetEphemeris");
    }

    private static async Task<IResult> ChartAsync(string objId, Viewer viewer, ApiQuery query, ReadTarget targets, ReadSites sites, TimeProvider clock, CancellationToken ct)
    {
        var airmass = query.StrictNumber("maxAirmass") ?? 2.5;
        if (airmass is not (> 1 and <= HighestAirmassAsked))
        {
            throw Refusal.Invalid("Invalid maxAirmass: it must be above 1 and 40 at most.");
        }

        var darkness = query.Text("twilight") ?? "astronomical";
        var altitude = darkness switch
        {
            "astronomical" => Sun.AstronomicalAltitudeDegrees,
            "nautical" => Sun.NauticalAltitudeDegrees,
            "civil" => Sun.CivilAltitudeDegrees,
            _ => throw Refusal.Invalid("Invalid twilight: it must be astronomical, nautical or civil."),
        };
        var target = await TargetAsync(targets, viewer, objId, ct);
        var pages = DrawObservability.Pages(
            objId, target.Place, await sites.HandleAsync(viewer, ct), new ObservabilityLimits(airmass, altitude, darkness), Mjd.FromDateTimeOffset(clock.GetUtcNow()));
        return Results.File(PdfWriter.Write(pages, $"Observability of {objId}"), "application/pdf", $"{objId}_observability.pdf");
    }

    private static async Task<IResult> AirmassAsync(
        string objId, string telescopeId, Viewer viewer, ApiQuery query, ReadTarget targets, ReadSites sites, TimeProvider clock, CancellationToken ct)
    {
        var moment = Moment(query, clock);
        var target = (await TargetAsync(targets, viewer, objId, ct)).Place;
        var site = await SiteAsync(sites, viewer, telescopeId, ct);
        var night = ObservingNight.At(site, moment) ?? throw Refusal.Invalid("The Sun does not set at this telescope at this time.");
        return ApiResults.Success(Visibility.Between(site, target, night.Sunrise, night.Sunset, AirmassSamples)
            .Select(sample => new { Time = UnixMs(sample.Moment), sample.Airmass }));
    }

    private static async Task<IResult> HoursAsync(string objId, string telescopeId, Viewer viewer, ReadTarget targets, ReadSites sites, TimeProvider clock, CancellationToken ct)
    {
        var target = (await TargetAsync(targets, viewer, objId, ct)).Place;
        var site = await SiteAsync(sites, viewer, telescopeId, ct);
        return ApiResults.Success(Visibility.HoursBelow(site, target, clock.GetUtcNow().Year, Visibility.YearAirmass)
            .Select(week => new { Date = week.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00.000", HoursBelow = week.Hours }));
    }

    private static async Task<IResult> EphemerisAsync(string telescopeId, Viewer viewer, ApiQuery query, ReadSites sites, TimeProvider clock, CancellationToken ct)
    {
        var moment = Moment(query, clock);
        return ApiResults.Success(Ephemeris.Of(await SiteAsync(sites, viewer, telescopeId, ct), moment));
    }

    private static async Task<IResult> EphemeridesAsync(Viewer viewer, ApiQuery query, ReadSites sites, TimeProvider clock, CancellationToken ct)
    {
        var moment = Moment(query, clock);
        var ids = query.Ints("telescopeIds", "Invalid telescopeIds: they must be integers.");
        var rows = (await sites.HandleAsync(viewer, ct)).Where(row => ids is null || ids.Contains(row.TelescopeId)).Take(MostEphemerides);
        return ApiResults.Success(rows.ToDictionary(
            row => row.TelescopeId.ToString(CultureInfo.InvariantCulture),
            object (row) => row.Site is { } site ? Ephemeris.Of(site, moment) : new { }));
    }

    private static Mjd Moment(ApiQuery query, TimeProvider clock) =>
        Mjd.FromDateTimeOffset(query.Time("time") is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : clock.GetUtcNow());

    private static async Task<Target> TargetAsync(ReadTarget targets, Viewer viewer, string objId, CancellationToken ct) =>
        await targets.HandleAsync(viewer, objId, ct) ?? throw Refusal.NotFound("Source not found");

    private static async Task<ObservingSite> SiteAsync(ReadSites sites, Viewer viewer, string telescopeId, CancellationToken ct)
    {
        if (!int.TryParse(telescopeId, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw Refusal.Invalid($"Invalid telescope_id: {telescopeId}");
        }

        var row = (await sites.HandleAsync(viewer, ct)).FirstOrDefault(row => row.TelescopeId == id) ?? throw Refusal.Invalid($"Could not load telescope with ID {id}");
        return row.Site ?? throw Refusal.Invalid($"Telescope {id} has no fixed location");
    }

    private static double UnixMs(Mjd moment) => moment.ToDateTimeOffset().ToUnixTimeMilliseconds();
}
