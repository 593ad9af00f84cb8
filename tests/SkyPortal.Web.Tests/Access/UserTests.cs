using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Users, rights, profiles and tokens, from outside.</summary>
public sealed class UserTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] UserKeys =
    [
        "acls", "affiliations", "bio", "contact_email", "contact_phone", "created_at", "expiration_date", "first_name", "id", "is_bot", "last_name", "modified",
        "oauth_uid", "permissions", "roles", "username",
    ];

    private static int _count;

    [Fact]
    public async Task PostUser_AsTheContractSays_MakesASlugAndItsGroups()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = (await admin.PostAsync("/api/groups", new { name = Name("group") })).GetProperty("id").GetInt32();

        var id = (await admin.PostAsync("/api/user", new
        {
            username = "New_Person@Example.org", first_name = "A", last_name = "B", roles = new[] { "Full user" }, contact_phone = "(555) 234-5678",
            groupIDsAndAdmin = new object[] { new object[] { groupId, true } },
        })).GetProperty("id").GetInt32();
        var user = await admin.GetAsync($"/api/user/{id}");
        var page = await admin.GetAsync("/api/user?username=new-person&numPerPage=5");

        Assert.Equal(UserKeys, Keys(user));
        Assert.Equal(("new-person-example-org", "+15552345678"), (user.GetProperty("username").GetString(), user.GetProperty("contact_phone").GetString()));
        Assert.Equal(1, page.GetProperty("totalMatches").GetInt32());
        var row = page.GetProperty("users")[0];
        Assert.Equal(UserKeys.Concat(["gravatar_url", "groups", "streams"]).Order(StringComparer.Ordinal), Keys(row));
        Assert.Equal(3, row.GetProperty("groups").GetArrayLength());
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a b/<script>")]
    [InlineData("--")]
    [InlineData("a\tb")]
    public async Task PostUser_UnfitName_IsRefusedWithTheRule(string username)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/user", new { username });

        Assert.Equal(400, status);
        Assert.Contains("username: a user name has letters, digits and any of - _ . @ +", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchUsers_ByAPlainUser_TellsOnlySharedGroupsAndNoStreams()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = (await admin.PostAsync("/api/groups", new { name = Name("group") })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync(Name("insider"), Role.FullUser, (groupId, false));
        var outsider = await site.Node.ClientAsync(Name("outsider"));

        var seen = (await outsider.GetAsync("/api/user?username=insider")).GetProperty("users").EnumerateArray().Single(user => user.GetProperty("id").GetInt32() == member.UserId);

        Assert.False(seen.TryGetProperty("streams", out _));
        Assert.Equal([1], seen.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task Rights_GivenByWhoManagesUsers_NeverExceedHisOwn()
    {
        var manager = await site.Node.ClientAsync(Name("manager"), Role.GroupAdmin);
        var other = await site.Node.ClientAsync(Name("other"));

        Assert.Equal(400, await StatusAsync(manager, HttpMethod.Post, $"/api/user/{other.UserId}/roles", new { roleIds = new[] { "Full user" } }));
        Assert.Equal(400, await StatusAsync(manager, HttpMethod.Post, $"/api/user/{manager.UserId}/roles", new { roleIds = new[] { "Super admin" } }));
        Assert.Equal(400, await StatusAsync(manager, HttpMethod.Post, $"/api/user/{manager.UserId}/acls", new { aclIds = new[] { "System admin" } }));
        Assert.Equal(400, await StatusAsync(manager, HttpMethod.Patch, $"/api/user/{other.UserId}", new { first_name = "x" }));
        Assert.Equal(400, await StatusAsync(manager, HttpMethod.Patch, $"/api/user/{manager.UserId}", new { expirationDate = "2090-01-01" }));
        Assert.Equal(400, await StatusAsync(manager, HttpMethod.Delete, $"/api/user/{other.UserId}"));
        Assert.Equal(401, await StatusAsync(other, HttpMethod.Post, $"/api/user/{other.UserId}/roles", new { roleIds = new[] { "Full user" } }));
    }

    [Fact]
    public async Task Rights_GivenAndTaken_ByAnAdministrator_HoldAtOnce()
    {
        var admin = await site.Node.AdminAsync();
        var user = await site.Node.ClientAsync(Name("person"), Role.ViewOnly);

        await admin.PostAsync($"/api/user/{user.UserId}/acls", new { aclIds = new[] { "Comment", "Manage users" } });
        await admin.PostAsync($"/api/user/{user.UserId}/roles", new { roleIds = new[] { "Full user" } });
        await admin.DataAsync(HttpMethod.Delete, $"/api/user/{user.UserId}/acls/Manage%20users");
        await admin.DataAsync(HttpMethod.Delete, $"/api/user/{user.UserId}/roles/View%20only");

        var detail = await user.GetAsync($"/api/user/{user.UserId}");
        Assert.Equal(["Full user"], Texts(detail.GetProperty("roles")));
        Assert.Equal(["Comment"], Texts(detail.GetProperty("acls")));
        Assert.Equal(6, detail.GetProperty("permissions").GetArrayLength());
    }

    [Fact]
    public async Task ExpiredUser_AnyRoute_IsForbiddenUntilTheDateIsCleared()
    {
        var admin = await site.Node.AdminAsync();
        var user = await site.Node.ClientAsync(Name("person"));

        await admin.DataAsync(HttpMethod.Patch, $"/api/user/{user.UserId}", new { expirationDate = "2001-01-01T00:00:00Z" });
        Assert.Equal(403, await StatusAsync(user, HttpMethod.Get, "/api/groups"));
        Assert.Equal(400, await StatusAsync(admin, HttpMethod.Patch, $"/api/user/{user.UserId}", new { expirationDate = "someday" }));
        await admin.DataAsync(HttpMethod.Patch, $"/api/user/{user.UserId}", new { expirationDate = "" });
        Assert.Equal(200, await StatusAsync(user, HttpMethod.Get, "/api/groups"));
    }

    [Fact]
    public async Task DeleteUser_WithTokensAndGroups_LeavesNothing()
    {
        var admin = await site.Node.AdminAsync();
        var name = Name("leaver");
        var user = await site.Node.ClientAsync(name);

        await admin.DataAsync(HttpMethod.Delete, $"/api/user/{user.UserId}");

        Assert.Equal(401, await StatusAsync(user, HttpMethod.Get, "/api/groups"));
        Assert.Equal(400, await StatusAsync(admin, HttpMethod.Get, $"/api/user/{user.UserId}"));
        Assert.Empty((await admin.GetAsync($"/api/groups?name={name}")).EnumerateArray());
    }

    [Fact]
    public async Task Profile_Read_HasTheContractsKeys()
    {
        var user = await site.Node.ClientAsync(Name("person"));

        var profile = await user.GetAsync("/api/internal/profile");

        Assert.Equal(
            UserKeys.Concat(["gravatar_url", "groupAdmissionRequests", "is_anonymous", "preferences", "streams", "tokens"]).Order(StringComparer.Ordinal), Keys(profile));
        Assert.Equal("{}", profile.GetProperty("preferences").GetRawText());
        var token = Assert.Single(profile.GetProperty("tokens").EnumerateArray());
        Assert.Equal(["acls", "created_at", "id", "name"], Keys(token));
        Assert.NotEqual(user.Token, token.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Profile_Preferences_AreMergedByTheContractsRules()
    {
        var user = await site.Node.ClientAsync(Name("person"));
        await PatchAsync(new { preferences = new { theme = "dark", newsFeed = new { comments = true, count = "10" }, photometryButtons = new { a = 1 }, followup = new { note = "x" } } });
        await PatchAsync(new { preferences = new { newsFeed = new { count = "20" }, photometryButtons = new { b = 2 }, followup = new { note = "" } } });
        await PatchAsync(new { preferences = new { notifications = new { gcn_events = new { active = true, properties = new { one = new { x = 1 } } } } } });
        await PatchAsync(new { preferences = new { notifications = new { gcn_events = new { properties = new { two = new { x = 2 } } } } } });

        var preferences = (await user.GetAsync("/api/internal/profile")).GetProperty("preferences");

        var expected = JsonSerializer.Deserialize<JsonElement>("""
            {"theme":"dark","newsFeed":{"comments":true,"count":"20"},"photometryButtons":{"b":2},"followup":{},
             "notifications":{"gcn_events":{"active":true,"properties":{"two":{"x":2}}}}}
            """);
        Assert.True(JsonElement.DeepEquals(expected, preferences), preferences.GetRawText());

        Task<JsonElement> PatchAsync(object body) => user.DataAsync(HttpMethod.Patch, "/api/internal/profile", body);
    }

    [Fact]
    public async Task Profile_Patch_TidiesBioAndRenamesTheOwnGroup()
    {
        var user = await site.Node.ClientAsync(Name("person"));
        var name = Name("renamed-person");

        await user.DataAsync(HttpMethod.Patch, "/api/internal/profile", new { bio = "  observes novae at night ", username = name, contact_email = "a@example.org", is_bot = true });
        var profile = await user.GetAsync("/api/internal/profile");

        Assert.Equal(("Observes novae at night.", name), (profile.GetProperty("bio").GetString(), profile.GetProperty("username").GetString()));
        Assert.Single((await user.GetAsync($"/api/groups?name={name}")).EnumerateArray());
        Assert.Equal(400, await StatusAsync(user, HttpMethod.Patch, "/api/internal/profile", new { username = "Admin" }));
        Assert.Equal(400, await StatusAsync(user, HttpMethod.Patch, "/api/internal/profile/1", new { first_name = "Intruder" }));
    }

    [Fact]
    public async Task Token_OfAProgram_MakesNoStrongerOne()
    {
        var admin = await site.Node.AdminAsync();
        var weak = new TestClient(site.Node.Address, (await admin.PostAsync("/api/internal/tokens", new { name = Name("weak"), acls = new[] { "Upload data" } })).GetProperty("token_id").GetString()!, admin.UserId);

        Assert.Equal(400, await StatusAsync(weak, HttpMethod.Post, "/api/internal/tokens", new { name = Name("strong"), acls = new[] { "System admin" } }));
        Assert.Equal(400, await StatusAsync(weak, HttpMethod.Put, "/api/internal/tokens/" + weak.Token, new { acls = new[] { "System admin" } }));
        Assert.Equal(400, await StatusAsync(weak, HttpMethod.Put, "/api/internal/tokens/" + weak.Token, new { acls = Array.Empty<string>() }));
        Assert.Equal(403, await StatusAsync(weak, HttpMethod.Post, "/api/internal/tokens", new { name = Name("for"), acls = new[] { "Upload data" }, user_id = 2 }));
    }

    [Fact]
    public async Task Token_ForABot_IsMadeByAnAdministratorAloneAndShownOnce()
    {
        var admin = await site.Node.AdminAsync();
        var bot = (await admin.PostAsync("/api/user", new { username = Name("robot") })).GetProperty("id").GetInt32();
        var plain = await site.Node.ClientAsync(Name("person"));

        var secret = (await admin.PostAsync("/api/internal/tokens", new { name = Name("bot"), acls = new[] { "Upload data" }, user_id = bot })).GetProperty("token_id").GetString()!;
        var client = new TestClient(site.Node.Address, secret, bot);
        var row = Assert.Single((await client.GetAsync("/api/internal/tokens")).EnumerateArray());

        Assert.Equal(["acls", "created_at", "created_by", "created_by_id", "id", "modified", "name"], Keys(row));
        Assert.Equal(["created_at", "id", "modified"], Keys(row.GetProperty("acls")[0]));
        Assert.NotEqual(secret, row.GetProperty("id").GetString());
        Assert.Equal(403, await StatusAsync(plain, HttpMethod.Post, "/api/internal/tokens", new { name = Name("x"), acls = new[] { "Upload data" }, user_id = bot }));
        Assert.Equal(400, await StatusAsync(plain, HttpMethod.Get, $"/api/internal/tokens/{row.GetProperty("id")}"));
        Assert.Equal(400, await StatusAsync(plain, HttpMethod.Delete, $"/api/internal/tokens/{row.GetProperty("id")}"));
        Assert.Equal(400, await StatusAsync(client, HttpMethod.Post, "/api/internal/tokens", new { name = Name("second"), acls = new[] { "Upload data" } }));
        await client.PutAsync($"/api/internal/tokens/{row.GetProperty("id")}", new { name = Name("renamed") });
        await client.DataAsync(HttpMethod.Delete, $"/api/internal/tokens/{secret}");
        Assert.Equal(401, await StatusAsync(client, HttpMethod.Get, "/api/groups"));
    }

    [Fact]
    public async Task DeleteGroupAndStream_OnAFullSite_LeaveNoRowThatNamesThem()
    {
        await using var own = await TestSite.StartAsync();
        var world = await World.CreateAsync(own.Node, 42);
        var admin = await own.Node.AdminAsync();
        var groupId = world.All<Group>().Single(group => group.Name == "group 2").Id;
        var streamId = world.All<AlertStream>().Single(stream => stream.Name == "stream 1").Id;
        Assert.Contains(world.All<Domain.Photometry.PhotometryPoint>(), point => point.GroupIds.Contains(groupId));

        await admin.DataAsync(HttpMethod.Delete, $"/api/groups/{groupId}");
        await admin.DataAsync(HttpMethod.Delete, $"/api/streams/{streamId}");

        await using var db = own.Node.Contexts.For(Viewer.System);
        foreach (var entity in db.Model.GetEntityTypes())
        {
            var rows = await World.ReadAsync(db, entity.ClrType);
            Assert.All(rows, row =>
            {
                Assert.False(Names(entity, row, "Group", groupId), $"{entity.ClrType.Name} still names the group.");
                Assert.False(Names(entity, row, "Stream", streamId), $"{entity.ClrType.Name} still names the stream.");
            });
        }
    }

    [Fact]
    public async Task Explain_SourceOfAGroup_SaysWhyAndHidesTheRest()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = (await admin.PostAsync("/api/groups", new { name = Name("group") })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync(Name("member"), Role.FullUser, (groupId, false));
        var outsider = await site.Node.ClientAsync(Name("outsider"));
        await using (var db = site.Node.Contexts.For(Viewer.System))
        {
            db.Add(new Domain.Sources.Obj { Id = "EXPLAINED", InternalKey = Guid.NewGuid(), GroupIds = [groupId] });
            await db.SaveChangesAsync();
        }

        const string Path = "/api/internal/access/explain?resource=source&id=EXPLAINED";
        var why = await member.GetAsync(Path);
        var hidden = await outsider.GetAsync(Path);
        var asked = await admin.GetAsync($"{Path}&user_id={member.UserId}");

        Assert.Equal("it was saved to one of your groups or passed one of their filters", why.GetProperty("reasons")[0].GetString());
        Assert.False(hidden.GetProperty("visible").GetBoolean());
        Assert.Equal(why.GetProperty("reasons").GetRawText(), asked.GetProperty("reasons").GetRawText());
        Assert.Equal(403, await StatusAsync(outsider, HttpMethod.Get, $"{Path}&user_id={member.UserId}"));
        Assert.Equal(400, await StatusAsync(outsider, HttpMethod.Get, "/api/internal/access/explain?resource=shoe&id=1"));
        Assert.Equal(400, await StatusAsync(outsider, HttpMethod.Get, "/api/internal/access/explain?resource=comment&id=x"));
    }

    private static bool Names(IEntityType entity, object row, string what, int id) =>
        (entity.FindProperty(what + "Ids")?.PropertyInfo?.GetValue(row) is int[] many && many.Contains(id))
        || (entity.FindProperty(what + "Id")?.PropertyInfo?.GetValue(row) is int one && one == id);

    private static async Task<int> StatusAsync(TestClient client, HttpMethod method, string path, object? body = null) => (await client.SendAsync(method, path, body)).Status;

    private static string Name(string stem) => $"{stem}-u{Interlocked.Increment(ref _count)}";

    private static string[] Keys(JsonElement item) => [.. item.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}
