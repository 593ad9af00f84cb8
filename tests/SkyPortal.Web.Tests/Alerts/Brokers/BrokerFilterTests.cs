using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Filters that brokers run, over the API.</summary>
public sealed class BrokerFilterTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    private static readonly object[] Pipeline =
    [
        new Dictionary<string, object> { ["$match"] = new Dictionary<string, object> { ["candidate.drb"] = new Dictionary<string, object> { ["$gt"] = 0.9 } } },
        new Dictionary<string, object> { ["$project"] = new Dictionary<string, object> { ["objectId"] = 1, ["annotations.mag"] = "$candidate.magpsf" } },
    ];

    private static int _number;

    [Fact]
    public async Task Pipeline_SavedValidatedActivatedDeleted_StandsAtTheBroker()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");

        var first = await owner.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline, filters = new { blocks = 1 } });
        var second = await owner.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = JsonSerializer.Serialize(Pipeline), filters = "as text" });
        await owner.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { active = true, active_fid = second.GetProperty("fid").GetString(), autoSave = true, autoAnnotate = true });
        var one = await owner.GetAsync($"/api/brokers/{boom}/filters/{filter}");
        var remoteId = one.GetProperty("altdata").GetProperty("boom").GetProperty("filter_id").GetString()!;

        Assert.Equal(filter, first.GetProperty("id").GetInt32());
        Assert.True(first.GetProperty("validation").GetProperty("passed").GetBoolean());
        Assert.Equal(("v00002", true, true), (one.GetProperty("active_fid").GetString(), one.GetProperty("active").GetBoolean(), one.GetProperty("autosave").GetBoolean()));
        Assert.Equal(["v00001", "v00002"], one.GetProperty("fv").EnumerateArray().Select(version => version.GetProperty("fid").GetString()));
        Assert.Equal("""[{"fid":"v00001","version":{"blocks":1}},{"fid":"v00002","version":"as text"}]""", JsonSerializer.Serialize(one.GetProperty("filters")));
        Assert.Equal((true, true, false), (
            one.GetProperty("altdata").GetProperty("autoSave").GetBoolean(), one.GetProperty("altdata").GetProperty("autoAnnotate").GetBoolean(), one.GetProperty("altdata").GetProperty("autoFollowup").GetBoolean()));
        Assert.Equal("ZTF Public", one.GetProperty("stream").GetProperty("name").GetString());
        Assert.Equal("""{"ZTF":[1]}""", SimulatedBoomFilters.Find(remoteId)!["permissions"]!.ToJsonString());

        await owner.DataAsync(HttpMethod.Delete, $"/api/brokers/{boom}/filters/{filter}");
        await TellBrokersAsync();

        Assert.Null(SimulatedBoomFilters.Find(remoteId));
        Assert.Equal((400, $"Cannot find a filter with ID: {filter}."), await AnswerAsync(owner, HttpMethod.Get, $"/api/brokers/{boom}/filters/{filter}"));
    }

    [Fact]
    public async Task Followup_SwitchedOn_AsksInTheNameOfWhoSwitches()
    {
        var (boom, owner, filter, _) = await RunningAsync();
        var (group, _) = await PlacesAsync(filter);
        var telescope = (await scene.Admin.PostAsync("/api/telescope", new { name = $"switch {filter}", nickname = "S", diameter = 1 })).GetProperty("id").GetInt32();
        var camera = (await scene.Admin.PostAsync("/api/instrument", new { name = $"switch {filter}", type = "imager", telescope_id = telescope, filters = new[] { "ztfg" }, api_classname = "GENERICAPI" })).GetProperty("id").GetInt32();
        var allocation = (await scene.Admin.PostAsync("/api/allocation", new { group_id = group, instrument_id = camera, hours_allocated = 1 })).GetProperty("id").GetInt32();
        await scene.Admin.DataAsync(HttpMethod.Put, $"/api/filters/{filter}/followup", new { autofollowup = false, allocation_id = allocation, payload = new { observation_choices = new[] { "ztfg" } } });

        await owner.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { autoFollowup = true });
        var on = await owner.GetAsync($"/api/filters/{filter}/followup");
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { autoFollowup = false });
        var off = await owner.GetAsync($"/api/filters/{filter}/followup");

        Assert.Equal((true, owner.UserId), (on.GetProperty("active").GetBoolean(), on.GetProperty("set_by_id").GetInt32()));
        Assert.Equal((false, owner.UserId), (off.GetProperty("active").GetBoolean(), off.GetProperty("set_by_id").GetInt32()));
        await using var db = scene.Node.Contexts.For(Viewer.System);
        var told = await db.Set<Domain.Operations.OutboxEvent>().Where(row => row.Kind == "filter.followup_set" && row.Subject == $"{filter}").OrderBy(row => row.Id).Select(row => row.ActorId).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([scene.Admin.UserId, owner.UserId, scene.Admin.UserId], told);
    }

    [Fact]
    public async Task Activate_VersionThatDidNotPass_TakesASystemAdministrator()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var path = $"/api/brokers/{boom}/filters/{filter}";
        var saved = await owner.PostAsync(path, new { altdata = Matching(SimulatedBoomFilters.Unsound) });
        var fid = saved.GetProperty("fid").GetString();

        Assert.False(saved.GetProperty("validation").GetProperty("passed").GetBoolean());
        Assert.Equal(
            (400, $"This filter version must be validated before it can be activated. Its validation failed: {SimulatedBoomFilters.Unsound} is not a field of the alerts"),
            await AnswerAsync(owner, HttpMethod.Patch, path, new { active = true }));
        Assert.Equal((400, "Invalid/missing parameters: active_fid: the filter has no version v9"), await AnswerAsync(owner, HttpMethod.Patch, path, new { active_fid = "v9" }));
        Assert.False((await owner.GetAsync(path)).GetProperty("active").GetBoolean());

        await scene.Admin.DataAsync(HttpMethod.Patch, path, new { active = true, active_fid = fid });

        Assert.True((await owner.GetAsync(path)).GetProperty("active").GetBoolean());
        Assert.Equal(200, (await AnswerAsync(owner, HttpMethod.Patch, path, new { active = false })).Status);
    }

    [Fact]
    public async Task Validation_ThatTheBrokerCouldNotDo_LeavesTheVersionAndIsDoneLater()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var path = $"/api/brokers/{boom}/filters/{filter}";
        scene.Outside.On("Boom", request => request.Path.EndsWith("/validate", StringComparison.Ordinal) ? SimulatedReply.Fault(503, "busy") : SimulatedBrokers.Answer(request)!);

        var saved = await owner.PostAsync(path, new { altdata = Pipeline });
        var refused = await AnswerAsync(owner, HttpMethod.Patch, path, new { active = true });
        scene.Outside.Mend("Boom");
        var validated = await owner.PostAsync($"{path}/validate", new { fid = saved.GetProperty("fid").GetString() });

        Assert.Equal(JsonValueKind.Null, saved.GetProperty("validation").ValueKind);
        Assert.Equal((400, "This filter version must be validated before it can be activated. It was not validated yet."), refused);
        Assert.Equal(["fid", "message", "passed"], validated.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.True((await owner.GetAsync(path)).GetProperty("altdata").GetProperty("boom").GetProperty("validations").GetProperty("v00001").GetProperty("passed").GetBoolean());
        Assert.Equal(200, (await AnswerAsync(owner, HttpMethod.Patch, path, new { active = true })).Status);
    }

    [Theory]
    [InlineData("""{"$lookup":{"from":"ZTF_alerts_aux"}}""", "altdata[0].$lookup")]
    [InlineData("""{"$match":{"$where":"1"}}""", "altdata[0].$match.$where")]
    [InlineData("""{"$match":1}""", "$match takes an object")]
    [InlineData("""{"$match":{},"$sort":{}}""", "one field")]
    [InlineData("""{"$project":{"candid":1}}""", "must keep objectId")]
    [InlineData("""{"$match":{}}""", "last stage must be $project")]
    public async Task Pipeline_ThatMayNotBeSent_IsRefusedByPlaceAndNeverSent(string stage, string named)
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var asked = scene.Outside.Requests.Count;

        var (status, message) = await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{boom}/filters/{filter}", new { altdata = new[] { JsonSerializer.Deserialize<JsonElement>(stage) } });

        Assert.Equal(400, status);
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Equal(asked, scene.Outside.Requests.Count);
    }

    [Theory]
    [InlineData(BrokerFault.Down)]
    [InlineData(BrokerFault.Truncated)]
    [InlineData(BrokerFault.WebPage)]
    [InlineData(BrokerFault.WrongTypes)]
    [InlineData(BrokerFault.Reset)]
    [InlineData(BrokerFault.Empty)]
    [InlineData(BrokerFault.ExpiredCredentials)]
    [InlineData(BrokerFault.RateLimit)]
    public async Task BrokenBroker_EveryWrite_Answers400WithoutSecretsAndSavesNothing(BrokerFault fault)
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var (_, _, made) = await MakeAsync("Night BOOM", owner);
        await owner.PostAsync($"/api/brokers/{boom}/filters/{made}", new { altdata = Pipeline });
        var before = (await owner.GetAsync($"/api/filters/{made}")).ToString() + await owner.GetAsync($"/api/filters/{filter}");
        scene.Outside.Break("Boom", fault);

        var answers = new List<(int Status, string Message)>
        {
            await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline }),
            await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{boom}/filters/{made}", new { altdata = Pipeline }),
            await AnswerAsync(owner, HttpMethod.Patch, $"/api/brokers/{boom}/filters/{made}", new { active = true }),
            await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{boom}/filters/{made}/validate", new { }),
            await AnswerAsync(owner, HttpMethod.Get, $"/api/brokers/{boom}/filters/{made}"),
            await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{boom}/filter/test", new { pipeline = Pipeline }),
            await AnswerAsync(owner, HttpMethod.Patch, $"/api/filters/{made}", new { name = "Another name" }),
        };
        scene.Outside.Mend("Boom");

        // Nobody reads what is answered to a rename, as long as it is JSON.
        Assert.All(fault == BrokerFault.WrongTypes ? answers.SkipLast(1) : answers, answer => Assert.Equal(400, answer.Status));
        Assert.All(answers.Where(answer => answer.Status == 400), answer => Assert.StartsWith(answer == answers[^1] ? "Failed to rename filter on Night BOOM: " : "Error ", answer.Message, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain(BrokerCase.All["Night BOOM"].Secrets, secret => answer.Message.Contains(secret, StringComparison.Ordinal)));
        if (fault != BrokerFault.WrongTypes)
        {
            Assert.Equal(before, (await owner.GetAsync($"/api/filters/{made}")).ToString() + await owner.GetAsync($"/api/filters/{filter}"));
        }
    }

    [Fact]
    public async Task Rename_ManagedFilter_IsPushedFirst()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        await owner.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline });
        var remoteId = (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("altdata").GetProperty("boom").GetProperty("filter_id").GetString()!;

        await owner.DataAsync(HttpMethod.Patch, $"/api/filters/{filter}", new { name = "Renamed there" });
        var (status, message) = await AnswerAsync(owner, HttpMethod.Patch, $"/api/filters/{filter}", new { name = SimulatedBoomFilters.TakenName });

        Assert.Equal("Renamed there", $"{SimulatedBoomFilters.Find(remoteId)!["name"]}");
        Assert.Equal(400, status);
        Assert.StartsWith("Failed to rename filter on Night BOOM: BOOM answered 409", message, StringComparison.Ordinal);
        Assert.Equal("Renamed there", (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Altdata_OfTheBroker_IsNotWrittenByClients()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var (_, _, other) = await MakeAsync("Night BOOM", owner);
        await owner.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline });
        var kept = (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("altdata");

        var stolen = await AnswerAsync(owner, HttpMethod.Patch, $"/api/filters/{other}", new { altdata = new { boom = kept.GetProperty("boom") } });
        var forged = await AnswerAsync(owner, HttpMethod.Patch, $"/api/filters/{filter}", new { altdata = new { boom = new { filter_id = kept.GetProperty("boom").GetProperty("filter_id"), validations = new { v00001 = new { passed = true } } } } });
        var (group, stream) = await PlacesAsync(filter);
        var made = await AnswerAsync(owner, HttpMethod.Post, "/api/filters", new { name = "thief", group_id = group, stream_id = stream, broker_id = boom, altdata = new { boom = new { filter_id = "boom-filter-1" } } });
        await owner.DataAsync(HttpMethod.Patch, $"/api/filters/{filter}", new { altdata = new { sso = true } });

        Assert.All(new[] { stolen, forged, made }, answer => Assert.Equal((400, "Invalid/missing parameters: altdata.boom: it is written by saving a version of the filter at its broker"), answer));
        var now = (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("altdata");
        Assert.Equal(kept.GetProperty("boom").ToString(), now.GetProperty("boom").ToString());
        Assert.True(now.GetProperty("sso").GetBoolean());
    }

    [Fact]
    public async Task Filter_OfAnotherGroup_IsNotThereForOutsidersWhateverTheyAsk()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        await owner.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline });
        var outsider = await scene.Node.ClientAsync($"bf-out-{Next()}");
        await scene.GrantAsync(outsider, "ZTF Public");
        var asked = scene.Outside.Requests.Count;

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, $"/api/brokers/{boom}/filters/{filter}", null), (HttpMethod.Post, $"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline }),
            (HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { active = true }), (HttpMethod.Delete, $"/api/brokers/{boom}/filters/{filter}", null),
            (HttpMethod.Post, $"/api/brokers/{boom}/filters/{filter}/validate", new { }), (HttpMethod.Post, $"/api/brokers/filters/{filter}/attach", new { broker_id = boom }),
            (HttpMethod.Post, $"/api/brokers/{boom}/filter/test", new { pipeline = Pipeline, filter_id = filter }),
        })
        {
            Assert.Equal((400, $"Cannot find a filter with ID: {filter}."), await AnswerAsync(outsider, method, path, body));
        }

        Assert.Equal(0, (await outsider.GetAsync($"/api/brokers/{boom}/filters")).GetArrayLength());
        Assert.Equal(0, (await outsider.GetAsync("/api/brokers/filters")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(asked, scene.Outside.Requests.Count);
    }

    [Fact]
    public async Task Member_WhoIsNoAdministrator_SavesVersionsAndSwitchesNothing()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var (group, _) = await PlacesAsync(filter);
        var member = await scene.Node.ClientAsync($"bf-member-{Next()}", Role.FullUser, (group, false));
        var reader = await scene.Node.ClientAsync($"bf-reader-{Next()}", Role.ViewOnly, (group, false));
        await member.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline });
        const string refusal = "Insufficient permissions: you must be a group admin or system admin to change the filter.";

        Assert.Equal((403, refusal), await AnswerAsync(member, HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { active = true }));
        Assert.Equal((403, refusal), await AnswerAsync(member, HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { autoSave = true }));
        Assert.Equal(401, (await AnswerAsync(reader, HttpMethod.Post, $"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline })).Status);
        Assert.Equal(filter, (await reader.GetAsync($"/api/brokers/{boom}/filters/{filter}")).GetProperty("id").GetInt32());
        Assert.Equal(200, (await AnswerAsync(owner, HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { active = true })).Status);
    }

    [Fact]
    public async Task Test_OfAPipeline_ShowsWhatTheStreamsShow()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var stranger = await scene.Node.ClientAsync($"bf-stranger-{Next()}");
        var path = $"/api/brokers/{boom}/filter/test";

        var found = await owner.PostAsync(path, new { pipeline = Pipeline, start_jd = 2459000.5, end_jd = 2459001.5, filter_id = filter, permissions = new { ZTF = new[] { 1, 2, 3 } } });
        var all = await scene.Admin.PostAsync(path, new { pipeline = Pipeline });
        var narrowed = await scene.Admin.PostAsync(path, new { pipeline = Pipeline, filter_id = filter });
        var count = await owner.PostAsync(path, new { pipeline = Pipeline, count_only = true });

        Assert.Equal(["ZTF20aaaaaaa", "ZTF20aaaaaab"], found.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("objectId").GetString()));
        Assert.Equal((3, 2, 2), (all.GetProperty("results").GetArrayLength(), narrowed.GetProperty("results").GetArrayLength(), count.GetProperty("count").GetInt32()));
        Assert.Equal((400, "None of your streams shows alerts of ZTF, so a test would find nothing."), await AnswerAsync(stranger, HttpMethod.Post, path, new { pipeline = Pipeline }));
        Assert.Contains("at most 7 days", (await AnswerAsync(owner, HttpMethod.Post, path, new { pipeline = Pipeline, start_jd = 2459000.5, end_jd = 2459008.5 })).Message, StringComparison.Ordinal);
        Assert.Contains("(line 1, column 3)", (await AnswerAsync(owner, HttpMethod.Post, path, new { pipeline = "[ x ]" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_OfASurvey_IsTheBrokersAndOtherKindsAreRefused()
    {
        var boom = await scene.BrokerAsync("Night BOOM");

        Assert.Equal("ZTFAlert", (await scene.Member.GetAsync($"/api/brokers/{boom}/filter_modules?survey=ztf")).GetProperty("schema").GetProperty("name").GetString());
        Assert.Equal(400, (await AnswerAsync(scene.Member, HttpMethod.Get, $"/api/brokers/{boom}/filter_modules?survey=DES")).Status);
        Assert.StartsWith("'elements' must be 'schema' or one of ", (await AnswerAsync(scene.Member, HttpMethod.Get, $"/api/brokers/{boom}/filter_modules?elements=nothing")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Module_MadeAndReplaced_IsReadByKindSurveyAndName()
    {
        var boom = await scene.BrokerAsync("Night BOOM");
        var path = $"/api/brokers/{boom}/filter_modules";
        var reader = await scene.Node.ClientAsync($"bf-module-{Next()}", Role.ViewOnly);

        await scene.Member.PostAsync($"{path}/colour", new { elements = "variables", data = new { formula = "g - r", streams = new[] { "ZTF_alerts", "ztf" } } });
        var twice = await AnswerAsync(scene.Member, HttpMethod.Post, $"{path}/colour", new { elements = "variables", data = new { } });
        await scene.Member.DataAsync(HttpMethod.Put, $"{path}/colour", new { elements = "variables", data = new { formula = "r - i" } });
        var one = (await reader.GetAsync($"{path}/colour?elements=variables")).GetProperty("variables");

        Assert.Equal(("colour", "r - i", """["ZTF"]"""), (one.GetProperty("name").GetString(), one.GetProperty("formula").GetString(), JsonSerializer.Serialize(one.GetProperty("streams"))));
        Assert.Equal(["colour"], (await reader.GetAsync($"{path}?elements=variables&survey=ZTF")).GetProperty("variables").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(0, (await reader.GetAsync($"{path}?elements=blocks")).GetProperty("blocks").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, (await reader.GetAsync($"{path}/colour?elements=blocks")).GetProperty("blocks").ValueKind);
        Assert.Equal((400, "There already are variables named 'colour'."), twice);
        Assert.Equal((400, "No blocks named 'colour'."), await AnswerAsync(scene.Member, HttpMethod.Put, $"{path}/colour", new { elements = "blocks", data = new { } }));
        Assert.Equal(400, (await AnswerAsync(scene.Member, HttpMethod.Post, $"{path}/x", new { elements = "variables", data = new { streams = new[] { "DES" } } })).Status);
        Assert.Equal(401, (await AnswerAsync(reader, HttpMethod.Post, $"{path}/x", new { elements = "variables", data = new { } })).Status);
    }

    [Fact]
    public async Task Query_SavedAndTried_IsKeptAtItsPlace()
    {
        var (lasair, owner, filter) = await MakeAsync("Night Lasair");
        var query = new { selected = "objects.objectId, objects.gmag", tables = "objects", conditions = "objects.gmag < 19.5" };

        var saved = await owner.PostAsync($"/api/brokers/{lasair}/filters/{filter}", new { query, autosave = true });
        var trial = await owner.PostAsync($"/api/brokers/{lasair}/filter/test", new { query, limit = 2 });
        var refused = await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{lasair}/filters/{filter}", new { query = new { selected = "objects.objectId", tables = "objects", conditions = "no_such_column > 1" } });
        await owner.DataAsync(HttpMethod.Patch, $"/api/brokers/{lasair}/filters/{filter}", new { autoSave = false });

        Assert.Equal("objects.gmag < 19.5", saved.GetProperty("altdata").GetProperty("lasair").GetProperty("conditions").GetString());
        Assert.True(saved.GetProperty("autosave").GetBoolean());
        Assert.Equal((2, true), (trial.GetProperty("results").GetArrayLength(), trial.GetProperty("has_more").GetBoolean()));
        Assert.Equal(400, refused.Status);
        Assert.StartsWith("Error trying the query on Night Lasair: Lasair (ZTF) answered 400", refused.Message, StringComparison.Ordinal);
        var one = await owner.GetAsync($"/api/brokers/{lasair}/filters/{filter}");
        Assert.Equal(("objects.gmag < 19.5", false), (one.GetProperty("altdata").GetProperty("lasair").GetProperty("conditions").GetString(), one.GetProperty("autosave").GetBoolean()));
        Assert.Equal((400, "Broker Night Lasair does not support versions of filters."), await AnswerAsync(owner, HttpMethod.Patch, $"/api/brokers/{lasair}/filters/{filter}", new { active = true }));
    }

    [Theory]
    [InlineData("""{"tables":"objects"}""", "query.selected: Field required")]
    [InlineData("""{"selected":"objects.objectId","tables":"objects","conditions":"1=1; DROP TABLE x"}""", "query.conditions: ;")]
    [InlineData("""{"selected":"objects.objectId","tables":"objects","conditions":"gmag < (19"}""", "a bracket is not closed")]
    [InlineData("""{"selected":"objects.objectId","tables":"objects","conditions":"name = 'x"}""", "is not closed")]
    [InlineData("""{"selected":"objects.objectId","tables":"objects","conditions":"a IN (SELECT b)"}""", "SELECT")]
    [InlineData("""{"selected":"crossmatch_tns.tns_name","tables":"objects"}""", "crossmatch_tns.tns_name is of a table")]
    [InlineData("""{"selected":"objects.objectId","tables":"objects, b b"}""", "query.tables: b b")]
    [InlineData("""{"selected":"objects.objectId","tables":"objects","limit":1}""", "query.limit")]
    public async Task Query_ThatMayNotBeSent_IsRefusedByPart(string query, string named)
    {
        var (lasair, owner, filter) = await MakeAsync("Night Lasair");

        var (status, message) = await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{lasair}/filters/{filter}", new { query = JsonSerializer.Deserialize<JsonElement>(query) });

        Assert.Equal(400, status);
        Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Catalog_IsNarrowedAndPaged_AndFiltersAreAttachedOnce()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var lasair = await scene.BrokerAsync("Night Lasair");
        var alerce = await scene.BrokerAsync("Night ALeRCE");
        var (group, stream) = await PlacesAsync(filter);
        var mark = Next();
        var ids = new List<int>();
        foreach (var name in new[] { "b", "a", "c" })
        {
            ids.Add((await owner.PostAsync("/api/filters", new { name = $"Cat-{mark} {name}", group_id = group, stream_id = stream })).GetProperty("id").GetInt32());
        }

        var page = await owner.GetAsync($"/api/brokers/filters?name=cat-{mark}&brokerID=none&groupID={group}&streamID={stream}&numPerPage=2");
        var attached = await owner.PostAsync($"/api/brokers/filters/{ids[0]}/attach", new { broker_id = lasair });

        Assert.Equal(3, page.GetProperty("totalMatches").GetInt32());
        Assert.Equal([$"Cat-{mark} a", $"Cat-{mark} b"], page.GetProperty("filters").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal((ids[0], lasair), (attached.GetProperty("id").GetInt32(), attached.GetProperty("broker_id").GetInt32()));
        Assert.Equal((400, $"Filter {ids[0]} is already attached to another broker."), await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/filters/{ids[0]}/attach", new { broker_id = boom }));
        Assert.Equal((400, "Broker Night ALeRCE does not support filters."), await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/filters/{ids[1]}/attach", new { broker_id = alerce }));
        Assert.Equal(ids[0], (await owner.GetAsync($"/api/brokers/{lasair}/filters")).EnumerateArray().Single(row => row.GetProperty("name").GetString() == $"Cat-{mark} b").GetProperty("id").GetInt32());
        Assert.Equal(1, (await owner.GetAsync($"/api/brokers/filters?name=cat-{mark}&brokerID={lasair}")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(400, (await AnswerAsync(owner, HttpMethod.Get, "/api/brokers/filters?groupID=x")).Status);
    }

    [Fact]
    public async Task Capabilities_OfBrokersWithFilters_SayWhatWorks()
    {
        var classes = await scene.Member.GetAsync("/api/internal/broker_apis");
        JsonElement Of(string name) => classes.GetProperty(name).GetProperty("methodsImplemented");

        Assert.All(new[] { "get_filters", "create_filter", "update_filter", "delete_filter", "test_filter", "validate_filter", "filter_modules" }, name => Assert.True(Of("BOOMBROKER").GetProperty(name).GetBoolean(), name));
        Assert.Equal("mongo", Of("BOOMBROKER").GetProperty("filter_pipeline").GetString());
        Assert.Equal((true, false), (Of("LASAIRBROKER").GetProperty("create_filter").GetBoolean(), Of("LASAIRBROKER").GetProperty("validate_filter").GetBoolean()));
        Assert.False(Of("FINKBROKER").GetProperty("get_filters").GetBoolean());
    }

    [Fact]
    public async Task Delete_WhereTheBrokerIsDown_IsDoneAtOnceAndToldToTheBrokerUntilItAnswers()
    {
        var (boom, owner, filter, remoteId) = await RunningAsync();
        scene.Outside.On("Boom", _ => SimulatedReply.Fault(503, "maintenance"));

        var deleted = await AnswerAsync(owner, HttpMethod.Delete, $"/api/filters/{filter}");
        await TellBrokersAsync();
        var waiting = Assert.Single(await ReadRemovalsAsync(Domain.Access.Viewer.System, boom), row => row.RemoteId == remoteId);
        scene.Outside.Mend("Boom");

        Assert.Equal(200, deleted.Status);
        Assert.Equal(400, (await AnswerAsync(owner, HttpMethod.Get, $"/api/filters/{filter}")).Status);
        Assert.NotNull(SimulatedBoomFilters.Find(remoteId));
        Assert.Equal((1, true), (waiting.Attempts, waiting.Reason!.Contains("BOOM answered 503", StringComparison.Ordinal)));
        Assert.Empty(await ReadRemovalsAsync(Domain.Access.Viewer.Nobody, boom));
        await TellBrokersAsync();
        Assert.NotNull(SimulatedBoomFilters.Find(remoteId));
        await scene.RunAsync("update filter_removals set next_attempt_at = '2000-01-01Z'");
        await TellBrokersAsync();
        Assert.Null(SimulatedBoomFilters.Find(remoteId));
        Assert.DoesNotContain(await ReadRemovalsAsync(Domain.Access.Viewer.System, boom), row => row.RemoteId == remoteId);
    }

    [Fact]
    public async Task Delete_OfAnInactiveBroker_IsDoneHereAndThere()
    {
        var (boom, owner, filter, remoteId) = await RunningAsync();
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}", new { active = false });

        var deleted = await AnswerAsync(owner, HttpMethod.Delete, $"/api/brokers/{boom}/filters/{filter}");
        await TellBrokersAsync();
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}", new { active = true });

        Assert.Equal(200, deleted.Status);
        Assert.Null(SimulatedBoomFilters.Find(remoteId));
        Assert.Equal((400, $"Cannot find a filter with ID: {filter}."), await AnswerAsync(owner, HttpMethod.Delete, $"/api/brokers/{boom}/filters/{filter}"));
    }

    [Fact]
    public async Task Delete_OfTheGroup_RemovesItsFiltersAtTheBroker()
    {
        var (_, owner, filter, remoteId) = await RunningAsync();
        var group = (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("group_id").GetInt32();

        await scene.Admin.DataAsync(HttpMethod.Delete, $"/api/groups/{group}");
        await TellBrokersAsync();

        Assert.Null(SimulatedBoomFilters.Find(remoteId));
        Assert.Equal(400, (await AnswerAsync(scene.Admin, HttpMethod.Get, $"/api/filters/{filter}")).Status);
    }

    [Fact]
    public async Task FirstVersion_ThatCannotBeWrittenHere_IsNotLeftAtTheBroker()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        var name = (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("name").GetString()!;
        await scene.RunAsync("create function refuse_filter() returns trigger language plpgsql as $$ begin raise exception 'no room' using errcode = '53100'; end $$");
        await scene.RunAsync($"create trigger refuse_filter before update on filters for each row when (new.id = {filter}) execute function refuse_filter()");

        var (status, _) = await AnswerAsync(owner, HttpMethod.Post, $"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline });
        await scene.RunAsync("drop trigger refuse_filter on filters");

        Assert.True(status >= 500);
        Assert.False(SimulatedBoomFilters.Has(name));
    }

    private async Task<(int Boom, TestClient Owner, int Filter, string RemoteId)> RunningAsync()
    {
        var (boom, owner, filter) = await MakeAsync("Night BOOM");
        await owner.PostAsync($"/api/brokers/{boom}/filters/{filter}", new { altdata = Pipeline });
        await owner.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}/filters/{filter}", new { active = true });
        return (boom, owner, filter, (await owner.GetAsync($"/api/filters/{filter}")).GetProperty("altdata").GetProperty("boom").GetProperty("filter_id").GetString()!);
    }

    private async Task TellBrokersAsync()
    {
        var forget = scene.Node.Services.GetRequiredService<ForgetAtBroker>();
        while (await forget.ClaimAsync(TestContext.Current.CancellationToken) is { } claimed)
        {
            await forget.RunAsync(claimed, TestContext.Current.CancellationToken);
        }
    }

    private Task<IReadOnlyList<FilterRemovalRow>> ReadRemovalsAsync(Domain.Access.Viewer viewer, int broker) =>
        scene.Node.Services.GetRequiredService<ReadFilterRemovals>().HandleAsync(viewer, broker, TestContext.Current.CancellationToken);

    private static object[] Matching(string field) => [new Dictionary<string, object> { ["$match"] = new Dictionary<string, object> { [field] = 1 } }, Pipeline[1]];

    private static string Next() => Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);

    private static async Task<(int Status, string Message)> AnswerAsync(TestClient client, HttpMethod method, string path, object? body = null)
    {
        var (status, envelope) = await client.SendAsync(method, path, body);
        return (status, envelope.TryGetProperty("message", out var message) ? $"{message}" : "");
    }

    private async Task<(int Group, int Stream)> PlacesAsync(int filter)
    {
        var row = await scene.Admin.GetAsync($"/api/filters/{filter}");
        return (row.GetProperty("group_id").GetInt32(), row.GetProperty("stream_id").GetInt32());
    }

    // A filter of the broker on the public stream of ZTF; its group has the owner as administrator.
    private async Task<(int Broker, TestClient Owner, int Filter)> MakeAsync(string brokerName, TestClient? of = null)
    {
        var broker = await scene.BrokerAsync(brokerName);
        var number = Next();
        var stream = (await scene.Admin.GetAsync("/api/streams")).EnumerateArray().Single(row => row.GetProperty("name").GetString() == "ZTF Public").GetProperty("id").GetInt32();
        int group;
        if (of is null)
        {
            await using var db = scene.Node.Contexts.For(Viewer.System);
            var owned = new Group { Name = $"broker filters {number}" };
            db.Add(owned);
            await db.SaveChangesAsync();
            group = owned.Id;
            of = await scene.Node.ClientAsync($"bf-owner-{number}", Role.FullUser, (group, true));
            await scene.GrantAsync(of, "ZTF Public");
            await scene.Admin.PostAsync($"/api/groups/{group}/streams", new { stream_id = stream });
        }
        else
        {
            group = (await of.GetAsync("/api/filters")).EnumerateArray().First().GetProperty("group_id").GetInt32();
        }

        var filter = (await of.PostAsync("/api/filters", new { name = $"night filter {number}", group_id = group, stream_id = stream, broker_id = broker })).GetProperty("id").GetInt32();
        return (broker, of, filter);
    }
}
