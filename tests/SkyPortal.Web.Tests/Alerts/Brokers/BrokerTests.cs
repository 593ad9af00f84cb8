using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Brokers by the API: set up, searched, taken over from.</summary>
public sealed class BrokerTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    // m = 18.9 (AB) is 100 microjansky; 20.5 at five sigma is 22.9 / 5; 0.1 mag is 9.21 of 100.
    private const double LimitSigma = 4.5817;

    [Theory]
    [InlineData("Night ALeRCE")]
    [InlineData("Night Fink")]
    [InlineData("Night Lasair")]
    [InlineData("Night Pitt-Google")]
    [InlineData("Night REST")]
    public async Task Save_Ztf_StoresSignsLimitsAndUnits(string name)
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync(name);

        var (status, saved) = await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);

        Assert.True(status == 200, saved.ToString());
        Assert.Equal((3, 3, 0), (saved.GetProperty("data").GetProperty("found").GetInt32(), saved.GetProperty("data").GetProperty("added").GetInt32(), saved.GetProperty("data").GetProperty("dropped").GetInt32()));
        Assert.Equal(SimulatedBrokers.ZtfName, saved.GetProperty("data").GetProperty("id").GetString());
        var points = await PointsAsync(scene.Member, SimulatedBrokers.ZtfName);
        Assert.Equal([("ztfg", 59000.25, 100.0, 9.2103), ("ztfr", 59001.25, -100.0, 9.2103), ("ztfg", 59002.25, double.NaN, LimitSigma)], points);
        var source = await scene.Member.GetAsync($"/api/sources/{SimulatedBrokers.ZtfName}?includeThumbnails=true");
        Assert.Equal((150.10001, 2.20001), (source.GetProperty("ra").GetDouble(), source.GetProperty("dec").GetDouble()));
        Assert.Equal(name == "Night REST" ? [] : ["new", "ref", "sub"], source.GetProperty("thumbnails").EnumerateArray().Select(item => item.GetProperty("type").GetString()).Order());
        Assert.Equal([name], (await scene.Member.GetAsync($"/api/sources/{SimulatedBrokers.ZtfName}/annotations")).EnumerateArray().Select(item => item.GetProperty("origin").GetString()));
    }

    [Theory]
    [InlineData("Night ALeRCE LSST")]
    [InlineData("Night Fink LSST")]
    [InlineData("Night Lasair LSST")]
    public async Task Save_Rubin_TakesNanojanskyWithItsSignAndTimesFromTai(string name)
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync(name);

        var (status, saved) = await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.LsstName);

        Assert.True(status == 200, saved.ToString());
        // TAI is 37 s ahead of UTC since 2017.
        Assert.Equal([("lsstr", 61000.24957, -1.5, 0.25), ("lsstu", 61001.24957, 2.0, 0.1)], await PointsAsync(scene.Member, SimulatedBrokers.LsstName));
    }

    [Theory]
    [InlineData("Night BOOM")]
    [InlineData("Night Babamul")]
    public async Task Save_BoomDocument_TakesItsUnitsSigmasAndSentinels(string name)
    {
        await scene.ForgetAsync();

        var (status, saved) = await scene.SaveAsync(scene.Member, await scene.BrokerAsync(name), SimulatedBrokers.ZtfName);

        // A point of programme 2 is not the member's, half a sigma is a limit, and -99999 is nothing.
        Assert.True(status == 200, saved.ToString());
        Assert.Equal(
            [("ztfg", 59000.25, 100.0, 9.2103), ("ztfr", 59001.25, -100.0, 9.2103), ("ztfg", 59002.25, double.NaN, LimitSigma), ("ztfg", 59003.25, 200.0, 10.0), ("ztfr", 59004.25, double.NaN, 10.0)],
            await PointsAsync(scene.Member, SimulatedBrokers.ZtfName));
    }

    [Fact]
    public async Task Save_KowalskiDocument_TakesCountsAndLeavesOtherProgrammes()
    {
        await scene.ForgetAsync();

        var (status, saved) = await scene.SaveAsync(scene.Member, await scene.BrokerAsync("Night Kowalski"), SimulatedBrokers.ZtfName);

        // 1000 counts at a zero point of 26.4 mag are 100 microjansky.
        Assert.True(status == 200, saved.ToString());
        Assert.Equal(
            [("ztfg", 59000.25, 100.0, 9.2103), ("ztfr", 59001.25, -100.0, 9.2103), ("ztfg", 59002.25, double.NaN, LimitSigma), ("ztfg", 59003.25, 100.0, 5.0)],
            await PointsAsync(scene.Member, SimulatedBrokers.ZtfName));
    }

    [Fact]
    public async Task Save_AntaresLocus_TakesBothSurveys()
    {
        await scene.ForgetAsync();

        var (status, saved) = await scene.SaveAsync(scene.Member, await scene.BrokerAsync("Night ANTARES"), SimulatedBrokers.ZtfName);

        Assert.True(status == 200, saved.ToString());
        Assert.Equal(
            [("ztfg", 59000.25, 100.0, 9.2103), ("ztfr", 59001.25, -100.0, 9.2103), ("ztfg", 59002.25, double.NaN, LimitSigma), ("lssti", 61000.24957, -1.5, 0.25)],
            await PointsAsync(scene.Member, SimulatedBrokers.ZtfName));
    }

    [Theory]
    [InlineData("Night BOOM", "Boom", "auth")]
    [InlineData("Night Kowalski", "Kowalski", "api/auth")]
    public async Task Token_NotTakenAnyMore_IsHadAnewOnce(string name, string service, string path)
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync(name);
        await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);
        var refused = 0;
        scene.Outside.On(service, request => request.Path != path && Interlocked.Increment(ref refused) == 1
            ? new SimulatedReply(service == "Kowalski" ? 400 : 401, """{"status":"error","message":"token has expired"}"""u8.ToArray(), "application/json")
            : SimulatedBrokers.Answer(request) ?? SimulatedReply.Fault(404));
        var before = scene.Outside.Requests.Count(request => request.Service == service && request.Path == path);

        var (status, _) = await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);
        scene.Outside.Mend(service);

        Assert.Equal((200, 1), (status, scene.Outside.Requests.Count(request => request.Service == service && request.Path == path) - before));
    }

    [Fact]
    public async Task Token_OfGoogleNotTakenAnyMore_IsHadAnewOnce()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Pitt-Google");
        var refused = 0;
        scene.Outside.On("BigQuery", request => Interlocked.Increment(ref refused) == 1 ? SimulatedReply.Fault(401) : SimulatedBrokers.Answer(request) ?? SimulatedReply.Fault(404));
        var before = scene.Outside.Requests.Count(request => request.Service == "GoogleAccounts");

        var (status, _) = await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);
        scene.Outside.Mend("BigQuery");

        Assert.Equal((200, 1), (status, scene.Outside.Requests.Count(request => request.Service == "GoogleAccounts") - before));
    }

    [Fact]
    public async Task Save_PittGoogleTableWithoutPictures_IsWholeWithoutThem()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Pitt-Google");
        scene.Outside.On("BigQuery", request => request.Body.Contains("stampData", StringComparison.Ordinal)
            ? SimulatedReply.Fault(400, """{"error":{"code":400,"message":"Unrecognized name: cutoutScience at [1:16]","status":"INVALID_ARGUMENT"}}""")
            : SimulatedBrokers.Answer(request) ?? SimulatedReply.Fault(404));

        var (status, saved) = await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);
        scene.Outside.Mend("BigQuery");

        Assert.Equal((200, 3, 0), (status, saved.GetProperty("data").GetProperty("added").GetInt32(), saved.GetProperty("data").GetProperty("pictures").GetInt32()));
    }

    [Fact]
    public async Task Cone_OfPittGoogle_AsksForABoxAndTheExactDistance()
    {
        var broker = await scene.BrokerAsync("Night Pitt-Google");

        var found = await scene.Member.GetAsync($"/api/brokers/{broker}/alerts?ra=150.1&dec=2.2&radius=5");

        var asked = SimulatedBrokers.Body(scene.Outside.Requests.Last(request => request.Service == "BigQuery"));
        Assert.Equal([SimulatedBrokers.ZtfName], found.EnumerateArray().Select(alert => alert.GetProperty("objectId").GetString()));
        Assert.Contains("candidate.dec BETWEEN @dec - @radius AND @dec + @radius", $"{asked["query"]}", StringComparison.Ordinal);
        Assert.Contains("ASIN(SQRT(", $"{asked["query"]}", StringComparison.Ordinal);
        Assert.DoesNotContain("150.1", $"{asked["query"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_FromAmpel_IsRefusedBecauseItIsNotSearched()
    {
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Quiet AMPEL", broker_classname = "AMPELBROKER", altdata = new { scimma = new { servers = "127.0.0.1:9", username = "owl", password = SimulatedAccountBrokers.Password, group_id = "hare-1" } } })).GetProperty("id").GetInt32();

        var about = await scene.Member.GetAsync($"/api/brokers/{id}");
        var (status, refused) = await scene.Admin.SendAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });

        Assert.Equal(("tags", false, "LSST"), (about.GetProperty("filter_kind").GetString(), about.GetProperty("capabilities").GetProperty("query_alerts").GetBoolean(), about.GetProperty("surveys")[0].GetString()));
        Assert.Equal((400, "Quiet AMPEL cannot be activated: The consumer group must begin with the user name."), (status, refused.GetProperty("message").GetString()));
        Assert.DoesNotContain("password", (await scene.Admin.GetAsync($"/api/brokers/{id}")).GetProperty("altdata").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_OfBabamulExpired_IsHadAnewWithThePassword()
    {
        await scene.ForgetAsync();
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Renewing", broker_classname = "BABAMULBROKER", altdata = new { token = "stale-token", email = "owl@example.org", password = SimulatedAccountBrokers.Password, survey = "ZTF" } })).GetProperty("id").GetInt32();

        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });

        Assert.Equal(200, (await scene.SaveAsync(scene.Member, id, SimulatedBrokers.ZtfName)).Status);
    }

    [Fact]
    public async Task Cone_OfABrokerWithCatalogues_AnswersThemByName()
    {
        foreach (var name in new[] { "Night BOOM", "Night Kowalski", "Night Babamul" })
        {
            var found = await scene.Member.GetAsync($"/api/brokers/{await scene.BrokerAsync(name)}/cone_search?ra=150.1&dec=2.2&radius=0.1&radius_units=arcmin");

            Assert.Equal(["Gaia_DR3"], found.EnumerateObject().Select(catalog => catalog.Name));
        }
    }

    [Fact]
    public async Task Cone_CollectionOfASurveyInTheSettings_IsLeftOut()
    {
        var altdata = new { username = SimulatedAccountBrokers.User, password = SimulatedAccountBrokers.Password, catalogs = new[] { "ZTF_alerts", "ztf_alerts_aux", "Gaia_DR3" } };
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Kowalski with alerts", broker_classname = "KOWALSKIBROKER", altdata })).GetProperty("id").GetInt32();
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });

        var found = await scene.Outsider.GetAsync($"/api/brokers/{id}/cone_search?ra=150.1&dec=2.2&radius=5");

        Assert.Equal(["Gaia_DR3"], found.EnumerateObject().Select(catalog => catalog.Name));
        Assert.DoesNotContain(scene.Outside.Requests, request => request.Service == "Kowalski" && request.Body.Contains("ztf_alerts_aux", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Save_FromTwoBrokers_KeepsEachMeasurementOnce()
    {
        await scene.ForgetAsync();
        await scene.SaveAsync(scene.Member, await scene.BrokerAsync("Night ALeRCE"), SimulatedBrokers.ZtfName);

        var (_, second) = await scene.SaveAsync(scene.Member, await scene.BrokerAsync("Night Fink"), SimulatedBrokers.ZtfName);

        Assert.Equal((3, 0), (second.GetProperty("data").GetProperty("found").GetInt32(), second.GetProperty("data").GetProperty("added").GetInt32()));
        Assert.Equal(3, (await PointsAsync(scene.Member, SimulatedBrokers.ZtfName)).Count);
    }

    [Fact]
    public async Task SavePosition_NearestObject_IsSavedUnderItsName()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night ALeRCE");

        var saved = await scene.Member.PostAsync($"/api/brokers/{broker}/save", new { ra = 150.1, dec = 2.2, radius = 5, group_ids = new[] { scene.Group } });
        var (nothing, far) = await scene.Member.SendAsync(HttpMethod.Post, $"/api/brokers/{broker}/save", new { ra = 10.0, dec = 2.2, radius = 5, group_ids = new[] { scene.Group } });

        Assert.Equal(SimulatedBrokers.ZtfName, saved.GetProperty("id").GetString());
        Assert.Equal((400, "Broker Night ALeRCE knows no object within 5 arcsec of this position."), (nothing, far.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Refresh_KnownSource_GetsWhatIsNewUnderItsOwnName()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night ALeRCE");
        await scene.Member.PostAsync("/api/sources", new { id = "MINE1", ra = 150.1, dec = 2.2, group_ids = new[] { scene.Group } });

        var first = await scene.Member.PostAsync($"/api/brokers/{broker}/sources/MINE1/refresh", new { });
        var second = await scene.Member.PostAsync($"/api/brokers/{broker}/sources/MINE1/refresh", new { });
        var (hidden, _) = await scene.Outsider.SendAsync(HttpMethod.Post, $"/api/brokers/{broker}/sources/MINE1/refresh", new { });

        Assert.Equal(("MINE1", 3, 3), (first.GetProperty("id").GetString(), first.GetProperty("added").GetInt32(), first.GetProperty("pictures").GetInt32()));
        Assert.Equal((0, 0), (second.GetProperty("added").GetInt32(), second.GetProperty("pictures").GetInt32()));
        Assert.Equal(404, hidden);
        Assert.Equal(3, (await PointsAsync(scene.Member, "MINE1")).Count);
    }

    [Fact]
    public async Task Alerts_WithoutTheStream_AreNotShownNorSaved()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night ALeRCE");

        var list = await scene.Outsider.GetAsync($"/api/brokers/{broker}/alerts?objectId={SimulatedBrokers.ZtfName}");
        var cone = await scene.Outsider.GetAsync($"/api/brokers/{broker}/cone_search?ra=150.1&dec=2.2&radius=5");
        var (one, oneReply) = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}");
        var (none, noneReply) = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/brokers/{broker}/alerts/ZTF99zzzzzzz");
        var (cutouts, _) = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}/cutouts");
        var points = await scene.Outsider.GetAsync($"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}/photometry");
        var (save, _) = await scene.Outsider.SendAsync(HttpMethod.Post, $"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}/save", new { group_ids = new[] { scene.Group } });

        Assert.Equal((0, 0, 0), (list.GetArrayLength(), cone.EnumerateObject().Count(), points.GetArrayLength()));
        Assert.Equal((400, 400, 400), (one, none, cutouts));
        Assert.Equal(noneReply.GetProperty("message").GetString()!.Replace("ZTF99zzzzzzz", SimulatedBrokers.ZtfName, StringComparison.Ordinal), oneReply.GetProperty("message").GetString());
        Assert.Equal(400, save);
        Assert.Equal(404, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources/{SimulatedBrokers.ZtfName}")).Status is 404 or 403 or 400 ? 404 : 0);
    }

    [Fact]
    public async Task Alerts_OfAnObject_HaveTheStandardShape()
    {
        var broker = await scene.BrokerAsync("Night ALeRCE");

        var list = await scene.Member.GetAsync($"/api/brokers/{broker}/alerts?objectId={SimulatedBrokers.ZtfName}");
        var one = await scene.Member.GetAsync($"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}");
        var cutouts = await scene.Member.GetAsync($"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}/cutouts");

        Assert.Equal([1246250000000000002, 1246250000000000001], list.EnumerateArray().Select(alert => alert.GetProperty("candid").GetInt64()));
        var candidate = list[0].GetProperty("candidate");
        Assert.Equal(("r", 18.9, false, 2459001.75), (candidate.GetProperty("band").GetString(), Math.Round(candidate.GetProperty("magpsf").GetDouble(), 6), candidate.GetProperty("isdiffpos").ToString() is not ("False" or "-1"), candidate.GetProperty("jd").GetDouble()));
        Assert.Equal((2, 1, 0), (one.GetProperty("prv_candidates").GetArrayLength(), one.GetProperty("prv_nondetections").GetArrayLength(), one.GetProperty("fp_hists").GetArrayLength()));
        Assert.Equal("SNIa", one.GetProperty("properties").GetProperty("lc_classifier").GetString());
        Assert.Equal(SimulatedBrokers.Fits('s'), cutouts.GetProperty("cutoutScience").GetBytesFromBase64());
    }

    [Fact]
    public async Task Photometry_OfABroker_IsMergedWithWhatIsStoredAndNeverKept()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night ALeRCE");
        await scene.Member.PostAsync("/api/sources", new { id = SimulatedBrokers.ZtfName, ra = 150.1, dec = 2.2, group_ids = new[] { scene.Group } });
        var path = $"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}/photometry?format=flux&refresh=true";

        var shown = (await scene.Member.GetAsync(path)).EnumerateArray().ToList();
        Assert.Equal((3, 0), (shown.Count, (await PointsAsync(scene.Member, SimulatedBrokers.ZtfName)).Count));
        Assert.All(shown, point => Assert.Equal(JsonValueKind.Null, point.GetProperty("id").ValueKind));
        await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);
        scene.Outside.Break("Alerce", BrokerFault.Down);
        var stored = (await scene.Member.GetAsync(path)).EnumerateArray().ToList();
        scene.Outside.Mend("Alerce");

        Assert.Equal(3, stored.Count);
        Assert.All(stored, point => Assert.NotEqual(JsonValueKind.Null, point.GetProperty("id").ValueKind));
        // The first active broker of the survey may be another one, with points of its own.
        var ofSurvey = await scene.Member.GetAsync($"/api/brokers/photometry/{SimulatedBrokers.ZtfName}?survey=ZTF");
        Assert.Equal(3, ofSurvey.EnumerateArray().Count(point => point.GetProperty("id").ValueKind != JsonValueKind.Null));
        Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/brokers/photometry/{SimulatedBrokers.ZtfName}")).Status);
    }

    [Fact]
    public async Task Photometry_AskedAgain_IsTakenFromMemoryByScope()
    {
        var broker = await scene.BrokerAsync("Night Fink");
        var path = $"/api/brokers/{broker}/alerts/{SimulatedBrokers.ZtfName}/photometry";
        await scene.Member.GetAsync(path + "?refresh=true");
        var before = scene.Outside.Requests.Count;

        await scene.Member.GetAsync(path);
        Assert.Equal(before, scene.Outside.Requests.Count);
        await scene.Outsider.GetAsync(path);
        Assert.True(scene.Outside.Requests.Count > before);
    }

    [Fact]
    public async Task RateLimit_WithAShortPause_IsWaitedFor()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night ALeRCE");
        var refused = 0;
        scene.Outside.On("Alerce", request => Interlocked.Increment(ref refused) == 1
            ? new SimulatedReply(429, [], "text/plain") { Headers = new Dictionary<string, string> { ["Retry-After"] = "0" } }
            : SimulatedBrokers.Answer(request)!);

        var (status, _) = await scene.SaveAsync(scene.Member, broker, SimulatedBrokers.ZtfName);
        scene.Outside.Mend("Alerce");

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Poll_Pages_AreFollowedToTheEnd()
    {
        var broker = await scene.BrokerAsync("Night ALeRCE");
        scene.Outside.On("Alerce", request => SimulatedReply.Json($$"""
            {"has_next":{{(request["page"] == "3" ? "false" : "true")}},"items":[{"oid":"ZTF20aaaaaa{{request["page"]}}","meanra":150.1,"meandec":2.2,"lastmjd":59000.25}]}
            """));

        var found = await scene.Member.GetAsync($"/api/brokers/{broker}/alerts?ra=150.1&dec=%2B02:12:00&radius=5");
        scene.Outside.Mend("Alerce");

        Assert.Equal(["ZTF20aaaaaa1", "ZTF20aaaaaa2", "ZTF20aaaaaa3"], found.EnumerateArray().Select(alert => alert.GetProperty("objectId").GetString()));
    }

    private static async Task<List<(string, double, double, double)>> PointsAsync(TestClient client, string objId) =>
    [
        .. (await client.GetAsync($"/api/sources/{objId}/photometry?format=flux")).EnumerateArray().Select(point => (
            point.GetProperty("filter").GetString()!,
            Math.Round(point.GetProperty("mjd").GetDouble(), 5),
            point.GetProperty("flux").ValueKind == JsonValueKind.Null ? double.NaN : Math.Round(point.GetProperty("flux").GetDouble(), 4),
            Math.Round(point.GetProperty("fluxerr").GetDouble(), 4))),
    ];
}
