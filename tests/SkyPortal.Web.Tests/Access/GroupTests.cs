using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Groups, members, streams and admission requests, from outside.</summary>
public sealed class GroupTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static int _count;

    [Fact]
    public async Task PostGroup_DuplicateName_AnswersAsTheContractSays()
    {
        var admin = await site.Node.AdminAsync();
        var name = Name("group");
        await admin.PostAsync("/api/groups", new { name, group_admins = Array.Empty<int>() });

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/groups", new { name });

        Assert.Equal((400, $"Group with name {name} already exists. Please select a new one."), (status, envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Verbs_OfAnAdministratorWhoMayNotUpload_AreRefusedWhereverTheyAreCalled()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin);
        var viewerClient = await site.Node.ClientAsync(Name("reader"), Role.ViewOnly, (groupId, true));
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(viewerClient.UserId, CancellationToken.None)).Viewer!;
        Assert.Contains(groupId, viewer.AdminGroupIds);

        await RefusedAsync<CreateGroup>(verb => verb.HandleAsync(viewer, new NewGroup(Name("mine"), null, null, false, []), CancellationToken.None));
        await RefusedAsync<UpdateGroup>(verb => verb.HandleAsync(viewer, groupId, new GroupChanges(Name("mine")), CancellationToken.None));
        await RefusedAsync<DeleteGroup>(verb => verb.HandleAsync(viewer, groupId, CancellationToken.None));
        await RefusedAsync<AddGroupMember>(verb => verb.HandleAsync(viewer, groupId, admin.UserId, false, true, false, CancellationToken.None));
        await RefusedAsync<AddMembersFromGroups>(verb => verb.HandleAsync(viewer, groupId, [groupId], CancellationToken.None));
        await RefusedAsync<UpdateGroupMember>(verb => verb.HandleAsync(viewer, groupId, viewerClient.UserId, false, null, null, CancellationToken.None));
        await RefusedAsync<AddGroupStream>(verb => verb.HandleAsync(viewer, groupId, 1, CancellationToken.None));
        await RefusedAsync<RemoveGroupStream>(verb => verb.HandleAsync(viewer, groupId, 1, CancellationToken.None));
        await RefusedAsync<DecideAdmission>(verb => verb.HandleAsync(viewer, 1, "accepted", CancellationToken.None));
        await RefusedAsync<CreateFilter>(verb => verb.HandleAsync(viewer, new NewFilter("mine", 1, groupId), CancellationToken.None));
        await RefusedAsync<ChangeFilter>(verb => verb.HandleAsync(viewer, 1, new FilterChanges { Name = "mine" }, CancellationToken.None));
        await RefusedAsync<DeleteFilter>(verb => verb.HandleAsync(viewer, 1, CancellationToken.None));

        async Task RefusedAsync<T>(Func<T, Task> call)
            where T : notnull
        {
            var refusal = await Assert.ThrowsAsync<Refusal>(() => call(site.Node.Services.GetRequiredService<T>()));
            Assert.Equal((RefusalKind.Forbidden, "Insufficient permissions: this needs \"Upload data\"."), (refusal.Kind, refusal.Message));
        }
    }

    [Fact]
    public async Task GetGroup_ByMember_HasTheContractsKeys()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin);
        await admin.PutAsync($"/api/groups/{groupId}", new { name = Name("renamed"), description = "d", nickname = "" });

        var group = await admin.GetAsync($"/api/groups/{groupId}?includeGroupUsers=true");
        var without = await admin.GetAsync($"/api/groups/{groupId}?includeGroupUsers=false");
        var lists = await admin.GetAsync("/api/groups");

        Assert.Equal(
            ["auto_accept_requests", "created_at", "description", "filters", "group_users", "id", "modified", "name", "nickname", "private", "single_user_group", "streams", "users"],
            Keys(group));
        Assert.False(without.TryGetProperty("users", out _));
        Assert.Equal(["all_groups", "user_accessible_groups", "user_groups"], Keys(lists));
        Assert.DoesNotContain(lists.GetProperty("all_groups").EnumerateArray(), row => row.GetProperty("single_user_group").GetBoolean());
        Assert.Contains(lists.GetProperty("user_groups").EnumerateArray(), row => row.GetProperty("single_user_group").GetBoolean());
    }

    [Theory]
    [InlineData("GET", "/api/groups/9999", null, 400, "Cannot find Group with id 9999")]
    [InlineData("GET", "/api/groups/x", null, 400, "Invalid group_id: x")]
    [InlineData("DELETE", "/api/groups/9999", null, 403, "Cannot find Group with id 9999")]
    [InlineData("POST", "/api/groups", """{"name": "  "}""", 400, "Missing required parameter: `name`")]
    [InlineData("POST", "/api/groups", """{"name": "n", "group_admins": ["x"]}""", 400, "group_admins")]
    [InlineData("POST", "/api/groups", """{"name": "n", "private": true}""", 400, "private")]
    [InlineData("PUT", "/api/groups/1", """{"name": "n", "id": 3}""", 400, "id: Extra")]
    [InlineData("POST", "/api/groups/1/users", "{}", 400, "userID")]
    [InlineData("POST", "/api/groups/1/users", """{"userID": 99999}""", 400, "there is no user with ID 99999")]
    [InlineData("POST", "/api/groups/2/users", """{"userID": 1}""", 400, "It is a single user group.")]
    [InlineData("PATCH", "/api/groups/1/users", """{"userID": 1}""", 400, "at least one of")]
    [InlineData("DELETE", "/api/groups/2/users/1", null, 403, "single user group")]
    [InlineData("DELETE", "/api/groups/1/users/99999", null, 403, "GroupUser does not exist.")]
    [InlineData("POST", "/api/groups/1/usersFromGroups", "{}", 400, "fromGroupIDs")]
    [InlineData("POST", "/api/groups/1/streams", """{"stream_id": 9999}""", 400, "Could not retrieve stream with ID 9999.")]
    [InlineData("DELETE", "/api/groups/1/streams/9999", null, 400, "No stream IDs with ID 9999 accessible")]
    [InlineData("GET", "/api/streams/9999", null, 400, "Could not retrieve stream with ID 9999.")]
    [InlineData("DELETE", "/api/streams/9999/users/1", null, 400, "Stream user does not exist.")]
    [InlineData("PATCH", "/api/user/9999", """{"username": "xxxxxx"}""", 400, "Cannot find user with ID 9999")]
    [InlineData("POST", "/api/user", "{}", 400, "username")]
    [InlineData("POST", "/api/user", """{"username": "someone", "contact_email": "nope"}""", 400, "Email does not appear to be valid")]
    [InlineData("POST", "/api/user", """{"username": "someone", "contact_phone": "abc"}""", 400, "Could not parse input as a phone number")]
    [InlineData("POST", "/api/user", """{"username": "someone", "contact_phone": "123"}""", 400, "Phone number given is not valid")]
    [InlineData("POST", "/api/user", """{"username": "someone", "affiliations": "x"}""", 400, "affiliations")]
    [InlineData("POST", "/api/user", """{"username": "someone", "groupIDsAndAdmin": [[1]]}""", 400, "groupIDsAndAdmin")]
    [InlineData("POST", "/api/user/1/roles", """{"roleIds": ["a", "b"]}""", 400, "Invalid role_id(s): a, b")]
    [InlineData("POST", "/api/user/1/acls", """{"aclIds": "x"}""", 400, "aclIds")]
    [InlineData("DELETE", "/api/user/1/acls/Nothing", null, 400, "Invalid acl_id")]
    [InlineData("DELETE", "/api/user/1/roles/Full%20user", null, 400, "User does not have specified role.")]
    [InlineData("DELETE", "/api/user/1/roles/Super%20admin", null, 400, "At least one user must keep")]
    [InlineData("GET", "/api/user?sortBy=shoe", null, 400, "sortBy")]
    [InlineData("POST", "/api/group_admission_requests", """{"groupID": 2, "userID": 1}""", 400, "Invalid group ID")]
    [InlineData("GET", "/api/group_admission_requests/77", null, 400, "Could not find an admission request with the ID: 77.")]
    [InlineData("PATCH", "/api/internal/profile", """{"shoe": 1}""", 400, "shoe: Extra")]
    [InlineData("PATCH", "/api/internal/profile", """{"bio": "short"}""", 400, "bio")]
    [InlineData("PATCH", "/api/internal/profile", """{"username": "abc"}""", 400, "at least five")]
    public async Task Route_BadRequest_IsRefusedByName(string method, string path, string? body, int expected, string message)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(expected, status);
        Assert.Contains(message, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddMember_WithoutTheGroupsStream_IsForbiddenUntilItIsGiven()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin, withSelf: true);
        var streamId = await StreamAsync(admin);
        await admin.PostAsync($"/api/streams/{streamId}/users", new { user_id = admin.UserId });
        await admin.PostAsync($"/api/groups/{groupId}/streams", new { stream_id = streamId });
        var member = await site.Node.ClientAsync(Name("member"));

        var (refused, envelope) = await admin.SendAsync(HttpMethod.Post, $"/api/groups/{groupId}/users", new { userID = member.UserId });
        await admin.PostAsync($"/api/streams/{streamId}/users", new { user_id = member.UserId });
        var added = await admin.PostAsync($"/api/groups/{groupId}/users", new { userID = member.UserId });
        var (again, already) = await admin.SendAsync(HttpMethod.Post, $"/api/groups/{groupId}/users", new { userID = member.UserId });
        var (needed, _) = await admin.SendAsync(HttpMethod.Delete, $"/api/streams/{streamId}/users/{member.UserId}");

        Assert.Equal((403, $"User {member.UserId} does not have stream access with ID {streamId}."), (refused, envelope.GetProperty("message").GetString()));
        Assert.Equal(["admin", "group_id", "user_id"], Keys(added));
        Assert.Equal((400, $"User {member.UserId} is already a member of group {groupId}."), (again, already.GetProperty("message").GetString()));
        Assert.Equal(400, needed);
        await admin.DataAsync(HttpMethod.Delete, $"/api/groups/{groupId}/users/{member.UserId}");
        await admin.DataAsync(HttpMethod.Delete, $"/api/streams/{streamId}/users/{member.UserId}");
    }

    [Fact]
    public async Task AddGroupStream_WhileAMemberLacksIt_IsForbidden()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin);
        var streamId = await StreamAsync(admin);
        await site.Node.ClientAsync(Name("member"), Role.FullUser, (groupId, false));

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, $"/api/groups/{groupId}/streams", new { stream_id = streamId });

        Assert.Equal((403, $"Not all users have stream access with ID {streamId}"), (status, envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task RemoveMember_ByAdministrator_TakesTheRightAtOnceAndTellsOpenPages()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin);
        await admin.PutAsync($"/api/groups/{groupId}", new { name = Name("hidden"), @private = true });
        var member = await site.Node.ClientAsync(Name("member"), Role.FullUser, (groupId, false));
        await member.GetAsync($"/api/groups/{groupId}");

        await admin.DataAsync(HttpMethod.Delete, $"/api/groups/{groupId}/users/{member.UserId}");

        var (status, _) = await member.SendAsync(HttpMethod.Get, $"/api/groups/{groupId}");
        Assert.Equal(400, status);
        await using var db = site.Node.Contexts.For(Viewer.System);
        var last = await db.Set<OutboxEvent>().OrderByDescending(item => item.Id).FirstAsync();
        Assert.Equal(("access.group.member.removed", $"{member.UserId}", admin.UserId), (last.Kind, last.Subject, last.ActorId));
    }

    [Fact]
    public async Task Outsider_OnEveryWriteOfAGroup_IsRefused()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin);
        var streamId = await StreamAsync(admin);
        var member = await site.Node.ClientAsync(Name("member"), Role.FullUser, (groupId, false));
        var outsider = await site.Node.ClientAsync(Name("outsider"));

        foreach (var caller in new[] { member, outsider })
        {
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Put, $"/api/groups/{groupId}", new { name = "taken over" }));
            Assert.Equal(403, await StatusAsync(caller, HttpMethod.Delete, $"/api/groups/{groupId}"));
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Post, $"/api/groups/{groupId}/users", new { userID = outsider.UserId }));
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Patch, $"/api/groups/{groupId}/users", new { userID = member.UserId, admin = true }));
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Post, $"/api/groups/{groupId}/streams", new { stream_id = streamId }));
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Post, $"/api/groups/{groupId}/usersFromGroups", new { fromGroupIDs = new[] { 1 } }));
            Assert.Equal(403, await StatusAsync(caller, HttpMethod.Delete, $"/api/groups/{groupId}/users/{admin.UserId}"));
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Get, $"/api/streams/{streamId}"));
            Assert.Equal(400, await StatusAsync(caller, HttpMethod.Post, $"/api/streams/{streamId}/users", new { user_id = caller.UserId }));
            Assert.Equal(401, await StatusAsync(caller, HttpMethod.Delete, $"/api/streams/{streamId}"));
        }

        Assert.Equal(403, await StatusAsync(outsider, HttpMethod.Delete, $"/api/groups/{groupId}/users/{member.UserId}"));
        Assert.Equal(200, await StatusAsync(member, HttpMethod.Delete, $"/api/groups/{groupId}/users/{member.UserId}"));
    }

    [Fact]
    public async Task UsersFromGroups_DistinctMembers_JoinOnce()
    {
        var admin = await site.Node.AdminAsync();
        var (from, also, to) = (await GroupAsync(admin), await GroupAsync(admin), await GroupAsync(admin, withSelf: true));
        var both = await site.Node.ClientAsync(Name("both"), Role.FullUser, (from, true), (also, false));

        await admin.PostAsync($"/api/groups/{to}/usersFromGroups", new { fromGroupIDs = new[] { from, also } });
        await admin.PostAsync($"/api/groups/{to}/usersFromGroups", new { fromGroupIDs = new[] { from, also } });

        var members = (await admin.GetAsync($"/api/groups/{to}")).GetProperty("users").EnumerateArray().ToList();
        Assert.Equal(new[] { admin.UserId, both.UserId }.Order(), members.Select(row => row.GetProperty("id").GetInt32()).Order());
        Assert.False(members.Single(row => row.GetProperty("id").GetInt32() == both.UserId).GetProperty("admin").GetBoolean());
    }

    [Fact]
    public async Task AdmissionRequest_Cycle_FollowsTheContract()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = await GroupAsync(admin, withSelf: true);
        var asker = await site.Node.ClientAsync(Name("asker"));
        var outsider = await site.Node.ClientAsync(Name("outsider"));

        var id = (await asker.PostAsync("/api/group_admission_requests", new { groupID = groupId, userID = asker.UserId })).GetProperty("id").GetInt32();

        Assert.Equal(400, await StatusAsync(outsider, HttpMethod.Post, "/api/group_admission_requests", new { groupID = groupId, userID = asker.UserId }));
        Assert.Equal(400, await StatusAsync(outsider, HttpMethod.Get, $"/api/group_admission_requests/{id}"));
        Assert.Equal(400, await StatusAsync(asker, HttpMethod.Patch, $"/api/group_admission_requests/{id}", new { status = "accepted" }));
        await admin.DataAsync(HttpMethod.Patch, $"/api/group_admission_requests/{id}", new { status = "accepted" });
        var row = await asker.GetAsync($"/api/group_admission_requests/{id}");
        Assert.Equal("accepted", row.GetProperty("status").GetString());
        Assert.Equal(asker.UserId, row.GetProperty("user").GetProperty("id").GetInt32());
        Assert.DoesNotContain(
            (await admin.GetAsync($"/api/groups/{groupId}")).GetProperty("users").EnumerateArray(), user => user.GetProperty("id").GetInt32() == asker.UserId);
        Assert.Equal(400, await StatusAsync(outsider, HttpMethod.Delete, $"/api/group_admission_requests/{id}"));
        await asker.DataAsync(HttpMethod.Delete, $"/api/group_admission_requests/{id}");
    }

    [Fact]
    public async Task AdmissionRequest_GroupThatAcceptsEverybody_MakesAMember()
    {
        var admin = await site.Node.AdminAsync();
        var groupId = (await admin.PostAsync("/api/groups", new { name = Name("open"), auto_accept_requests = true })).GetProperty("id").GetInt32();
        var asker = await site.Node.ClientAsync(Name("asker"));

        await asker.PostAsync("/api/group_admission_requests", new { groupID = groupId, userID = asker.UserId });

        Assert.Contains((await asker.GetAsync("/api/groups")).GetProperty("user_groups").EnumerateArray(), row => row.GetProperty("id").GetInt32() == groupId);
    }

    private static async Task<int> StatusAsync(TestClient client, HttpMethod method, string path, object? body = null) => (await client.SendAsync(method, path, body)).Status;

    private static async Task<int> GroupAsync(TestClient admin, bool withSelf = false) =>
        (await admin.PostAsync("/api/groups", new { name = Name("group"), group_admins = withSelf ? new[] { admin.UserId } : [] })).GetProperty("id").GetInt32();

    private static async Task<int> StreamAsync(TestClient admin) =>
        (await admin.PostAsync("/api/streams", new { name = Name("stream"), altdata = new { collection = "ZTF_alerts", selector = new[] { 1, 2 } } })).GetProperty("id").GetInt32();

    private static string Name(string stem) => $"{stem}-{Interlocked.Increment(ref _count)}";

    private static string[] Keys(JsonElement item) => [.. item.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];
}
