using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>Finding charts.</summary>
public static class FinderRoutes
{
    private const double PixelsPerPoint = 2.2;

    /// <summary>Maps the routes.</summary>
    public static void MapFinders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/{objId}/finder", SourceAsync).SignedIn().WithName("GetFinder");
        routes.MapGet("/api/unsourced_finder", UnsourcedAsync).SignedIn().WithName("GetUnsourcedFinder");
    }

    private static async Task<IResult> SourceAsync(string objId, Viewer viewer, ApiQuery query, ReadTarget targets, GetFinderChart charts, TimeProvider clock, CancellationToken ct)
    {
        var type = FileType(query);
        var question = Question(query, clock);
        var target = await targets.HandleAsync(viewer, objId, ct) ?? throw Refusal.NotFound("Source not found");
        var chart = await charts.HandleAsync(viewer, objId, target.Place, question, null, ct);
        var file = Bytes(chart, type);
        return query.Bool("as_json")
            ? ApiResults.Success(new { FindingChart = Convert.ToBase64String(file), Starlist = chart.Lines.Select(StarlistEntry.Of) })
            : Results.File(file, MediaType(type), $"finder_{objId}.{type}");
    }

    private static async Task<IResult> UnsourcedAsync(Viewer viewer, ApiQuery query, SearchGaiaStars gaia, GetFinderChart charts, TimeProvider clock, CancellationToken ct)
    {
        var type = FileType(query);
        var question = Question(query, clock);
        var (name, place) = query.Text("location_type") switch
        {
            "gaia_dr3" => await StarAsync(viewer, query, 3, question, gaia, ct),
            "gaia_dr2" => await StarAsync(viewer, query, 2, question, gaia, ct),
            "pos" => Position(query),
            null => throw Refusal.Invalid("Invalid location_type: it is required."),
            _ => throw Refusal.Invalid("Invalid location_type: it must be gaia_dr3, gaia_dr2 or pos."),
        };
        var chart = await charts.HandleAsync(viewer, name, place, question, null, ct);
        return Results.File(Bytes(chart, type), MediaType(type), $"finder_{name.Replace(' ', '_')}.{type}");
    }

    private static async Task<(string Name, SkyPosition Place)> StarAsync(Viewer viewer, ApiQuery query, int release, FinderQuestion question, SearchGaiaStars gaia, CancellationToken ct)
    {
        if (!long.TryParse(query.Text("catalog_id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw Refusal.Invalid("Invalid catalog_id: it must be the number of a Gaia source.");
        }

        var stars = await gaia.HandleAsync(viewer, SearchGaiaStars.QueryOne(id, release), null, ct) ?? throw Refusal.Invalid("Gaia is out of reach: try again later, or give the position.");
        var star = stars.Count > 0 ? stars[0] : throw Refusal.Invalid($"Invalid catalog_id: Gaia DR{release} has no source {id}.");
        return ($"Gaia DR{release} {id}", star.At(question.Starlist.ObservedAt));
    }

    private static (string Name, SkyPosition Place) Position(ApiQuery query)
    {
        var ra = query.StrictNumber("ra") is >= 0 and < 360 and var degrees ? degrees : throw Refusal.Invalid("Invalid ra: it must be at least 0 and below 360 degrees.");
        var dec = query.StrictNumber("dec") is >= -90 and <= 90 and var north ? north : throw Refusal.Invalid("Invalid dec: it must be between -90 and 90 degrees.");
        var place = new SkyPosition(ra, dec);
        return ($"J{Sexagesimal.FormatRa(ra, 1)}{Sexagesimal.FormatDec(dec, 0)}".Replace(":", "", StringComparison.Ordinal), place);
    }

    private static FinderQuestion Question(ApiQuery query, TimeProvider clock)
    {
        var size = query.StrictNumber("imsize") ?? 4;
        if (size is < FinderQuestion.MinSizeArcmin or > FinderQuestion.MaxSizeArcmin)
        {
            throw Refusal.Invalid("Invalid imsize: the value is outside the allowed range of 2 to 15 arcminutes.");
        }

        var source = ChartImageSource.Find(query.Text("image_source") ?? "ps1")
            ?? throw Refusal.Invalid($"Invalid image source. It must be one of {string.Join(", ", ChartImageSource.All.Select(known => known.Name))} (image_source).");
        var facility = StarlistRoutes.Facility(query);
        var brightest = Magnitude(query, "mag_min");
        var faintest = Magnitude(query, "mag_limit");
        if ((brightest ?? facility.MagMin) >= (faintest ?? facility.MagLimit))
        {
            throw Refusal.Invalid("Invalid mag_min: it must be below mag_limit.");
        }

        return new FinderQuestion(
            new StarlistQuestion(facility, StarlistRoutes.Count(query), StarlistRoutes.ObservedAt(query, clock), query.Bool("use_ztfref", fallback: true)), source, size, brightest, faintest);
    }

    private static double? Magnitude(ApiQuery query, string name) => query.StrictNumber(name) is { } mag
        ? mag is >= 0 and <= 25 ? mag : throw Refusal.Invalid($"Invalid {name}: the value is outside the allowed range of 0 to 25.")
        : null;

    private static string FileType(ApiQuery query) => query.Text("type") switch
    {
        null or "pdf" => "pdf",
        "png" => "png",
        _ => throw Refusal.Invalid("Invalid type: it must be pdf or png."),
    };

    private static byte[] Bytes(FinderChart chart, string type)
    {
        var page = DrawFinderChart.Draw(chart);
        return type == "pdf" ? PdfWriter.Write([page], $"Finding chart of {chart.Name}") : PngDrawing.Write(page, PixelsPerPoint);
    }

    private static string MediaType(string type) => type == "pdf" ? "application/pdf" : "image/png";
}
