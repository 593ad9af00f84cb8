using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>A page of 50 candidates out of two million, within sky maps: a burst of 50, an arc of some hundred and a ring of thousands of square degrees.</summary>
public sealed class SkyMapBenchmark : IBenchmark
{
    private const double GoalMs = 100;
    private const double WideGoalMs = 3_000;

    /// <inheritdoc/>
    public string Name => "skymap";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var rows = scale == BenchmarkScale.Full ? 2_000_000 : 5_000;
        var rounds = scale == BenchmarkScale.Full ? 9 : 2;
        await using var site = await TestSite.StartAsync();
        await progress.WriteLineAsync($"  seeding {rows:N0} candidates");
        await CandidatesPageBenchmark.SeedAsync(site.Node.Contexts.DataSource, rows, ct);
        var client = await site.Node.AdminAsync();
        var admin = new Viewer { UserId = client.UserId, Username = "admin", Acls = new HashSet<string> { Acl.SystemAdmin } };
        var post = site.Node.Services.GetRequiredService<PostGcnEvent>();
        var lists = site.Node.Services.GetRequiredService<ScanLists>();
        var figures = new List<Figure>();
        var day = 1;
        foreach (var (what, map) in new[] { ("burst", SkyMapShapes.Cone(new SkyPosition(40, 20), 2)), ("arc", Ring(30, 1.2, 1)), ("ring", Ring(60, 8, 0)) })
        {
            var (_, dateobs) = await post.HandleAsync(admin, new NewGcnEvent(new DateTime(2026, 1, day++, 0, 0, 0, DateTimeKind.Utc), null, [], [], null, new NewSkyMap(what, map)), ct);
            var region = map.CredibleRegion(SkyMapPart.UsualProbability);
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {what}: {map.Count} tiles, {region.Ranges.Length} ranges, {region.AreaSquareDegrees:0} square degrees"));
            var isWide = region.AreaSquareDegrees > 2_000;
            var goal = isWide ? WideGoalMs : GoalMs;
            var path = string.Create(CultureInfo.InvariantCulture, $"/api/candidates?numPerPage=50&requireDetections=false&localizationDateobs={dateobs:s}");
            var all = await Timing.MedianAsync(rounds, () => client.GetAsync(path));
            var part = new SkyMapPart(dateobs, null);
            var cards = await Timing.MedianAsync(rounds, () => lists.MakeAsync(admin, new CandidateCriteria { SkyMap = part, StartDate = new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc) }, what, ct));
            figures.Add(new Figure($"GET /api/candidates within a {what}, 50 of {rows:N0} [ms]", all, null, $"under {goal:0} ms", all < goal));
            figures.Add(new Figure($"list of the last day within a {what}, of {rows:N0} [ms]", cards, null, $"under {goal:0} ms", cards < goal));
        }

        return figures;
    }

    // A ring around a position, thicker on one side: what two detectors give.
    private static SkyMap Ring(double radiusDegrees, double widthDegrees, double lean)
    {
        const int order = 8;
        var center = new SkyPosition(200, -20);
        var builder = new SkyMapBuilder(order);
        var pixels = Enumerable.Range(0, (int)Healpix.PixelCount(order)).Select(pixel =>
        {
            var position = Healpix.CenterOf(order, pixel);
            var off = (center.SeparationDegrees(position) - radiusDegrees) / widthDegrees;
            return Math.Exp((-0.5 * off * off) + (lean * 3 * Math.Cos(center.PositionAngleDegrees(position) * Math.PI / 180)));
        }).ToArray();
        var sum = pixels.Sum() * 4 * Math.PI / pixels.Length;
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            builder.Add(pixel, pixels[pixel] / sum);
        }

        return builder.Build();
    }
}
