using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Filters over the API.</summary>
public sealed class FilterRoutesTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly AlertSite _site = new(fixture.Node);

    [Fact]
    public async Task Filter_MadeReadChangedDeleted_KeepsTheShapeOfTheContract()
    {
        var (group, member) = await _site.GroupAsync("shape", "ZTF Public");
        var stream = await _site.StreamIdAsync("ZTF Public");

        var id = (await member.PostAsync("/api/filters", new { name = "bright", stream_id = stream, group_id = group, altdata = new { autoSave = false } })).GetProperty("id").GetInt32();
        var listed = (await member.GetAsync("/api/filters")).EnumerateArray().Single();
        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { name = "brighter", autosave = true, expression = "mag < 18", annotations = new { mag = "mag" } });
        var one = await member.GetAsync($"/api/filters/{id}");

        Assert.Equal(
            ["active", "altdata", "annotations", "autosave", "broker_id", "created_at", "expression", "group_id", "id", "modified", "name", "stream_id", "version"],
            listed.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal("brighter", one.GetProperty("name").GetString());
        Assert.True(one.GetProperty("altdata").GetProperty("autoSave").GetBoolean());
        Assert.Equal("mag < 18", one.GetProperty("expression").GetString());
        Assert.Equal("ZTF Public", one.GetProperty("stream").GetProperty("name").GetString());
        await member.DataAsync(HttpMethod.Delete, $"/api/filters/{id}");
        var (status, envelope) = await member.SendAsync(HttpMethod.Get, $"/api/filters/{id}");
        Assert.Equal((400, $"Cannot find a filter with ID: {id}."), (status, envelope.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("""{"autoSave": false, "kept": 1}""", "{\"autosave\": true}", true, """{"kept":1,"autoSave":true}""")]
    [InlineData("""{"autoSave": true}""", "{\"autosave\": false}", false, """{"autoSave":false}""")]
    [InlineData("""{"kept": 1}""", "{\"autosave\": true}", true, """{"kept":1}""")]
    [InlineData("null", "{\"autosave\": true}", true, "null")]
    [InlineData("""{"kept": 1}""", "{\"autosave\": true, \"altdata\": {\"autoSave\": false}}", true, """{"autoSave":true}""")]
    [InlineData("""{"autoSave": true}""", "{\"name\": \"other\"}", false, """{"autoSave":true}""")]
    [InlineData("""{"autoSave": true}""", "{\"autosave\": null}", false, """{"autoSave":true}""")]
    public async Task Patch_Autosave_IsMirroredWhereAltdataHasIt(string altdata, string patch, bool autosave, string expected)
    {
        var (group, member) = await _site.GroupAsync($"auto-{Guid.NewGuid():N}", "ZTF Public");
        var stream = await _site.StreamIdAsync("ZTF Public");
        var id = (await member.PostAsync(
            "/api/filters", new { name = "auto", stream_id = stream, group_id = group, altdata = JsonSerializer.Deserialize<JsonElement>(altdata) })).GetProperty("id").GetInt32();

        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", patch);
        var filter = await member.GetAsync($"/api/filters/{id}");

        Assert.Equal(autosave, filter.GetProperty("autosave").GetBoolean());
        Assert.Equal(expected, JsonSerializer.Serialize(filter.GetProperty("altdata")));
    }

    [Fact]
    public async Task Patch_AutosaveOfAnotherKind_Answers400ThatNamesIt()
    {
        var (group, member) = await _site.GroupAsync("autosave-kind", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");

        var (status, envelope) = await member.SendAsync(HttpMethod.Patch, $"/api/filters/{id}", new { autosave = "maybe" });

        Assert.Equal(400, status);
        Assert.Contains("autosave", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_OfAnotherGroup_IsNotThereForOutsiders()
    {
        var (group, member) = await _site.GroupAsync("inside", "ZTF Public");
        var (_, outsider) = await _site.GroupAsync("outside", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");

        Assert.Equal(0, (await outsider.GetAsync("/api/filters")).GetArrayLength());
        foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Get, null), (HttpMethod.Patch, new { name = "mine" }), (HttpMethod.Delete, null) })
        {
            var (status, envelope) = await outsider.SendAsync(method, $"/api/filters/{id}", body);
            var (missing, missingEnvelope) = await outsider.SendAsync(method, "/api/filters/99999", body);
            Assert.Equal((400, 400), (status, missing));
            Assert.Equal(missingEnvelope.GetProperty("message").GetString()!.Replace("99999", $"{id}", StringComparison.Ordinal), envelope.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Patch_PlainMember_IsForbidden()
    {
        var (group, admin) = await _site.GroupAsync("plain", "ZTF Public");
        var member = await fixture.Node.ClientAsync("plain-only", Role.FullUser, (group, false));
        var id = await _site.FilterAsync(admin, group, "ZTF Public", "mag < 18");

        var (status, _) = await member.SendAsync(HttpMethod.Patch, $"/api/filters/{id}", new { name = "mine" });

        Assert.Equal(403, status);
    }

    [Theory]
    [InlineData("""{"stream_id": 1, "group_id": 1}""", "name")]
    [InlineData("""{"name": " ", "stream_id": 1, "group_id": 1}""", "name")]
    [InlineData("""{"name": "x", "stream_id": 99999, "group_id": 1}""", "Stream with ID 99999")]
    [InlineData("""{"name": "x", "stream_id": 1, "group_id": 99999}""", "Group with ID 99999")]
    [InlineData("""{"name": "x", "stream_id": 1, "group_id": 1, "expression": "mag <"}""", "expression: line 1, column")]
    [InlineData("""{"name": "x", "stream_id": 1, "group_id": 1, "expression": "mag < 18", "annotations": {"a": "nosuch"}}""", "annotations.a: line 1, column 1")]
    [InlineData("""{"name": "x", "stream_id": 1, "group_id": 1, "annotations": {"a": 1}}""", "annotations.a")]
    [InlineData("""{"name": "x", "stream_id": 1, "group_id": 1, "annotations": {"a": "mag"}}""", "expression")]
    [InlineData("""{"name": "x", "stream_id": 1, "group_id": 1, "colour": "red"}""", "colour")]
    [InlineData("""{"name": "x", "stream_id": "one", "group_id": 1}""", "stream_id")]
    public async Task Post_BadBody_Answers400ThatNamesIt(string body, string named)
    {
        var admin = await fixture.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/filters", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_StreamThatTheGroupDoesNotUse_IsRefusedToWhoCannotAddIt()
    {
        var (group, _) = await _site.GroupAsync("unused");
        var member = await fixture.Node.ClientAsync("unused-member", Role.FullUser, (group, false));
        var (_, partner) = await _site.GroupAsync("unused-partners", "ZTF Partnership");

        var (foreign, _) = await partner.SendAsync(HttpMethod.Post, "/api/filters", new { name = "x", stream_id = await _site.StreamIdAsync("ZTF Partnership"), group_id = group });
        var (without, _) = await member.SendAsync(HttpMethod.Post, "/api/filters", new { name = "x", stream_id = await _site.StreamIdAsync("ZTF Partnership"), group_id = group });

        Assert.Equal((400, 400), (foreign, without));
    }

    [Fact]
    public async Task Post_StreamThatTheGroupDoesNotUse_NamesItAndLeavesTheGroupAsItIs()
    {
        var (group, member) = await _site.GroupAsync("streamless");
        var stream = await _site.StreamIdAsync("ZTF Public");
        var admin = await fixture.Node.AdminAsync();
        await admin.SendAsync(HttpMethod.Post, $"/api/streams/{stream}/users", new { user_id = member.UserId });
        await admin.SendAsync(HttpMethod.Post, $"/api/streams/{stream}/users", new { user_id = admin.UserId });

        foreach (var client in new[] { member, admin })
        {
            var (status, envelope) = await client.SendAsync(HttpMethod.Post, "/api/filters", new { name = "x", stream_id = stream, group_id = group });
            Assert.Equal(400, status);
            Assert.Contains("does not use the stream 'ZTF Public'", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await admin.GetAsync($"/api/groups/{group}")).GetProperty("streams").GetArrayLength());
    }

    [Fact]
    public async Task Validate_TextWithErrors_TellsEachWithItsPlace()
    {
        var (_, member) = await _site.GroupAsync("validate", "ZTF Public");
        var stream = await _site.StreamIdAsync("ZTF Public");

        var good = await member.PostAsync("/api/filters/validate", new { stream_id = stream, expression = "mag < 18" });
        var bad = await member.PostAsync("/api/filters/validate", new { stream_id = stream, expression = "mag < nosuch", annotations = new { b = "1 +" } });

        Assert.True(good.GetProperty("valid").GetBoolean());
        Assert.False(bad.GetProperty("valid").GetBoolean());
        Assert.Equal(2, bad.GetProperty("errors").GetArrayLength());
        Assert.Equal(6, bad.GetProperty("errors")[0].GetProperty("offset").GetInt32());
    }
}
