using System.Text.Json;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

public sealed class ScoringModelTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private const string Route = "/api/internal/scoring_models";

    private readonly AlertSite _site = new(fixture.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Ingest_PassingAlert_GetsTheScoresAsAnnotationOfTheGroup()
    {
        var (group, member) = await _site.GroupAsync("scorers", "ZTF Public");
        var (_, outsider) = await _site.GroupAsync("scoreless", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26scoreda'");
        var id = await AddAsync(member, group, "tiny");

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26scoreda", 9_501) { Drb = 0.75, Mag = 18.5 }.Packet(), new ZtfPacket("ZTF26scoredb", 9_502).Packet());

        var annotation = Assert.Single((await member.GetAsync("/api/sources/ZTF26scoreda/annotations")).EnumerateArray());
        Assert.Equal("scorers:tiny", annotation.GetProperty("origin").GetString());
        Assert.Equal("""{"drb": 0.75, "mag": 18.5, "reference": 1}""", Sorted(annotation.GetProperty("data")));
        Assert.Equal([group], await _site.QueryAsync<int>("select unnest(group_ids) from annotations where obj_id = 'ZTF26scoreda'"));
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from annotations where obj_id = 'ZTF26scoredb'"));
        Assert.DoesNotContain((await outsider.GetAsync(Route)).EnumerateArray(), model => model.GetProperty("id").GetInt32() == id);
    }

    [Fact]
    public async Task Ingest_OlderPacketOrSwitchedOff_LeavesTheScores()
    {
        var (group, member) = await _site.GroupAsync("latescore", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26scoredc'");
        var id = await AddAsync(member, group, "tiny");
        var newest = new ZtfPacket("ZTF26scoredc", 9_511) { Drb = 0.5 };
        await _site.IngestAsync("ZTF Public", newest.Packet());

        await _site.IngestAsync("ZTF Public", (newest with { Candid = 9_512, Jd = newest.Jd - 1, Drb = 0.25 }).Packet());
        Assert.Equal(["0.5"], await ScoresAsync());
        await member.DataAsync(HttpMethod.Patch, $"{Route}/{id}", new { active = false });
        await _site.IngestAsync("ZTF Public", (newest with { Candid = 9_513, Jd = newest.Jd + 1, Drb = 0.25 }).Packet());

        Assert.Equal(["0.5"], await ScoresAsync());

        Task<List<string>> ScoresAsync() => _site.QueryAsync<string>("select data->>'drb' from annotations where obj_id = 'ZTF26scoredc'");
    }

    [Fact]
    public async Task Ingest_WithoutCutoutsOrValue_IsNotScored()
    {
        var (group, member) = await _site.GroupAsync("lackscore", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "startswith(objectId, 'ZTF26lacking')");
        await AddAsync(member, group, "tiny");

        await _site.IngestAsync(
            "ZTF Public", new ZtfPacket("ZTF26lackinga", 9_521) { Cutout = null }.Packet(), new ZtfPacket("ZTF26lackingb", 9_522) { Drb = null }.Packet());

        Assert.Equal([2L], await _site.QueryAsync<long>("select count(*) from candidates where obj_id like 'ZTF26lacking%'"));
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from annotations where obj_id like 'ZTF26lacking%'"));
    }

    [Theory]
    [InlineData("model", "\"aGVsbG8=\"", "model: It is no ONNX file")]
    [InlineData("model", "\"no base64!\"", "model: It must be the file in base64")]
    [InlineData("inputs", "{\"triplet\": {\"cutouts\": [\"science\"], \"size\": 63}}", "inputs.features: Field required")]
    [InlineData("inputs", "{\"triplet\": {\"cutouts\": [\"science\"], \"size\": 0}}", "inputs.triplet.size: It must be a whole number of pixels from 1 to 256")]
    [InlineData("inputs", "{\"triplet\": {\"cutouts\": [\"sky\"], \"size\": 63}}", "inputs.triplet.cutouts: They are science, template and difference")]
    [InlineData("inputs", "{\"triplet\": {\"cutouts\": [\"science\"], \"size\": 63, \"scaling\": \"log\"}}", "inputs.triplet.scaling: It must be one of none, norm, minmax")]
    [InlineData("inputs", "{\"nothing\": {\"expressions\": [\"drb\"]}}", "inputs.nothing: The model has no such name; it has triplet, features")]
    [InlineData("inputs", "{\"triplet\": {\"cutouts\": [\"science\", \"template\", \"difference\"], \"size\": 63}, \"features\": {\"expressions\": [\"drb\", \"dbr\"]}}", "inputs.features.expressions: expression 2")]
    [InlineData("inputs", "{\"triplet\": {\"cutouts\": [\"science\", \"template\", \"difference\"], \"size\": 63}, \"features\": {\"expressions\": [\"drb\"]}}", "model: The input 'features' has the shape (1, 1); the model takes (any, 2)")]
    [InlineData("outputs", "{\"score\": [\"a\"]}", "outputs.score: The model gives 5 numbers, and 1 are named")]
    [InlineData("outputs", "{\"other\": [\"a\"]}", "outputs.other: The model has no such name; it has score")]
    [InlineData("name", "\" \"", "name: It must have 1 to 100 characters")]
    public async Task Post_WhatCannotWork_IsRefusedByName(string field, string json, string message)
    {
        var (group, member) = await _site.GroupAsync($"refused{Guid.NewGuid():N}", "ZTF Public");
        var body = await BodyAsync(group, "tiny");
        body[field] = JsonDocument.Parse(json).RootElement;

        var (status, error) = await RefusedAsync(member, HttpMethod.Post, Route, body);

        Assert.Equal(400, status);
        Assert.Contains(message, error);
    }

    [Fact]
    public async Task Post_GroupWithoutTheStream_IsRefusedBeforeTheModelIsRead()
    {
        var (group, _) = await _site.GroupAsync("scorestreamless");
        var (streamed, _) = await _site.GroupAsync("scorestreamed", "ZTF Public");
        var member = await fixture.Node.ClientAsync("scorestreamless-both", Domain.Access.Role.FullUser, (group, true), (streamed, false));
        var body = await BodyAsync(group, "tiny");
        body["model"] = "aGVsbG8=";

        Assert.Contains("does not use the stream", (await RefusedAsync(member, HttpMethod.Post, Route, body)).Message);
    }

    [Fact]
    public async Task Post_EleventhActiveModel_IsRefusedUntilOneIsSwitchedOff()
    {
        var (group, member) = await _site.GroupAsync("manyscores", "ZTF Public");
        var first = await AddAsync(member, group, "model 0");
        for (var i = 1; i < 10; i++)
        {
            await AddAsync(member, group, $"model {i}");
        }

        var (status, message) = await RefusedAsync(member, HttpMethod.Post, Route, await BodyAsync(group, "model 10"));
        Assert.Equal((400, true), (status, message.Contains("10 active scoring models", StringComparison.Ordinal)));
        await member.DataAsync(HttpMethod.Patch, $"{Route}/{first}", new { active = false });
        await AddAsync(member, group, "model 10");
        Assert.Equal(400, (await RefusedAsync(member, HttpMethod.Patch, $"{Route}/{first}", new { active = true })).Status);
    }

    [Fact]
    public async Task Change_ByAMemberWhoIsNoAdministrator_IsRefused()
    {
        var (group, admin) = await _site.GroupAsync("scoreadmin", "ZTF Public");
        var id = await AddAsync(admin, group, "tiny");
        var member = await fixture.Node.ClientAsync("scoreadmin-plain", Domain.Access.Role.FullUser, (group, false));
        var (_, outsider) = await _site.GroupAsync("scoreelse", "ZTF Public");

        Assert.Equal(403, (await RefusedAsync(member, HttpMethod.Post, Route, await BodyAsync(group, "other"))).Status);
        Assert.Equal(403, (await RefusedAsync(member, HttpMethod.Delete, $"{Route}/{id}", null)).Status);
        Assert.Equal(400, (await RefusedAsync(outsider, HttpMethod.Delete, $"{Route}/{id}", null)).Status);
        await admin.DataAsync(HttpMethod.Delete, $"{Route}/{id}");
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from scoring_models where id = $1", id));
    }

    private static async Task<(int Status, string Message)> RefusedAsync(TestClient client, HttpMethod method, string path, object? body)
    {
        var (status, envelope) = await client.SendAsync(method, path, body);
        return (status, envelope.GetProperty("message").GetString()!);
    }

    private async Task<int> AddAsync(TestClient client, int group, string name) =>
        (await client.PostAsync(Route, await BodyAsync(group, name))).GetProperty("id").GetInt32();

    private async Task<Dictionary<string, object>> BodyAsync(int group, string name) => new()
    {
        ["name"] = name,
        ["group_id"] = group,
        ["stream_id"] = await _site.StreamIdAsync("ZTF Public"),
        ["model"] = Convert.ToBase64String(TinyModel.File),
        ["inputs"] = new
        {
            triplet = new { cutouts = new[] { "science", "template", "difference" }, size = 63, scaling = "norm", layout = "channels_first" },
            features = new { expressions = new[] { "drb", "mag" } },
        },
        ["outputs"] = new { score = new[] { null, "reference", null, "drb", "mag" } },
    };

    private static string Sorted(JsonElement data) =>
        $"{{{string.Join(", ", data.EnumerateObject().OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => $"\"{item.Name}\": {item.Value}"))}}}";
}
