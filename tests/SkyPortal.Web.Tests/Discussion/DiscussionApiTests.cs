using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Discussion;

/// <summary>Comments, annotations, classifications and taxonomies over the wire, and what an outsider sees of them.</summary>
public sealed class DiscussionApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Comment_PostEditDelete_GoesRound()
    {
        var (member, group, obj) = await SceneAsync();

        var posted = await member.PostAsync($"/api/sources/{obj}/comments", new { text = "Comment text", group_ids = new[] { group } });
        var again = await member.PostAsync($"/api/sources/{obj}/comments", new { text = "Comment text", group_ids = new[] { group } });
        var id = posted.GetProperty("comment_id").GetInt64();
        var list = await member.GetAsync($"/api/sources/{obj}/comments");
        await member.DataAsync(HttpMethod.Put, $"/api/sources/{obj}/comments/{id}", new { text = "New", obj_id = obj });
        var one = await member.GetAsync($"/api/sources/{obj}/comments/{id}");
        await member.DataAsync(HttpMethod.Delete, $"/api/sources/{obj}/comments/{id}");
        var (status, _) = await member.SendAsync(HttpMethod.Get, $"/api/sources/{obj}/comments/{id}");

        Assert.Equal(id, again.GetProperty("comment_id").GetInt64());
        Assert.Equal(
            ["attachment_name", "author", "author_id", "bot", "channel", "created_at", "id", "modified", "obj_id", "origin", "resourceType", "system", "text"],
            list[0].EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.True(list[0].GetProperty("bot").GetBoolean());
        Assert.Equal("New", one.GetProperty("text").GetString());
        Assert.Equal(403, status);
    }

    [Fact]
    public async Task Comment_Attachment_ComesBackAsItWas()
    {
        var (member, _, obj) = await SceneAsync();
        var body = new { text = "see file", attachment = new { name = "../a\"b.txt", body = Convert.ToBase64String("<script>alert(1)</script>"u8.ToArray()) } };

        var id = (await member.PostAsync($"/api/sources/{obj}/comments", body)).GetProperty("comment_id").GetInt64();
        using var response = await member.Http.GetAsync($"/api/sources/{obj}/comments/{id}/attachment");

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("<script>alert(1)</script>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Annotation_SameOriginTwice_IsRefused()
    {
        var (member, _, obj) = await SceneAsync();
        var body = new { origin = "kowalski", data = new { offset = 1.5, drb = 0.99, kind = "SN" } };

        await member.PostAsync($"/api/sources/{obj}/annotations", body);
        var (status, envelope) = await member.SendAsync(HttpMethod.Post, $"/api/sources/{obj}/annotations", body);
        var list = await member.GetAsync($"/api/sources/{obj}/annotations");

        Assert.Equal(400, status);
        Assert.Contains("duplicate key value violates unique constraint", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0.99, list[0].GetProperty("data").GetProperty("drb").GetDouble());
        Assert.True(list[0].GetProperty("groups").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Classification_ByRest_VotesAndRemembersEdits()
    {
        var (member, group, obj) = await SceneAsync();
        var taxonomy = (await member.GetAsync("/api/taxonomy"))[0].GetProperty("id").GetInt32();

        var id = (await member.PostAsync("/api/classification", new { obj_id = obj, classification = "Ia", taxonomy_id = taxonomy, probability = 0.9, group_ids = new[] { group } }))
            .GetProperty("classification_id").GetInt64();
        await member.DataAsync(HttpMethod.Put, $"/api/classification/{id}", new { probability = 0.5 });
        var list = await member.GetAsync($"/api/sources/{obj}/classifications");
        var (bad, envelope) = await member.SendAsync(HttpMethod.Post, "/api/classification", new { obj_id = obj, classification = "Foo", taxonomy_id = taxonomy });

        Assert.Equal("Ia", list[0].GetProperty("classification").GetString());
        Assert.Equal(1, list[0].GetProperty("votes")[0].GetProperty("vote").GetInt32());
        Assert.Equal(0.9, list[0].GetProperty("edits")[0].GetProperty("old_probability").GetDouble());
        Assert.Equal(400, bad);
        Assert.Contains("That classification (Foo) is not in the allowed classes for the chosen taxonomy", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRoute_Outsider_LearnsNothing()
    {
        var (member, group, obj) = await SceneAsync();
        var taxonomy = (await member.GetAsync("/api/taxonomy"))[0].GetProperty("id").GetInt32();
        var comment = (await member.PostAsync($"/api/sources/{obj}/comments", new { text = "Secret" })).GetProperty("comment_id").GetInt64();
        var annotation = (await member.PostAsync($"/api/sources/{obj}/annotations", new { origin = "secret", data = new { a = 1 } })).GetProperty("annotation_id").GetInt64();
        var classification = (await member.PostAsync("/api/classification", new { obj_id = obj, classification = "Ia", taxonomy_id = taxonomy })).GetProperty("classification_id").GetInt64();
        var outsider = await site.Node.ClientAsync($"outsider-{group}");

        Assert.Equal(0, (await outsider.GetAsync($"/api/sources/{obj}/comments")).GetArrayLength());
        Assert.Equal(0, (await outsider.GetAsync("/api/sources/comments?text=Secret")).GetArrayLength());
        Assert.Equal(0, (await outsider.GetAsync($"/api/sources/{obj}/annotations")).GetArrayLength());
        Assert.Equal(0, (await outsider.GetAsync($"/api/sources/{obj}/classifications")).GetArrayLength());
        Assert.DoesNotContain((await outsider.GetAsync("/api/classification")).GetProperty("classifications").EnumerateArray(), row => row.GetProperty("id").GetInt64() == classification);
        Assert.DoesNotContain((await outsider.GetAsync("/api/classification/sources")).EnumerateArray(), row => row.GetString() == obj);
        Assert.False((await outsider.GetAsync("/api/internal/annotations_info")).TryGetProperty("secret", out _));
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, $"/api/sources/{obj}/comments/{comment}", null),
            (HttpMethod.Get, $"/api/sources/{obj}/annotations/{annotation}", null),
            (HttpMethod.Get, $"/api/classification/{classification}", null),
            (HttpMethod.Put, $"/api/sources/{obj}/comments/{comment}", new { text = "mine" }),
            (HttpMethod.Delete, $"/api/sources/{obj}/annotations/{annotation}", null),
            (HttpMethod.Delete, $"/api/classification/{classification}", null),
            (HttpMethod.Post, $"/api/classification/votes/{classification}", new { vote = 1 }),
            (HttpMethod.Post, $"/api/sources/{obj}/comments", new { text = "hello" }),
            (HttpMethod.Post, $"/api/sources/{obj}/annotations", new { origin = "x", data = new { a = 1 } }),
            (HttpMethod.Post, "/api/classification", new { obj_id = obj, classification = "Ia", taxonomy_id = taxonomy }),
        })
        {
            var (status, _) = await outsider.SendAsync(method, path, body);
            Assert.True(status is >= 400 and < 500, $"{method} {path} answered {status}");
        }
    }

    [Theory]
    [InlineData("POST", "/api/classification", "{\"obj_id\":\"x\"}", "classification")]
    [InlineData("POST", "/api/classification", "{\"obj_id\":5,\"classification\":\"Ia\",\"taxonomy_id\":1}", "obj_id")]
    [InlineData("POST", "/api/taxonomy", "{\"name\":\"a\",\"version\":\"1\"}", "JSON of the taxonomy")]
    [InlineData("POST", "/api/taxonomy", "{\"name\":\"a\",\"version\":\"1\",\"hierarchy\":{\"klass\":\"x\"}}", "class")]
    [InlineData("GET", "/api/taxonomy/99999999999999", null, "taxonomy_id")]
    [InlineData("GET", "/api/classification/abc", null, "classification_id")]
    public async Task BadInput_IsRefusedWithItsName(string method, string path, string? body, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<(TestClient Member, int Group, string Obj)> SceneAsync()
    {
        var admin = await site.Node.AdminAsync();
        var mark = Guid.NewGuid().ToString("N")[..8];
        var group = (await admin.PostAsync("/api/groups", new { name = $"group {mark}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync($"member-{mark}", Role.FullUser, (group, false));
        await member.PostAsync("/api/sources", new { id = $"Obj{mark}", ra = 10.5, dec = 20.5, group_ids = new[] { group } });
        return (member, group, $"Obj{mark}");
    }
}
