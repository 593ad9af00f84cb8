using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read points over all objects, as a file, with their validations, and statistics beside each other.</summary>
internal static class PhotometryReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "GetPhotometryRange",
            "points by time",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/photometry/range?min_date=2026-01-01&max_date=2027-01-01")),
            (oracle, world, person) => OfGroups(oracle, world, person).Select(point => $"{point.Id}")),
        new(
            "GetPhotometryRange",
            "all points",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/photometry/range?format=flux")),
            (oracle, world, person) => OfGroups(oracle, world, person).Select(point => $"{point.Id}")),
        new(
            "GetSourcePhotometry",
            "as a file",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var id in world.All<Obj>().Select(obj => obj.Id))
                {
                    using var response = await client.Http.GetAsync($"/api/sources/{id}/photometry?export=csv");
                    var lines = response.IsSuccessStatusCode ? (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries) : [];
                    seen.AddRange(lines.Skip(1).Select(line => $"{id} {line.Split(',')[0]}"));
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<PhotometryPoint>(oracle, world, person).Select(point => $"{point.ObjId} {point.Id}")),
        new(
            "GetSourcePhotometry",
            "validations",
            async (client, world) => await ReadPaths.PerObjAsync(
                client, world, "/api/sources/{id}/photometry?individualOrSeries=individual&includeValidationInfo=true", list => list.EnumerateArray().SelectMany(point => ReadPaths.Ids(point.GetProperty("validations")))),
            (oracle, world, person) => ReadPaths.Seen<PhotometryValidation>(oracle, world, person)
                .Select(row => $"{world.All<PhotometryPoint>().Single(point => point.Id == row.PhotometryId).ObjId} {row.Id}")),
        new(
            "AggregatePhotStats",
            "numbers of points",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/phot_stats/aggregate?xField=num_obs_global&yField=num_det_global");
                return [.. data.GetProperty("points").EnumerateArray().Select(point => $"{point.GetProperty("id")} {point.GetProperty("x")}"), $"count {data.GetProperty("count")}"];
            },
            (oracle, world, person) =>
            {
                var objs = ReadPaths.Saved(oracle, world, person).Where(obj => Points(world, obj) is var points && (points.Count == 0 || SourceReadPaths.KnowsWholeCurve(world, person, obj))).ToList();
                return [.. objs.Select(obj => $"{obj.Id} {Points(world, obj).Count}"), $"count {objs.Count}"];
            }),
    ];

    // A range holds what is shared with groups; points of streams alone are not in it.
    private static IEnumerable<PhotometryPoint> OfGroups(Oracle oracle, World world, Person person) =>
        ReadPaths.Seen<PhotometryPoint>(oracle, world, person).Where(point => person.SeesAll || person.Groups.Overlaps(point.GroupIds));

    private static List<PhotometryPoint> Points(World world, Obj obj) => [.. world.All<PhotometryPoint>().Where(point => point.ObjId == obj.Id)];
}
