using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Spectra;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Sharing points and spectra over the API.</summary>
public sealed class SharingTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Sharing_OwnPointsAndSpectra_ShowsThemToTheGroupAndCountsThem()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var ids = await scene.PostAsync([60001, 60002], withGroup: false);
        var spectrum = (await scene.Member.PostAsync("/api/spectra", new
        {
            obj_id = scene.ObjId, instrument_id = scene.InstrumentId, observed_at = "2026-01-01T00:00:00", wavelengths = new[] { 4000, 5000 }, fluxes = new[] { 1, 2 },
        })).GetProperty("id").GetInt64();
        var before = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry");

        var foreign = await scene.Colleague.SendAsync(HttpMethod.Post, "/api/sharing", new { groupIDs = new[] { scene.GroupId }, photometryIDs = ids });
        var missing = await scene.Member.SendAsync(HttpMethod.Post, "/api/sharing", new { groupIDs = new[] { scene.GroupId }, photometryIDs = ids.Append(999_999_999), spectrumIDs = new[] { spectrum } });
        await scene.Member.PostAsync("/api/sharing", new { groupIDs = new[] { scene.GroupId }, photometryIDs = ids, spectrumIDs = new[] { spectrum } });
        var after = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry");
        var spectra = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/spectra");
        var stat = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/phot_stat");

        Assert.Equal((400, 400), (foreign.Status, missing.Status));
        Assert.Equal((0, 2, 1), (before.GetArrayLength(), after.GetArrayLength(), spectra.GetProperty("spectra").GetArrayLength()));
        Assert.Equal(2, stat.GetProperty("num_obs_global").GetInt32());
        Assert.Equal(403, (await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/photometry")).Status);
    }

    [Fact]
    public async Task Sharing_ByWhoMayShareInAGroup_ReachesOwnGroupsOnly()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var ids = await scene.PostAsync([60001]);
        await using var db = site.Node.Contexts.For(Viewer.System);
        var other = new Group { Name = $"other-{scene.Mark}" };
        db.Add(other);
        await db.Set<GroupUser>().Where(row => row.UserId == scene.Colleague.UserId && row.GroupId == scene.GroupId)
            .ExecuteUpdateAsync(row => row.SetProperty(member => member.CanSharePhotometry, true), TestContext.Current.CancellationToken);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        var foreign = await scene.Colleague.SendAsync(HttpMethod.Post, "/api/sharing", new { groupIDs = new[] { other.Id }, photometryIDs = ids });
        db.Add(new GroupUser { GroupId = other.Id, UserId = scene.Colleague.UserId });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var own = await scene.Colleague.SendAsync(HttpMethod.Post, "/api/sharing", new { groupIDs = new[] { other.Id }, photometryIDs = ids });

        Assert.Equal((400, 200), (foreign.Status, own.Status));
    }

    [Fact]
    public async Task Sharing_TwoAtOnce_LoseNoGroup()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var spectrum = (await scene.Member.PostAsync("/api/spectra", new
        {
            obj_id = scene.ObjId, instrument_id = scene.InstrumentId, observed_at = "2026-01-01T00:00:00", wavelengths = new[] { 4000, 5000 }, fluxes = new[] { 1, 2 },
        })).GetProperty("id").GetInt64();
        await using var first = await site.Node.Contexts.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await first.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var share = new NpgsqlCommand("update spectra set group_ids = group_ids || 1 where id = $1", first, transaction);
        share.Parameters.AddWithValue(spectrum);
        await share.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var second = scene.Member.PostAsync("/api/sharing", new { groupIDs = new[] { scene.GroupId }, spectrumIDs = new[] { spectrum } });
        await using var waiting = site.Node.Contexts.DataSource.CreateCommand(
            "select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')");
        while (!second.IsCompleted && !(bool)(await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken))!)
        {
            await Task.Yield();
        }

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await second;
        await using var db = site.Node.Contexts.For(Viewer.System);
        var groups = await db.Set<Spectrum>().Where(row => row.Id == spectrum).Select(row => row.GroupIds).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Contains(1, groups);
        Assert.Contains(scene.GroupId, groups);
    }

    [Theory]
    [InlineData("""{"groupIDs": [], "photometryIDs": [1]}""", "groupIDs")]
    [InlineData("""{"groupIDs": [1]}""", "photometryIDs")]
    [InlineData("""{"groupIDs": [999999], "photometryIDs": [1]}""", "group with ID 999999")]
    [InlineData("""{"groupIDs": [1], "photometryIDs": [1], "x": 1}""", "x: Extra")]
    public async Task Sharing_BadInput_SaysWhatIsWrong(string body, string reason)
    {
        var (status, envelope) = await (await site.Node.AdminAsync()).SendAsync(HttpMethod.Post, "/api/sharing", body);

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }
}
