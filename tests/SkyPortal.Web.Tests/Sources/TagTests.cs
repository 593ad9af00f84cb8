using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>The vocabulary of tags, tags on objects, super-objects and interests over the API.</summary>
public sealed class TagTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task TagOption_MakeRenameDelete_KeepsOneWordOnce()
    {
        var admin = await site.Node.AdminAsync();
        var option = await admin.PostAsync("/api/objtagoption", new { name = "Rising", color = "#1f77b4" });
        var id = option.GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/objtagoption", new { name = "Fading" })).GetProperty("id").GetInt32();

        var (twice, _) = await admin.SendAsync(HttpMethod.Post, "/api/objtagoption", new { name = "rising" });
        var (taken, _) = await admin.SendAsync(HttpMethod.Patch, $"/api/objtagoption/{other}", new { name = "Rising" });
        var (missing, _) = await admin.SendAsync(HttpMethod.Patch, "/api/objtagoption/999999", new { name = "Other" });
        var renamed = await admin.DataAsync(HttpMethod.Patch, $"/api/objtagoption/{id}", new { name = "Rises" });
        var list = await admin.GetAsync("/api/objtagoption");
        await admin.DataAsync(HttpMethod.Delete, $"/api/objtagoption/{id}");
        var (gone, _) = await admin.SendAsync(HttpMethod.Delete, $"/api/objtagoption/{id}");

        Assert.Equal(["color", "created_at", "id", "modified", "name"], option.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal((409, 400, 404, 404), (twice, taken, missing, gone));
        Assert.Equal(("Rises", JsonValueKind.Null), (renamed.GetProperty("name").GetString(), renamed.GetProperty("color").ValueKind));
        Assert.Equal(2, list.EnumerateArray().Count(row => row.GetProperty("name").GetString() is "Rises" or "Fading"));
    }

    [Theory]
    [InlineData("""{"name": "two words"}""", "name")]
    [InlineData("""{"name": ""}""", "name")]
    [InlineData("""{"name": "good", "color": "red"}""", "color")]
    [InlineData("""{"name": "good", "colour": "#ffffff"}""", "colour")]
    [InlineData("""{}""", "name: Field required")]
    public async Task TagOption_BadInput_SaysWhatIsWrong(string body, string reason)
    {
        var (status, envelope) = await (await site.Node.AdminAsync()).SendAsync(HttpMethod.Post, "/api/objtagoption", body);

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Tag_OfOneGroup_IsSeenAndTakenAwayByThatGroupAlone()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "tagging");
        var admin = await site.Node.AdminAsync();
        var option = (await admin.PostAsync("/api/objtagoption", new { name = "Nuclear" })).GetProperty("id").GetInt32();
        await SaveAsync(member, group, "TAG_one");
        await SaveAsync(admin, 1, "TAG_all");

        var row = await member.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = "TAG_one", group_ids = new[] { group } });
        var id = row.GetProperty("id").GetInt64();
        var again = await member.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = "TAG_one", group_ids = new[] { group } });
        var wider = await member.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = "TAG_one" });
        var onSource = (await member.GetAsync("/api/sources/TAG_one")).GetProperty("tags")[0];
        var listed = (await member.GetAsync("/api/sources?sourceID=TAG_one")).GetProperty("sources")[0].GetProperty("tags")[0];
        var hidden = await outsider.SendAsync(HttpMethod.Post, "/api/objtag", new { objtagoption_id = option, obj_id = "TAG_one" });
        var foreign = await outsider.SendAsync(HttpMethod.Post, "/api/objtag", new { objtagoption_id = option, obj_id = "TAG_all", group_ids = new[] { group } });
        var unknown = await member.SendAsync(HttpMethod.Post, "/api/objtag", new { objtagoption_id = 99999, obj_id = "TAG_one" });
        var outside = await outsider.GetAsync("/api/objtag");
        var stolen = await outsider.SendAsync(HttpMethod.Delete, $"/api/objtag/{id}");
        var empty = await member.SendAsync(HttpMethod.Delete, $"/api/objtag/{id}", new { group_ids = Array.Empty<int>() });
        await member.DataAsync(HttpMethod.Delete, $"/api/objtag/{id}", new { group_ids = new[] { group } });
        var left = await member.GetAsync("/api/objtag?obj_id=TAG_one");
        await member.DataAsync(HttpMethod.Delete, $"/api/objtag/{id}");

        Assert.Equal("Nuclear", onSource.GetProperty("name").GetString());
        Assert.Equal(["author_id", "color", "created_at", "id", "modified", "name", "obj_id", "objtagoption_id"], row.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(["id", "name", "objtagoption_id"], listed.EnumerateObject().Select(field => field.Name).Order());
        Assert.Empty(again.EnumerateObject());
        Assert.Equal(["id", "message"], wider.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal((404, 403, 404, 404, 400), (hidden.Status, foreign.Status, unknown.Status, stolen.Status, empty.Status));
        Assert.Empty(outside.EnumerateArray());
        Assert.Single(left.EnumerateArray());
        Assert.Empty((await member.GetAsync($"/api/objtag?objtagoption_id={option}")).EnumerateArray());
    }

    [Fact]
    public async Task Tag_ThatOnlyOtherGroupsHave_IsAnsweredAsNew()
    {
        var admin = await site.Node.AdminAsync();
        var option = (await admin.PostAsync("/api/objtagoption", new { name = "Elsewhere" })).GetProperty("id").GetInt32();
        var group = (await admin.PostAsync("/api/groups", new { name = "tag group", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/groups", new { name = "tag other", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync("tag-member", Role.FullUser, (group, false));
        await admin.PostAsync("/api/sources", new { id = "TAG_elsewhere", ra = 1.0, dec = 2.0, group_ids = new[] { group, other } });
        await admin.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = "TAG_elsewhere", group_ids = new[] { other } });

        var row = await member.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = "TAG_elsewhere", group_ids = new[] { group } });

        Assert.Equal("Elsewhere", row.GetProperty("name").GetString());
        Assert.False(row.TryGetProperty("message", out _));
    }

    [Fact]
    public async Task SuperObj_OfASeenAndAHiddenObject_ShowsOnlyTheSeenOne()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "super");
        var admin = await site.Node.AdminAsync();
        await SaveAsync(member, group, "SUP_a");
        await SaveAsync(member, group, "SUP_b", 150.001);
        var (elsewhere, _, _) = await Team.MakeAsync(site.Node, "super-elsewhere");
        await SaveAsync(admin, elsewhere, "SUP_hidden");
        var option = (await admin.PostAsync("/api/objtagoption", new { name = "Lensed" })).GetProperty("id").GetInt32();
        await member.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = "SUP_b", group_ids = new[] { group } });
        await member.PostAsync("/api/sources/SUP_b/comments", new { text = "a remark", group_ids = new[] { group } });

        var id = (await member.PostAsync("/api/super_objs", new { name = "one thing", obj_ids = new[] { "SUP_a", "SUP_b" } })).GetProperty("id").GetInt32();
        await admin.DataAsync(HttpMethod.Patch, $"/api/super_objs/{id}", new { add_obj_ids = new[] { "SUP_hidden" } });
        var row = Assert.Single((await member.GetAsync("/api/super_objs?name=ONE%20thing&objID=SUP_a&isRoid=false")).EnumerateArray());
        var source = await member.GetAsync("/api/sources/SUP_a?includeSuperObjs=true&includeComments=true");
        var plain = await member.GetAsync("/api/sources/SUP_a?includeComments=true");
        var unseen = await member.SendAsync(HttpMethod.Post, "/api/super_objs", new { obj_ids = new[] { "SUP_a", "SUP_hidden" } });
        var mixed = await member.SendAsync(HttpMethod.Patch, $"/api/super_objs/{id}", new { obj_ids = new[] { "SUP_a" }, add_obj_ids = new[] { "SUP_b" } });
        var blank = await member.SendAsync(HttpMethod.Post, "/api/super_objs", new { name = " " });
        var denied = await member.SendAsync(HttpMethod.Delete, $"/api/super_objs/{id}");
        var outside = await outsider.SendAsync(HttpMethod.Patch, $"/api/super_objs/{id}", new { name = "mine" });
        var listed = await outsider.GetAsync("/api/super_objs");
        await member.DataAsync(HttpMethod.Patch, $"/api/super_objs/{id}", new { obj_ids = new[] { "SUP_a" }, name = "renamed" });
        var all = await admin.GetAsync($"/api/super_objs/{id}");

        Assert.Equal(["created_at", "id", "is_roid", "name", "objs"], row.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(["SUP_a", "SUP_b"], row.GetProperty("objs").EnumerateArray().Select(obj => obj.GetProperty("id").GetString()));
        var tied = Assert.Single(source.GetProperty("associated_objs").EnumerateArray());
        Assert.Equal(["dec", "obj_id", "ra", "separation", "super_obj_id", "super_obj_name"], tied.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(3.598, tied.GetProperty("separation").GetDouble(), 3);
        Assert.Equal((1, 1), (source.GetProperty("tags").GetArrayLength(), source.GetProperty("comments").GetArrayLength()));
        Assert.Equal((0, 0), (plain.GetProperty("tags").GetArrayLength(), plain.GetProperty("comments").GetArrayLength()));
        Assert.Equal((400, 400, 400, 401, 400), (unseen.Status, mixed.Status, blank.Status, denied.Status, outside.Status));
        Assert.Empty(listed.EnumerateArray());
        Assert.Equal(["SUP_a", "SUP_hidden"], all[0].GetProperty("objs").EnumerateArray().Select(obj => obj.GetProperty("id").GetString()));
        Assert.Equal("renamed", all[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Interest_RegisterAndWithdraw_SaysSoInTheConversation()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "interest");
        await SaveAsync(member, group, "INT_one");
        var other = await site.Node.ClientAsync("interest-other", "Full user", (group, false));

        var id = (await member.PostAsync("/api/sources/INT_one/interests", new { title = "Host study", link = "https://example.org/x" })).GetProperty("id").GetInt64();
        var row = Assert.Single((await other.GetAsync("/api/sources/INT_one/interests")).EnumerateArray());
        var remark = Assert.Single((await member.GetAsync("/api/sources/INT_one/comments?channel=Interested")).EnumerateArray());
        var script = await member.SendAsync(HttpMethod.Post, "/api/sources/INT_one/interests", new { title = "x", link = "javascript:alert(1)" });
        var foreign = await outsider.SendAsync(HttpMethod.Post, "/api/sources/INT_one/interests", new { title = "x" });
        var stolen = await other.SendAsync(HttpMethod.Delete, $"/api/sources/INT_one/interests/{id}");
        var outside = await outsider.GetAsync("/api/sources/INT_one/interests");
        await member.DataAsync(HttpMethod.Delete, $"/api/sources/INT_one/interests/{id}");

        Assert.Equal(["created_at", "description", "id", "link", "modified", "obj_id", "title", "user", "user_id"], row.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(["first_name", "gravatar_url", "id", "is_bot", "last_name", "username"], row.GetProperty("user").EnumerateObject().Select(field => field.Name).Order());
        Assert.True(remark.GetProperty("system").GetBoolean());
        Assert.Equal((400, 400, 400), (script.Status, foreign.Status, stolen.Status));
        Assert.Empty(outside.EnumerateArray());
        Assert.Empty((await member.GetAsync("/api/sources/INT_one/interests")).EnumerateArray());
        Assert.Equal(2, (await member.GetAsync("/api/sources/INT_one/comments?channel=Interested")).GetArrayLength());
    }

    private static Task<JsonElement> SaveAsync(TestClient client, int group, string id, double ra = 150) =>
        client.PostAsync("/api/sources", new { id, ra, dec = 2, group_ids = new[] { group } });
}
