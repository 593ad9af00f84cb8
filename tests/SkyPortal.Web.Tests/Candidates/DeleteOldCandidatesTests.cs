using System.Text.Json;
using SkyPortal.Domain.FollowUp;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Removal of old candidates.</summary>
public sealed class DeleteOldCandidatesTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task BulkDelete_InBatches_DeletesOldUnsavedObjectsOldestFirstAndKeepsTheRest()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (first, second) = (await scene.PassAsync("first", "2020-01-01"), await scene.PassAsync("second", "2019-01-01"));
        var (saved, undone, recent) = (await scene.PassAsync("saved", "2020-01-01"), await scene.PassAsync("undone", "2020-01-01"), await scene.PassAsync("recent", "2020-01-01"));
        await scene.PassAsync("recent", TimeProvider.System.GetUtcNow().AddDays(-3).ToString("s"));
        await scene.PointAsync(first);
        await scene.Member.PostAsync("/api/sources", new { id = saved, group_ids = new[] { scene.Group } });
        await scene.Member.PostAsync("/api/sources", new { id = undone, group_ids = new[] { scene.Group } });
        await scene.Admin.PostAsync("/api/source_groups", new { objId = undone, unsaveGroupIds = new[] { scene.Group } });

        var dry = await scene.Admin.PostAsync("/api/candidates/bulk_delete", new { dryRun = true });
        var batch = await scene.Admin.PostAsync("/api/candidates/bulk_delete", new { batchSize = 1 });
        var left = CandidateScene.Names(await scene.ListAsync(""));
        var rest = await scene.Admin.PostAsync("/api/candidates/bulk_delete", new { });
        var none = await scene.Admin.PostAsync("/api/candidates/bulk_delete", new { maxAgeMonths = "6" });

        Assert.Equal("""{"deleted":0,"remaining":3,"dryRun":true}""", Compact(dry));
        Assert.Equal("""{"deleted":1,"remaining":2,"dryRun":false}""", Compact(batch));
        Assert.DoesNotContain(first, left);
        Assert.Contains(second, left);
        Assert.Equal("""{"deleted":2,"remaining":0,"dryRun":false}""", Compact(rest));
        Assert.Equal("""{"deleted":0,"remaining":0,"dryRun":false}""", Compact(none));
        Assert.Equal([recent, saved], CandidateScene.Names(await scene.ListAsync("")));
        Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/candidates/{first}")).Status);
    }

    [Fact]
    public async Task BulkDelete_OfWhatAFacilityMayHold_WaitsForItsWithdrawal()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (asked, withdrawn) = (await scene.PassAsync("asked", "2018-01-01"), await scene.PassAsync("withdrawn", "2018-01-01"));
        var allocation = (await scene.Admin.PostAsync("/api/allocation", new { group_id = scene.Group, instrument_id = scene.Instrument, hours_allocated = 1 })).GetProperty("id").GetInt32();
        await using var db = site.Node.Contexts.For(Domain.Access.Viewer.System);
        foreach (var (obj, status) in new[] { (asked, "failed to delete: no answer"), (withdrawn, FollowupStatus.Deleted) })
        {
            db.Add(new FollowupRequest { ObjId = obj, AllocationId = allocation, Status = status, Payload = JsonElement.Parse("{}") });
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        await scene.Admin.PostAsync("/api/candidates/bulk_delete", new { });

        Assert.Equal([asked], CandidateScene.Names(await scene.ListAsync("")));
    }

    [Theory]
    [InlineData("{\"maxAgeMonths\": 0}", "maxAgeMonths")]
    [InlineData("{\"maxAgeMonths\": \"old\"}", "maxAgeMonths")]
    [InlineData("{\"maxAgeMonths\": 99999}", "maxAgeMonths")]
    [InlineData("{\"batchSize\": 0}", "batchSize")]
    [InlineData("{\"batchSize\": 10001}", "batchSize")]
    [InlineData("{\"dryRun\": \"maybe\"}", "dryRun")]
    public async Task BulkDelete_BadValue_Answers400ThatNamesIt(string body, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/candidates/bulk_delete", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BulkDelete_NoAdministrator_IsRefused()
    {
        var user = await site.Node.ClientAsync("no-administrator");

        var (status, _) = await user.SendAsync(HttpMethod.Post, "/api/candidates/bulk_delete", new { dryRun = true });

        Assert.Equal(401, status);
    }

    private static string Compact(System.Text.Json.JsonElement element) => System.Text.Json.JsonSerializer.Serialize(element);
}
