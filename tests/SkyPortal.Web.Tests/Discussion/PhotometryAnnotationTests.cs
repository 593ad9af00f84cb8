using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Discussion;

/// <summary>Annotations on points of photometry over the API.</summary>
public sealed class PhotometryAnnotationTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Annotation_PostedReadChangedDeleted_KeepsTheShapeOfTheContract()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var point = await scene.PointAsync(await scene.PassAsync("shape"));
        var path = $"/api/photometry/{point}/annotations";

        var id = (await scene.Member.PostAsync(path, new { origin = "bot", data = new { quality = 1 }, group_ids = new[] { scene.Group } })).GetProperty("annotation_id").GetInt64();
        var listed = (await scene.Member.GetAsync(path)).EnumerateArray().Single();
        await scene.Member.DataAsync(HttpMethod.Put, $"{path}/{id}", new { data = new { quality = 2 } });
        var one = await scene.Member.GetAsync($"{path}/{id}");
        var ofPoint = (await scene.Member.GetAsync($"/api/photometry/{point}")).GetProperty("annotations")[0];
        var again = await scene.Member.SendAsync(HttpMethod.Post, path, new { origin = "bot", data = new { } });
        await scene.Member.DataAsync(HttpMethod.Delete, $"{path}/{id}");
        var gone = await scene.Member.SendAsync(HttpMethod.Get, $"{path}/{id}");

        Assert.Equal(["author_id", "created_at", "data", "groups", "id", "modified", "obj_id", "origin", "photometry_id"], CandidateScene.Keys(listed));
        Assert.Equal(2, one.GetProperty("data").GetProperty("quality").GetInt32());
        Assert.Equal(id, ofPoint.GetProperty("id").GetInt64());
        Assert.Equal(400, again.Status);
        Assert.Contains("duplicate key value violates unique constraint", again.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((403, "Could not find any accessible annotations."), (gone.Status, gone.Envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Annotation_OfADeletedPoint_IsGone()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var point = await scene.PointAsync(await scene.PassAsync("deleted"));
        await scene.Admin.PostAsync($"/api/photometry/{point}/annotations", new { origin = "bot", data = new { quality = 1 }, group_ids = new[] { scene.Group } });

        await scene.Admin.DataAsync(HttpMethod.Delete, $"/api/photometry/{point}");

        await using var command = site.Node.Contexts.DataSource.CreateCommand($"select count(*) from annotations_on_photometry where photometry_id = {point}");
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AnyRoute_Outsider_LearnsNothing()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var point = await scene.PointAsync(await scene.PassAsync("hidden"));
        var id = (await scene.Admin.PostAsync($"/api/photometry/{point}/annotations", new { origin = "bot", data = new { quality = 1 }, group_ids = new[] { scene.Group } })).GetProperty("annotation_id").GetInt64();
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Mark}");

        Assert.Equal(0, (await outsider.GetAsync($"/api/photometry/{point}/annotations")).GetArrayLength());
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, $"/api/photometry/{point}/annotations/{id}", null),
            (HttpMethod.Put, $"/api/photometry/{point}/annotations/{id}", new { data = new { quality = 2 } }),
            (HttpMethod.Delete, $"/api/photometry/{point}/annotations/{id}", null),
            (HttpMethod.Post, $"/api/photometry/{point}/annotations", new { origin = "spy", data = new { } }),
        })
        {
            var (status, envelope) = await outsider.SendAsync(method, path, body);
            var (missing, missingEnvelope) = await outsider.SendAsync(method, path.Replace($"/{point}/", "/99999999/", StringComparison.Ordinal), body);
            Assert.Equal((403, 403), (status, missing));
            Assert.Equal(
                missingEnvelope.GetProperty("message").GetString()!.Replace("99999999", $"{point}", StringComparison.Ordinal), envelope.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Annotation_OfSomebodyElse_CannotBeChanged()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var point = await scene.PointAsync(await scene.PassAsync("theirs"));
        var id = (await scene.Admin.PostAsync($"/api/photometry/{point}/annotations", new { origin = "bot", data = new { quality = 1 }, group_ids = new[] { scene.Group } })).GetProperty("annotation_id").GetInt64();

        var (status, _) = await scene.Member.SendAsync(HttpMethod.Put, $"/api/photometry/{point}/annotations/{id}", new { data = new { quality = 2 } });

        Assert.Equal(403, status);
    }

    [Theory]
    [InlineData("{\"data\": {}}", "origin: Field required")]
    [InlineData("{\"origin\": \"!\", \"data\": {}}", "origin: String should match pattern")]
    [InlineData("{\"origin\": \"a\"}", "data: Field required")]
    [InlineData("{\"origin\": \"a\", \"data\": 1}", "data: Input should be a valid dictionary")]
    [InlineData("{\"origin\": \"a\", \"data\": {\"k\": \"\\u0000\"}}", "data.k")]
    [InlineData("{\"origin\": \"a\", \"data\": {\"k\\u0000\": 1}}", "a field's name")]
    [InlineData("{\"origin\": \"a\", \"data\": {}, \"group_ids\": [99999]}", "group_ids 99999")]
    public async Task Post_BadBody_Answers400ThatNamesIt(string body, string named)
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var point = await scene.PointAsync(await scene.PassAsync("bad"));

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, $"/api/photometry/{point}/annotations", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
