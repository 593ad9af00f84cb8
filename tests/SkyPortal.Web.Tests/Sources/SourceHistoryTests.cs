using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>What was done to a source, and who learns of it.</summary>
public sealed class SourceHistoryTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task History_OfEach_HoldsWhatTheyMayKnow()
    {
        var admin = await site.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = "history group", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/groups", new { name = "history other", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync("history-member", Role.FullUser, (group, false), (other, false));
        var second = await site.Node.ClientAsync("history-second", Role.FullUser, (group, false));
        var outsider = await site.Node.ClientAsync("history-outsider");
        await member.PostAsync("/api/sources", new { id = "ObjHistory", ra = 1.0, dec = 2.0, group_ids = new[] { group } });
        await member.DataAsync(HttpMethod.Patch, "/api/sources/ObjHistory", new { redshift = 0.2, redshift_origin = "host" });
        await member.PostAsync("/api/sources/ObjHistory/comments", new { text = "to one group", group_ids = new[] { other } });

        Assert.Equal(["comment.posted", "source.updated", "source.saved"], await KindsAsync(member));
        Assert.Equal(["source.updated", "source.saved"], await KindsAsync(second));
        Assert.Empty(await KindsAsync(outsider));
    }

    [Fact]
    public async Task History_OfARemarkThatChangedHands_TellsItsFormerWordsToItsFormerReadersOnly()
    {
        var scene = await TwoGroupsAsync("hands");
        var id = (await scene.Member.PostAsync($"/api/sources/{scene.ObjId}/comments", new { text = "a secret", group_ids = new[] { scene.Other } })).GetProperty("comment_id").GetInt64();
        await scene.Member.DataAsync(HttpMethod.Put, $"/api/sources/{scene.ObjId}/comments/{id}", new { text = "for all", group_ids = new[] { scene.Group } });

        var told = await ItemsAsync(scene.Second, scene.ObjId);

        Assert.Contains(told, item => item.Kind == "comment.shared");
        Assert.DoesNotContain(told, item => item.Payload?.GetRawText().Contains("a secret", StringComparison.Ordinal) == true);
        Assert.Contains(await ItemsAsync(scene.Member, scene.ObjId), item => item.Payload?.GetRawText().Contains("a secret", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task History_OfRemarksOnAHiddenSpectrum_IsForItsReadersOnly()
    {
        var scene = await TwoGroupsAsync("spectrum");
        await using var db = site.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().OrderBy(row => row.Id).Select(row => row.Id).FirstAsync();
        var spectrum = (await scene.Member.PostAsync("/api/spectra", new
        {
            obj_id = scene.ObjId, instrument_id = instrument, observed_at = "2026-03-01T04:05:06", wavelengths = new[] { 4000, 5000 }, fluxes = new[] { 1, 2 }, group_ids = new[] { scene.Other },
        })).GetProperty("id").GetInt64();
        var id = (await scene.Member.PostAsync($"/api/spectra/{spectrum}/comments", new { text = "a secret" })).GetProperty("comment_id").GetInt64();
        await scene.Member.DataAsync(HttpMethod.Put, $"/api/spectra/{spectrum}/comments/{id}", new { text = "still a secret" });
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/spectra/{spectrum}/comments/{id}");
        await scene.Member.PostAsync($"/api/spectra/{spectrum}/annotations", new { origin = "secret", data = new { rlap = 9.5 } });

        Assert.DoesNotContain(await ItemsAsync(scene.Second, scene.ObjId), item => item.Kind.StartsWith("comment.", StringComparison.Ordinal) || item.Kind.StartsWith("spectrum", StringComparison.Ordinal));
        Assert.Equal(3, (await ItemsAsync(scene.Third, scene.ObjId)).Count(item => item.Kind.StartsWith("comment.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task History_OfDeletedPoints_CountsThoseOfEachGroupApart()
    {
        var scene = await TwoGroupsAsync("points");
        await using var db = site.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().OrderBy(row => row.Id).Select(row => row.Id).FirstAsync();
        foreach (var (group, mjds) in new[] { (scene.Group, new[] { 59000.5 }), (scene.Other, [59001.5, 59002.5]) })
        {
            await scene.Member.PostAsync("/api/photometry", new
            {
                obj_id = scene.ObjId, instrument_id = instrument, mjd = mjds, flux = mjds, fluxerr = 1.0, zp = 23.9, magsys = "ab", filter = "ztfg", group_ids = new[] { group },
            });
        }

        var admin = await site.Node.AdminAsync();
        await admin.DataAsync(HttpMethod.Delete, $"/api/sources/{scene.ObjId}/photometry");

        Assert.Equal([1], (await ItemsAsync(scene.Second, scene.ObjId)).Where(item => item.Kind == "photometry.deleted").Select(item => item.Payload!.Value.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task History_OfAddedPoints_NamesTheirCountAndInstrument()
    {
        var scene = await TwoGroupsAsync("added");
        await using var db = site.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().OrderBy(row => row.Id).Select(row => row.Id).FirstAsync();
        await scene.Member.PostAsync("/api/photometry", new
        {
            obj_id = scene.ObjId, instrument_id = instrument, mjd = new[] { 59000.5, 59001.5 }, flux = 5.0, fluxerr = 1.0, zp = 23.9, magsys = "ab", filter = "ztfg", group_ids = new[] { scene.Group },
        });

        var added = Assert.Single(await ItemsAsync(scene.Second, scene.ObjId), item => item.Kind == "photometry.added").Payload!.Value;

        Assert.Equal(2, added.GetProperty("count").GetInt32());
        Assert.Equal([instrument], added.GetProperty("instrumentIds").EnumerateArray().Select(id => id.GetInt32()));
    }

    // An object that two groups know; the member is in both, the second in the first, the third in both.
    private async Task<Scene> TwoGroupsAsync(string mark)
    {
        var admin = await site.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = $"{mark} group", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/groups", new { name = $"{mark} other", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync($"{mark}-member", Role.FullUser, (group, false), (other, false));
        var second = await site.Node.ClientAsync($"{mark}-second", Role.FullUser, (group, false));
        var third = await site.Node.ClientAsync($"{mark}-third", Role.FullUser, (group, false), (other, false));
        await member.PostAsync("/api/sources", new { id = $"Obj-{mark}", ra = 1.0, dec = 2.0, group_ids = new[] { group, other } });
        return new Scene($"Obj-{mark}", group, other, member, second, third);
    }

    private async Task<IReadOnlyList<SourceHistoryItem>> ItemsAsync(TestClient who, string objId)
    {
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(who.UserId, CancellationToken.None)).Viewer!;
        return await site.Node.Services.GetRequiredService<ReadSourceHistory>().HandleAsync(viewer, objId, CancellationToken.None);
    }

    private async Task<IEnumerable<string>> KindsAsync(TestClient who) => (await ItemsAsync(who, "ObjHistory")).Select(item => item.Kind);

    private sealed record Scene(string ObjId, int Group, int Other, TestClient Member, TestClient Second, TestClient Third);
}
