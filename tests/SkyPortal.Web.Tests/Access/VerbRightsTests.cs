using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Pages call verbs without passing a route, so the verbs themselves demand the permissions that their routes name.</summary>
public sealed class VerbRightsTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Verb_WithoutItsPermission_IsRefused()
    {
        var admin = await site.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = "rights group", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/groups", new { name = "rights other", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync("rights-member", Role.FullUser, (group, false));
        var looker = await site.Node.ClientAsync("rights-looker", Role.ViewOnly, (group, false), (other, false));
        await member.PostAsync("/api/sources", new { id = "ObjRights", ra = 1.0, dec = 2.0, group_ids = new[] { group } });
        var comment = (await member.PostAsync("/api/sources/ObjRights/comments", new { text = "mine" })).GetProperty("comment_id").GetInt64();
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(looker.UserId, CancellationToken.None)).Viewer!;
        var data = System.Text.Json.JsonSerializer.SerializeToElement(new { value = 1 });
        var position = new ObjChanges().Set("ra", 1.0).Set("dec", 2.0);

        await RefusedAsync<SaveSource>(verb => verb.HandleAsync(viewer, new SaveRequest("ObjRights", position, [other]), CancellationToken.None));
        await RefusedAsync<UnsaveSource>(verb => verb.HandleAsync(viewer, "ObjRights", group, CancellationToken.None));
        await RefusedAsync<SetSourceProperties>(verb => verb.HandleAsync(viewer, "ObjRights", new ObjChanges().Set("redshift", 0.1), CancellationToken.None));
        await RefusedAsync<ShareSource>(verb => verb.HandleAsync(viewer, "ObjRights", [other], [], CancellationToken.None));
        await RefusedAsync<AnswerSourceOffer>(verb => verb.HandleAsync(viewer, "ObjRights", group, false, false, CancellationToken.None));
        await RefusedAsync<Classify>(verb => verb.HandleAsync(viewer, new NewClassification("ObjRights", "Ia", 1), CancellationToken.None));
        await RefusedAsync<EditClassification>(verb => verb.HandleAsync(viewer, 1, new ClassificationChange(null, 0.5, null, null, null), CancellationToken.None));
        await RefusedAsync<DeleteClassification>(verb => verb.HandleAsync(viewer, 1, false, CancellationToken.None));
        await RefusedAsync<PostComment>(verb => verb.HandleAsync(viewer, new NewComment("ObjRights", "words"), CancellationToken.None));
        await RefusedAsync<EditComment>(verb => verb.HandleAsync(viewer, CommentedKind.Sources, "ObjRights", comment, "words", null, null, CancellationToken.None));
        await RefusedAsync<DeleteComment>(verb => verb.HandleAsync(viewer, CommentedKind.Sources, "ObjRights", comment, CancellationToken.None));
        await RefusedAsync<DeleteChannel>(verb => verb.HandleAsync(viewer, "ObjRights", "channel", CancellationToken.None));
        await RefusedAsync<PostAnnotation>(verb => verb.HandleAsync(viewer, "ObjRights", "origin", data, null, CancellationToken.None));
        await RefusedAsync<EditAnnotation>(verb => verb.HandleAsync(viewer, AnnotatedKind.Sources, "ObjRights", 1, null, data, null, CancellationToken.None));
        await RefusedAsync<DeleteAnnotation>(verb => verb.HandleAsync(viewer, AnnotatedKind.Sources, "ObjRights", 1, CancellationToken.None));
        var groups = (await member.GetAsync("/api/sources/ObjRights")).GetProperty("groups");
        Assert.Equal([group], groups.EnumerateArray().Select(row => row.GetProperty("id").GetInt32()));
    }

    private async Task RefusedAsync<T>(Func<T, Task> act)
        where T : notnull
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => act(site.Node.Services.GetRequiredService<T>()));
        Assert.True(refusal.Kind == RefusalKind.Forbidden && refusal.Message.Contains("needs the permission", StringComparison.Ordinal), $"{typeof(T).Name}: {refusal.Message}");
    }
}
