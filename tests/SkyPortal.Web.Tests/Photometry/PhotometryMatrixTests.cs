using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Pages.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>
/// Everybody by every row: a row for each set of groups, set of streams and owner, a person for each set of memberships and
/// streams, and every way to read points. Who holds a group or a stream of a row, or owns it, sees it; nobody else does.
/// </summary>
public sealed class PhotometryMatrixTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryWayToRead_EverybodyByEveryRow_ShowsWhatTheyHoldAndNothingElse()
    {
        var matrix = await MakeAsync();
        var wrong = new List<string>();
        foreach (var person in matrix.People)
        {
            var expected = matrix.Rows.Where(row => person.Sees(row)).Select(row => row.Mjd).Order().ToList();
            foreach (var (way, read) in Ways())
            {
                var seen = (await read(person, matrix)).Order().ToList();
                var wanted = way.StartsWith("range", StringComparison.Ordinal) ? [.. matrix.Rows.Where(row => person.SeesByGroup(row)).Select(row => row.Mjd).Order()] : expected;
                if (!seen.SequenceEqual(wanted))
                {
                    wrong.Add($"{way}, {person.Name}: too much [{string.Join(' ', seen.Except(wanted))}], too little [{string.Join(' ', wanted.Except(seen))}]");
                }
            }

            foreach (var (way, read) in Counts())
            {
                var seen = await read(person, matrix);
                if (seen != expected.Count)
                {
                    wrong.Add($"{way}, {person.Name}: {seen} in place of {expected.Count}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task EveryWayToRead_WhoDoesNotSeeTheObject_HoldsNothingOfIt()
    {
        var matrix = await MakeAsync();
        // They hold all streams of the points, which is not enough: the object itself is not theirs to see.
        var outsider = await matrix.PersonAsync(site.Node, "outsider", [], matrix.Streams, inTheField: false);
        foreach (var path in new[]
        {
            $"/api/sources/{matrix.ObjId}/photometry", $"/api/sources/{matrix.ObjId}/photometry?format=plot", $"/api/sources/{matrix.ObjId}/photometry?export=csv",
            $"/api/sources/{matrix.ObjId}?includePhotometry=true", $"/api/sources/{matrix.ObjId}/periodogram", $"/api/sources/{matrix.ObjId}/phot_stat",
            $"/api/photometry/{matrix.Rows[5].Id}",
        })
        {
            var (status, envelope) = await outsider.Client.SendAsync(HttpMethod.Get, path);
            Assert.True(status is 400 or 403 or 404, $"{path}: {status}");
            Assert.DoesNotContain("60005", envelope.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Null(await site.Node.Services.GetRequiredService<ReadSourcePage>().HandleAsync(await ViewerAsync(outsider), matrix.ObjId, SourceParts.Photometry, Ct));
    }

    private IEnumerable<(string Way, Func<MatrixPerson, PhotometryMatrix, Task<IEnumerable<double>>> Read)> Ways()
    {
        foreach (var format in new[] { "mag", "flux", "both", "plot" })
        {
            yield return ($"photometry of the source as {format}", async (person, matrix) =>
                Mjds(await person.Client.GetAsync($"/api/sources/{matrix.ObjId}/photometry?format={format}&individualOrSeries=both")));
        }

        yield return ("the source with its photometry", async (person, matrix) =>
            Mjds((await person.Client.GetAsync($"/api/sources/{matrix.ObjId}?includePhotometry=true")).GetProperty("photometry")));
        yield return ("single points", async (person, matrix) =>
        {
            var seen = new List<double>();
            foreach (var row in matrix.Rows)
            {
                var (status, envelope) = await person.Client.SendAsync(HttpMethod.Get, $"/api/photometry/{row.Id}");
                if (status == 200)
                {
                    seen.Add(envelope.GetProperty("data").GetProperty("mjd").GetDouble());
                }
            }

            return seen;
        });
        yield return ("comma-separated file", async (person, matrix) =>
        {
            var lines = (await person.Client.Http.GetStringAsync($"/api/sources/{matrix.ObjId}/photometry?export=csv", Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var column = Array.IndexOf(lines[0].Split(','), "mjd");
            return lines.Skip(1).Select(line => double.Parse(line.Split(',')[column], CultureInfo.InvariantCulture));
        });
        yield return ("lines of JSON", async (person, matrix) =>
            (await person.Client.Http.GetStringAsync($"/api/sources/{matrix.ObjId}/photometry?export=ndjson", Ct))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("mjd").GetDouble()));
        yield return ("lines of JSON of a list of sources", async (person, matrix) =>
            (await person.Client.Http.GetStringAsync($"/api/source_export?rows=photometry&format=ndjson&sourceID={matrix.ObjId}", Ct))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("mjd").GetDouble()));
        yield return ("range of times", async (person, matrix) =>
            (await person.Client.GetAsync($"/api/photometry/range?instrument_ids={matrix.InstrumentId}")).EnumerateArray()
                .Where(row => row.GetProperty("obj_id").GetString() == matrix.ObjId).Select(row => row.GetProperty("mjd").GetDouble()));
        yield return ("page of the source", async (person, matrix) =>
            (await site.Node.Services.GetRequiredService<ReadSourcePage>().HandleAsync(await ViewerAsync(person), matrix.ObjId, SourceParts.Photometry, Ct))!.Photometry.Points.Select(point => point.Mjd));
    }

    private static IEnumerable<(string Way, Func<MatrixPerson, PhotometryMatrix, Task<int>> Read)> Counts()
    {
        yield return ("periodogram", async (person, matrix) =>
            (await person.Client.GetAsync($"/api/sources/{matrix.ObjId}/periodogram")).GetProperty("num_points").GetInt32());
        yield return ("statistics", async (person, matrix) =>
        {
            var (status, envelope) = await person.Client.SendAsync(HttpMethod.Get, $"/api/sources/{matrix.ObjId}/phot_stat");
            return status == 200 ? envelope.GetProperty("data").GetProperty("num_obs_global").GetInt32() : 0;
        });
        yield return ("statistics beside the source", async (person, matrix) =>
            (await person.Client.GetAsync($"/api/sources/{matrix.ObjId}?includeDetectionStats=true")).GetProperty("photstats")
                .EnumerateArray().Select(stat => stat.GetProperty("num_det_global").GetInt32()).SingleOrDefault());
        yield return ("statistics in the list", async (person, matrix) =>
            (await person.Client.GetAsync($"/api/sources?sourceID={matrix.ObjId}&includeDetectionStats=true")).GetProperty("sources")[0].GetProperty("photstats")
                .EnumerateArray().Select(stat => stat.GetProperty("num_det_global").GetInt32()).SingleOrDefault());
        yield return ("a copy to another object", async (person, matrix) =>
        {
            var target = $"C{Guid.NewGuid():N}"[..12];
            await person.Client.PostAsync("/api/sources", new { id = target, ra = 1, dec = 2, group_ids = new[] { matrix.FieldGroup } });
            var (status, envelope) = await person.Client.SendAsync(HttpMethod.Post, $"/api/sources/{target}/copy_photometry", new { origin_id = matrix.ObjId, group_ids = new[] { matrix.FieldGroup } });
            return status == 200
                ? (await person.Client.GetAsync($"/api/sources/{target}/photometry")).GetArrayLength()
                : envelope.GetProperty("message").GetString()!.Contains("No photometry", StringComparison.OrdinalIgnoreCase) ? 0 : -1;
        });
    }

    private async Task<Viewer> ViewerAsync(MatrixPerson person) =>
        (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(person.UserId, Ct)).Viewer!;

    private static IEnumerable<double> Mjds(JsonElement rows) => rows.EnumerateArray().Select(row => row.GetProperty("mjd").GetDouble());

    private async Task<PhotometryMatrix> MakeAsync()
    {
        var node = site.Node;
        var mark = Guid.NewGuid().ToString("N")[..8];
        await using var db = node.Contexts.For(Viewer.System);
        Group[] groups = [.. new[] { "field", "a", "b" }.Select(name => new Group { Name = $"{name}-{mark}" })];
        AlertStream[] streams = [.. new[] { "s", "t" }.Select(name => new AlertStream { Name = $"{name}-{mark}" })];
        var telescope = new Telescope { Name = $"telescope-{mark}", Nickname = "T" };
        db.AddRange(groups);
        db.AddRange(streams);
        db.Add(telescope);
        await db.SaveChangesAsync(Ct);
        var instrument = new Instrument { Name = $"camera-{mark}", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg"] };
        db.Add(instrument);
        db.Add(new Obj { Id = $"M{mark}", Ra = 10, Dec = 20, GroupIds = [groups[0].Id], InternalKey = Guid.NewGuid() });
        await db.SaveChangesAsync(Ct);
        var matrix = new PhotometryMatrix(mark, instrument.Id, groups[0].Id, [groups[1].Id, groups[2].Id], [streams[0].Id, streams[1].Id]);
        await matrix.FillAsync(node);
        db.Add(new Source { ObjId = matrix.ObjId, GroupId = groups[0].Id, SavedById = matrix.People[0].UserId, SavedAt = db.UtcNow });
        await db.SaveChangesAsync(Ct);
        return matrix;
    }
}
