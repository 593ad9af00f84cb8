using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Filters tried on archived alerts.</summary>
public sealed class FilterTestTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const double Jd = 2_460_900.75;
    private readonly AlertSite _site = new(fixture.Node);

    [Fact]
    public async Task Test_OfAHandfulOfAlerts_CountsClausesNightsMissesAndYield()
    {
        await _site.AddInstrumentsAsync();
        var (group, member) = await _site.GroupAsync("yield", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 1");
        // drb, mag: a passes twice in two nights; b fails by drb alone, c by mag alone, d by both; e is another programme's.
        await _site.IngestAsync(
            "ZTF Public",
            Packet("ZTF21yielda", 101, 0.9, 18), Packet("ZTF21yielda", 102, 0.9, 18, days: 1), Packet("ZTF21yielda", 103, 0.2, 18, days: 1),
            Packet("ZTF21yieldb", 104, 0.2, 18), Packet("ZTF21yieldc", 105, 0.9, 20), Packet("ZTF21yieldd", 106, 0.2, 20));
        await _site.IngestAsync("ZTF Partnership", new ZtfPacket("ZTF21yielde", 107) { Programme = 2, Drb = 0.99, Mag = 15 }.Packet());
        foreach (var name in new[] { "ZTF21yielda", "ZTF21yieldc" })
        {
            await _site.QueryAsync<long>("update objs set group_ids = array[$1] where id = $2 returning 1::bigint", group, name);
            await member.PostAsync("/api/sources", new { id = name, group_ids = new[] { group } });
        }

        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 19" });
        await member.PostAsync($"/api/filters/{id}/versions", new { expression = "drb > 0.5 and mag < 19" });
        var result = await RunAsync(member, id, new { version = 3, other_version = 2, first_night = "2025-08-01", last_night = "2025-08-31" });

        Assert.Equal((6, 4, 2, 1), (Long(result, "alerts"), Long(result, "objects"), Long(result, "passed"), Long(result, "passed_objects")));
        Assert.Equal(
            ["drb > 0.5 3 2 3 2 2", "mag < 19 1 1 2 2 1"],
            result.GetProperty("clauses").EnumerateArray().Select(clause =>
                $"{clause.GetProperty("text")} {clause.GetProperty("alerts_in_order")} {clause.GetProperty("objects_in_order")} {clause.GetProperty("alerts_alone")} {clause.GetProperty("objects_alone")} {clause.GetProperty("near_misses")}"));
        Assert.Equal(["4 1 1", "2 1 1"], result.GetProperty("nights").EnumerateArray().Select(night => $"{night.GetProperty("alerts")} {night.GetProperty("passed")} {night.GetProperty("passed_objects")}"));
        Assert.Equal(["101"], Ids(result.GetProperty("passing"), "101", "102"));
        Assert.Equal(3, result.GetProperty("near_misses").GetArrayLength());
        var yield = result.GetProperty("yield");
        Assert.Equal((2, 1), (Long(yield, "saved"), Long(yield, "found")));
        Assert.Equal("""["ZTF21yieldc"]""", yield.GetProperty("lost").GetRawText());
        var difference = result.GetProperty("difference");
        Assert.Equal((2, 0, 2, 1, 0, 1), (Long(difference, "both"), Long(difference, "only_this"), Long(difference, "only_other"), Long(difference, "objects_both"), Long(difference, "objects_only_this"), Long(difference, "objects_only_other")));
        Assert.True(result.GetProperty("microseconds_per_alert").GetDouble() > 0);
    }

    [Fact]
    public async Task NewestNight_IsTheNewestThatCanBeOfTheStream()
    {
        await _site.AddInstrumentsAsync();
        var archive = fixture.Node.Services.GetRequiredService<TrialArchive>();
        var (ztf, winter) = (await _site.StreamIdAsync("ZTF Public"), await _site.StreamIdAsync("WINTER"));
        await _site.IngestAsync("ZTF Public", Packet("ZTF21newest1", 901, 0.9, 18, days: 200));
        await _site.AddFutureAsync(901);
        try
        {
            Assert.Equal(new NewestNight(new DateOnly(2026, 2, 28), true), await archive.NewestNightAsync(Viewer.System, ztf, TestContext.Current.CancellationToken));
            Assert.Equal(new NewestNight(new DateOnly(2026, 2, 28), true), await archive.NewestNightAsync(new Viewer { UserId = 1, StreamIds = [ztf] }, ztf, TestContext.Current.CancellationToken));
            Assert.Equal(new NewestNight(null, true), await archive.NewestNightAsync(new Viewer { UserId = 1, StreamIds = [winter] }, ztf, TestContext.Current.CancellationToken));
            Assert.Equal(new NewestNight(null, true), await archive.NewestNightAsync(Viewer.System, winter, TestContext.Current.CancellationToken));
        }
        finally
        {
            await _site.QueryAsync<long>("delete from alerts where alert_id = 901 returning alert_id");
        }
    }

    [Fact]
    public async Task Test_OfAPublicFilter_NeverSeesPointsOfThePartnership()
    {
        await _site.AddInstrumentsAsync();
        var (group, member) = await _site.GroupAsync("blind", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 1");
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF21blindaa", 201)
        {
            Jd = Jd + 100, Previous = [(Jd + 99, 12.5, 2), (Jd + 98, 18.8, 1)], Forced = [(Jd + 97, 1e6, 10, "0", 3)],
        }.Packet());

        var result = await RunAsync(member, id, new { expression = "any(history, mag < 15) or count(prv_candidates) > 1 or count(fp_hists) > 0", first_night = "2025-11-01", last_night = "2025-12-31" });
        var seen = await RunAsync(member, id, new { expression = "count(prv_candidates) == 1", first_night = "2025-11-01", last_night = "2025-12-31" });

        Assert.Equal((1, 0), (Long(result, "alerts"), Long(result, "passed")));
        Assert.Equal(1, Long(seen, "passed"));
        Assert.Equal([18.8, 18.5], seen.GetProperty("passing")[0].GetProperty("points").EnumerateArray().Select(point => Math.Round(point.GetProperty("mag").GetDouble(), 3)));
    }

    [Fact]
    public async Task Test_OfSomebodyElse_IsNotThere()
    {
        var (group, member) = await _site.GroupAsync("mine", "ZTF Public");
        var (_, outsider) = await _site.GroupAsync("not-mine", "ZTF Public");
        var other = await fixture.Node.ClientAsync("mine-too", groups: (group, true));
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");
        var test = (await member.PostAsync($"/api/filters/{id}/tests", new { first_night = "2025-08-01", last_night = "2025-08-01" })).GetProperty("id").GetInt64();

        Assert.Equal(404, (await other.SendAsync(HttpMethod.Get, $"/api/filters/{id}/tests/{test}")).Status);
        Assert.Equal(0, (await other.GetAsync($"/api/filters/{id}/tests")).GetArrayLength());
        Assert.Equal(404, (await other.SendAsync(HttpMethod.Post, $"/api/filters/{id}/tests/{test}/cancel", new { })).Status);
        Assert.Equal(400, (await outsider.SendAsync(HttpMethod.Get, $"/api/filters/{id}/tests/{test}")).Status);
        Assert.Equal(400, (await outsider.SendAsync(HttpMethod.Get, $"/api/filters/{id}/tests")).Status);
        Assert.Equal(400, (await outsider.SendAsync(HttpMethod.Post, $"/api/filters/{id}/tests", new { first_night = "2025-08-01", last_night = "2025-08-01" })).Status);
        await member.PostAsync($"/api/filters/{id}/tests/{test}/cancel", new { });
        Assert.Equal("cancelled", (await member.GetAsync($"/api/filters/{id}/tests/{test}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Test_WhoseAskerLeftTheGroup_FailsAndTellsNothing()
    {
        var (group, admin) = await _site.GroupAsync("left", "ZTF Public");
        var member = await fixture.Node.ClientAsync("left-early", groups: (group, false));
        var id = await _site.FilterAsync(admin, group, "ZTF Public", "mag < 30");
        var test = (await member.PostAsync($"/api/filters/{id}/tests", new { first_night = "2025-08-01", last_night = "2025-08-31" })).GetProperty("id").GetInt64();
        await admin.DataAsync(HttpMethod.Delete, $"/api/groups/{group}/users/{member.UserId}");

        await WorkAsync();

        Assert.Equal(["failed"], await _site.QueryAsync<string>("select state from filter_tests where id = $1 and result is null", test));
    }

    [Fact]
    public async Task Test_OfANodeThatDied_IsTakenOverAndAtLastGivenUp()
    {
        var (group, member) = await _site.GroupAsync("died", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");
        var test = (await member.PostAsync($"/api/filters/{id}/tests", new { first_night = "2025-08-01", last_night = "2025-08-01" })).GetProperty("id").GetInt64();
        var run = fixture.Node.Services.GetRequiredService<RunFilterTests>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, (await ClaimAsync(run, test))!.Attempt);
            await _site.QueryAsync<long>("update filter_tests set heartbeat_at = now() - interval '2 minutes' where id = $1 returning id", test);
        }

        Assert.Null(await ClaimAsync(run, test));

        Assert.StartsWith("It was given up", (await member.GetAsync($"/api/filters/{id}/tests/{test}")).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"first_night": "2025-08-01"}""", "last_night")]
    [InlineData("""{"first_night": "2025-08-32", "last_night": "2025-08-01"}""", "first_night")]
    [InlineData("""{"first_night": "2025-08-02", "last_night": "2025-08-01"}""", "last_night")]
    [InlineData("""{"first_night": "2020-08-02", "last_night": "2025-08-01"}""", "last_night")]
    [InlineData("""{"first_night": "2025-08-01", "last_night": "2025-08-01", "version": 99}""", "version 99")]
    [InlineData("""{"first_night": "2025-08-01", "last_night": "2025-08-01", "expression": "magg < 1"}""", "expression")]
    public async Task Start_WithAFault_IsRefusedAndNamesIt(string body, string part)
    {
        var (group, member) = await _site.GroupAsync($"bad-{Guid.NewGuid():N}", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");

        var (status, envelope) = await member.SendAsync(HttpMethod.Post, $"/api/filters/{id}/tests", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.InRange(status, 400, 404);
        Assert.Contains(part, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Infrastructure.Alerts.AlertPacket Packet(string name, long candid, double drb, double mag, double days = 0) =>
        new ZtfPacket(name, candid) { Jd = Jd + days, Drb = drb, Mag = mag }.Packet();

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    // One of an object's alerts is shown; which one is decided by its number.
    private static IEnumerable<string> Ids(JsonElement examples, string shown, string same) =>
        examples.EnumerateArray().Select(example => example.GetProperty("alert_id").ToString()).Select(id => id == same ? shown : id);

    private async Task<JsonElement> RunAsync(TestClient member, int filter, object request)
    {
        var test = (await member.PostAsync($"/api/filters/{filter}/tests", request)).GetProperty("id").GetInt64();
        await WorkAsync();
        var done = await member.GetAsync($"/api/filters/{filter}/tests/{test}");
        Assert.True(done.GetProperty("state").GetString() == "done", done.ToString());
        return done.GetProperty("result");
    }

    private async Task WorkAsync()
    {
        var run = fixture.Node.Services.GetRequiredService<RunFilterTests>();
        while (await run.ClaimAsync(CancellationToken.None) is { } claimed)
        {
            await run.RunAsync(claimed, CancellationToken.None);
        }
    }

    private static async Task<ClaimedFilterTest?> ClaimAsync(RunFilterTests run, long test)
    {
        while (await run.ClaimAsync(CancellationToken.None) is { } claimed)
        {
            if (claimed.Id == test)
            {
                return claimed;
            }

            await run.RunAsync(claimed, CancellationToken.None);
        }

        return null;
    }
}
