using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>Requests over the API: their life, who sees them, and what is refused.</summary>
public sealed class FollowupRequestTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Post_WithoutSettings_IsKeptFilledAndSubmitted()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);

        var (id, status) = await scene.AskedAsync(("target_group_ids", new[] { scene.Group }));
        var one = await scene.Member.GetAsync($"/api/followup_request/{id}");
        var listed = Assert.Single((await scene.Member.GetAsync($"/api/followup_request?allocationID={scene.Allocation}")).GetProperty("followup_requests").EnumerateArray());
        var ofSource = Assert.Single((await scene.Member.GetAsync($"/api/sources/{scene.Obj}")).GetProperty("followup_requests").EnumerateArray());

        Assert.Equal("submitted", status);
        Assert.Equal((300, 1, 2), (one.GetProperty("payload").GetProperty("exposure_time").GetDouble(), one.GetProperty("payload").GetProperty("exposure_counts").GetDouble(), one.GetProperty("payload").GetProperty("maximum_airmass").GetDouble()));
        Assert.Equal(7, (DateOnly.Parse(Day(one, "end_date")).DayNumber - DateOnly.Parse(Day(one, "start_date")).DayNumber));
        Assert.Equal(scene.Member.UserId, one.GetProperty("requester").GetProperty("id").GetInt32());
        Assert.Equal(scene.Group, Assert.Single(one.GetProperty("target_groups").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.Equal(scene.Obj, one.GetProperty("obj").GetProperty("id").GetString());
        Assert.Empty(one.GetProperty("transaction_requests").EnumerateArray());
        Assert.Equal(scene.Group, listed.GetProperty("allocation").GetProperty("group").GetProperty("id").GetInt32());
        Assert.Equal(scene.Instrument, ofSource.GetProperty("allocation").GetProperty("instrument").GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Life_StatusCommentWatchAndDelete_AreKept()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var (id, _) = await scene.AskedAsync();
        var path = $"/api/followup_request/{id}";

        await scene.Member.DataAsync(HttpMethod.Put, path, scene.Body(("payload", new { observation_choices = new[] { "ztfr" } })));
        Assert.Equal("ztfr", (await scene.Member.GetAsync(path)).GetProperty("payload").GetProperty("observation_choices")[0].GetString());
        await scene.Member.DataAsync(HttpMethod.Put, path, new { status = "Complete: taken" });
        Assert.Equal("Complete: taken", await scene.StatusAsync(id));
        await scene.Member.DataAsync(HttpMethod.Put, $"{path}/comment", new { comment = "clouds" });
        Assert.Equal("clouds", (await scene.Member.GetAsync(path)).GetProperty("comment").GetString());
        await scene.Member.DataAsync(HttpMethod.Put, $"{path}/comment", new { comment = "None" });
        Assert.Equal(JsonValueKind.Null, (await scene.Member.GetAsync(path)).GetProperty("comment").ValueKind);
        await scene.Member.PostAsync($"/api/followup_request/watch/{id}", new { });
        Assert.Equal(scene.Member.UserId, Assert.Single((await scene.Member.GetAsync(path)).GetProperty("watchers").EnumerateArray()).GetProperty("user_id").GetInt32());
        Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Post, $"/api/followup_request/watch/{id}", new { })).Status);
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/watch/{id}");
        Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Delete, $"/api/followup_request/watch/{id}")).Status);
        await scene.Member.DataAsync(HttpMethod.Delete, path);
        Assert.Equal("deleted", await scene.StatusAsync(id));
    }

    [Fact]
    public async Task List_EveryFilter_KeepsWhatItSays()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        await scene.AskedAsync(("payload", new { observation_choices = new[] { "ztfg" }, priority = 5, start_date = "2026-03-01", end_date = "2026-03-05" }));
        var (done, _) = await scene.AskedAsync(("payload", new { observation_choices = new[] { "ztfg" }, priority = 2, start_date = "2026-04-01", end_date = "2026-04-05" }));
        await scene.Member.DataAsync(HttpMethod.Put, $"/api/followup_request/{done}", new { status = "Done", payload = new { priority = "many", start_date = 5 } });

        async Task<int> CountAsync(string query) => (await scene.Member.GetAsync($"/api/followup_request?{query}")).GetProperty("totalMatches").GetInt32();

        Assert.Equal(2, await CountAsync(""));
        Assert.Equal(1, await CountAsync("priorityThreshold=4"));
        Assert.Equal(1, await CountAsync("status=dONE"));
        Assert.Equal(1, await CountAsync("observationStartDate=2026-02-01&observationEndDate=2026-03-06"));
        Assert.Equal(0, await CountAsync("observationEndDate=2026-03-04"));
        Assert.Equal(2, await CountAsync($"sourceID={scene.Obj.ToLowerInvariant()}&instrumentID={scene.Instrument}&requesters={scene.Member.UserId}"));
        Assert.Equal(0, await CountAsync("startDate=2090-01-01"));
        Assert.Equal(2, await CountAsync("sortBy=obj&sortOrder=desc&numPerPage=1&pageNumber=2"));
        foreach (var wrong in new[] { "sortBy=colour", "sortOrder=up", "allocationID=987654", "requesters=987654", "numPerPage=0", "priorityThreshold=x", "startDate=x" })
        {
            Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/followup_request?{wrong}")).Status);
        }
    }

    [Fact]
    public async Task Times_OfAnyZone_AreKeptAndFoundInUtc()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var (id, _) = await scene.AskedAsync(("payload", new { observation_choices = new[] { "ztfg" }, start_date = "2026-03-01T23:00:00-08:00", end_date = "2026-03-05 00:00:00" }));
        var one = await scene.Member.GetAsync($"/api/followup_request/{id}");

        Assert.Equal(("2026-03-02T07:00:00", "2026-03-05"), (Day(one, "start_date"), Day(one, "end_date")));
        foreach (var (query, count) in new[] { ("observationStartDate=2026-03-02T07:00:00", 1), ("observationStartDate=2026-03-02T07:00:01", 0), ("observationEndDate=2026-03-05", 1), ("observationEndDate=2026-03-04T23:59:59", 0) })
        {
            Assert.Equal(count, (await scene.Member.GetAsync($"/api/followup_request?{query}")).GetProperty("totalMatches").GetInt32());
        }
    }

    [Fact]
    public async Task Numbers_ThatNothingKeeps_AreRefusedAndTinyOnesAreRead()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var (id, _) = await scene.AskedAsync();
        var path = $"/api/followup_request/{id}";

        foreach (var number in new[] { "1e-400", "-1e-20000", "0e-20000", "1e400", "1e99999999999", $"0.{new string('1', 17_000)}", $"0.{new string('0', 400)}1" })
        {
            var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Put, path, $$$"""{"status": "x", "payload": {"priority": {{{number}}}}}""");
            Assert.Equal(400, status);
            Assert.Contains("payload.priority", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        await scene.Member.DataAsync(HttpMethod.Put, path, """{"status": "x", "payload": {"priority": 1e-320, "zero": 0.0e5}}""");
        Assert.Equal(0, (await scene.Member.GetAsync("/api/followup_request?priorityThreshold=1")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(1, (await scene.Member.GetAsync("/api/followup_request?priorityThreshold=0")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task Get_AfterManyTellings_NamesTheNewestHundred()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var (id, _) = await scene.AskedAsync();
        await using (var db = site.Node.Contexts.For(Domain.Access.Viewer.System))
        {
            db.AddRange(Enumerable.Range(0, 101).Select(number => new Domain.FollowUp.FacilityTransaction { FollowupRequestId = id, Request = JsonSerializer.SerializeToElement(new { number }) }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var said = (await scene.Member.GetAsync($"/api/followup_request/{id}")).GetProperty("transactions").EnumerateArray().ToList();

        Assert.Equal(100, said.Count);
        Assert.Equal(said.OrderByDescending(one => one.GetProperty("id").GetInt64()).Select(one => one.GetProperty("id").GetInt64()), said.Select(one => one.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task Outsider_OfTheAllocation_LearnsNothing()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var (id, _) = await scene.AskedAsync();
        // Sees the object, but not the allocation.
        var other = await FollowupScene.MakeAsync(site.Node);
        await scene.Manager.PostAsync("/api/sources", new { id = scene.Obj, group_ids = new[] { other.Group } });

        Assert.Empty((await other.Member.GetAsync($"/api/sources/{scene.Obj}")).GetProperty("followup_requests").EnumerateArray());
        Assert.Equal(0, (await other.Member.GetAsync("/api/followup_request")).GetProperty("totalMatches").GetInt32());
        foreach (var (method, path, body) in Ways(scene))
        {
            var hidden = await other.Member.SendAsync(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id), body);
            var missing = await other.Member.SendAsync(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, 987654), body);
            Assert.Equal(400, hidden.Status);
            Assert.Equal(missing.Envelope.GetProperty("message").GetString()!.Replace("987654", $"{id}", StringComparison.Ordinal), hidden.Envelope.GetProperty("message").GetString());
        }

        var asked = await other.Member.SendAsync(HttpMethod.Post, "/api/followup_request", scene.Body());
        Assert.Equal((400, $"Error submitting follow-up request: Cannot find an allocation with ID: {scene.Allocation}."), (asked.Status, asked.Envelope.GetProperty("message").GetString()));
        Assert.Equal("submitted", await scene.StatusAsync(id));
    }

    [Fact]
    public async Task Post_WhatIsWrong_Answers400ThatNamesItAndStoresNothing()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        ((string, object?) Field, string Named)[] wrong =
        [
            (("obj_id", "NOSUCHOBJECT"), "object"),
            (("allocation_id", 987654), "allocation"),
            (("watcher_ids", new[] { 1 }), "watcher_ids"),
            (("target_group_ids", new[] { 987654 }), "target_group_ids"),
            (("radius", 0), "radius"),
            (("radius", 61), "radius"),
            (("not_if_tns_reported", -1), "not_if_tns_reported"),
            (("not_if_duplicates", "perhaps"), "not_if_duplicates"),
            (("status", new string('x', 2_001)), "status"),
            (("payload", new { }), "observation_choices"),
            (("payload", new { observation_choices = Array.Empty<string>() }), "observation_choices"),
            (("payload", new { observation_choices = new[] { "sdssu" } }), "sdssu"),
            (("payload", new { observation_choices = new[] { "ztfg" }, priority = 6 }), "priority"),
            (("payload", new { observation_choices = new[] { "ztfg" }, exposure_time = -1 }), "exposure_time"),
            (("payload", new { observation_choices = new[] { "ztfg" }, maximum_airmass = "two" }), "maximum_airmass"),
            (("payload", new { observation_choices = new[] { "ztfg" }, start_date = "2026-03-02", end_date = "2026-03-01" }), "end_date"),
            (("payload", new { observation_choices = new[] { "ztfg" }, start_date = "soon" }), "start_date"),
            (("payload", new { observation_choices = new[] { "ztfg" }, start_date = "03/01/2026 00:00" }), "start_date"),
        ];

        foreach (var (field, named) in wrong)
        {
            var (status, envelope) = await scene.AskAsync(field);
            Assert.Equal(400, status);
            Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await scene.Member.GetAsync("/api/followup_request")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task Post_OutsideTheValidityRanges_IsRefused()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        await scene.Manager.DataAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", new { validity_ranges = new[] { new { start_date = "2026-03-01", end_date = "2026-04-01" } } });

        var late = await scene.AskAsync(("payload", new { observation_choices = new[] { "ztfg" }, start_date = "2026-03-20", end_date = "2026-04-20" }));
        var now = await scene.AskAsync();
        var right = await scene.AskAsync(("payload", new { observation_choices = new[] { "ztfg" }, start_date = "2026-03-02", end_date = "2026-03-03" }));

        Assert.Equal((400, 400, 200), (late.Status, now.Status, right.Status));
        Assert.Contains("outside validity ranges", late.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ForAnInstrumentWithoutAnInterface_IsRefused()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        foreach (var (classname, said) in new[] { ((string?)null, "no remote API"), ("SEDMAPI", "SEDMAPI") })
        {
            var instrument = (await scene.Manager.PostAsync("/api/instrument", new { name = $"bare {classname} {scene.Group}", type = "imager", telescope_id = await TelescopeAsync(scene), api_classname = classname })).GetProperty("id").GetInt32();
            var allocation = (await scene.Manager.PostAsync("/api/allocation", new { group_id = scene.Group, instrument_id = instrument, hours_allocated = 1 })).GetProperty("id").GetInt32();

            var (status, envelope) = await scene.AskAsync(("allocation_id", allocation));

            Assert.Equal(400, status);
            Assert.Contains(said, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path, object? Body)> Ways(FollowupScene scene) =>
    [
        (HttpMethod.Get, "/api/followup_request/{0}", null),
        (HttpMethod.Put, "/api/followup_request/{0}", scene.Body()),
        (HttpMethod.Put, "/api/followup_request/{0}", new { status = "mine" }),
        (HttpMethod.Delete, "/api/followup_request/{0}", null),
        (HttpMethod.Put, "/api/followup_request/{0}/comment", new { comment = "x" }),
        (HttpMethod.Post, "/api/followup_request/watch/{0}", new { }),
        (HttpMethod.Delete, "/api/followup_request/watch/{0}", null),
    ];

    private static async Task<int> TelescopeAsync(FollowupScene scene) => (await scene.Member.GetAsync($"/api/instrument/{scene.Instrument}")).GetProperty("telescope_id").GetInt32();

    private static string Day(JsonElement row, string name) => row.GetProperty("payload").GetProperty(name).GetString()!;
}
