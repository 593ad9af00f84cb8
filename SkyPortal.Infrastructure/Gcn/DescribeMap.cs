using System.Text.Json;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>A sky map that is to be stored.</summary>
/// <param name="Name">Name of its file, or the numbers of its cone.</param>
/// <param name="Map">The map.</param>
/// <param name="Header">Header of its file; null where it came without one.</param>
/// <param name="Center">Its centre, where it was made around one; else that of the most probable tile counts.</param>
public sealed record NewSkyMap(string Name, SkyMap Map, FitsHeader? Header = null, SkyPosition? Center = null);

/// <summary>Works out what a stored map is known by: areas, words and borders.</summary>
internal static class DescribeMap
{
    public static Localization Make(NewSkyMap wanted, int sentById)
    {
        var map = wanted.Map;
        var ninety = map.CredibleRegion(0.9);
        var fifty = map.CredibleRegion(0.5);
        var center = wanted.Center ?? map.MostProbable;
        var properties = new Dictionary<string, double> { ["area_50"] = fifty.AreaSquareDegrees, ["area_90"] = ninety.AreaSquareDegrees, ["probability_500"] = map.ProbabilityWithinArea(500) };
        foreach (var (card, name) in new[] { ("LOGBCI", "log_bci"), ("LOGBSN", "log_bsn"), ("DISTMEAN", "distmean"), ("DISTSTD", "diststd") })
        {
            if (wanted.Header?.Number(card) is { } value && double.IsFinite(value))
            {
                properties[name] = value;
            }
        }

        // As in files: by number.
        var uniqs = map.Uniqs();
        var places = Enumerable.Range(0, uniqs.Length).ToArray();
        Array.Sort(uniqs, places);
        return new Localization
        {
            SentById = sentById,
            Name = wanted.Name,
            Uniqs = uniqs,
            Probdensity = Array.ConvertAll(places, at => map.DensitiesPerSteradian[at]),
            Distmu = Sorted(map.Distances?.MuMpc, places),
            Distsigma = Sorted(map.Distances?.SigmaMpc, places),
            Distnorm = Sorted(map.Distances?.NormPerSquareMpc, places),
            AreaNinetySquareDegrees = ninety.AreaSquareDegrees,
            CenterRa = center.RaDegrees,
            CenterDec = center.DecDegrees,
            Properties = JsonSerializer.SerializeToElement(properties),
            Tags = [.. Tags(properties)],
            Contour = Contour(center, fifty, ninety),
        };
    }

    private static double[]? Sorted(double[]? values, int[] places) => values is null ? null : Array.ConvertAll(places, at => values[at]);

    private static IEnumerable<string> Tags(Dictionary<string, double> properties)
    {
        foreach (var limit in new[] { 200, 500, 1000 })
        {
            if (properties["area_90"] < limit)
            {
                yield return $"< {limit} sq. deg.";
            }
        }

        if (properties["probability_500"] >= 0.9)
        {
            yield return "> 0.9 in 500 sq. deg.";
        }

        foreach (var limit in new[] { 150, 250 })
        {
            if (properties.TryGetValue("distmean", out var distance) && distance <= limit)
            {
                yield return $"< {limit} Mpc";
            }
        }
    }

    private static JsonElement Contour(SkyPosition center, SkyRegion fifty, SkyRegion ninety)
    {
        static double[] Point(SkyPosition position) => [Math.Round(position.RaDegrees, 5), Math.Round(position.DecDegrees, 5)];
        static object Feature(string type, object coordinates, int level) =>
            new { type = "Feature", geometry = new { type, coordinates }, properties = new { credible_level = level } };
        object Border(SkyRegion region, int level) => Feature("MultiLineString", SkyContour.Of(region).Select(line => line.Select(Point).ToList()).ToList(), level);
        return JsonSerializer.SerializeToElement(new
        {
            type = "FeatureCollection",
            features = new[] { Feature("Point", Point(center), 0), Border(fifty, 50), Border(ninety, 90) },
        });
    }
}
