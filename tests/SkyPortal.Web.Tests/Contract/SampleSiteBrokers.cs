namespace SkyPortal.Web.Tests.Contract;

/// <summary>The brokers of the sample site.</summary>
internal sealed partial class SampleSite
{
    private async Task FillBrokersAsync(Ids ids)
    {
        var groups = new[] { ids.Group };
        Add("PostBroker", new { name = "broker -n-", broker_classname = "FINKBROKER", altdata = new { survey = "ZTF", fink = new { servers = "localhost:9092", group_id = "group -n-", topics = new[] { "a" } } }, active = true, default_alert_search = false, default_crossmatch = false });
        Add("PatchBroker", new { name = "broker -n-", altdata = new { survey = "ZTF" }, active = true, default_alert_search = true, default_crossmatch = false });
        Add("TestBroker", new { altdata = new { survey = "ZTF" } });
        Add("SaveBrokerAlert", new { group_ids = groups });
        Add("SaveBrokerPosition", new { ra = 150.1, dec = 2.2, radius = 5.0, group_ids = groups });
        var broker = (await Admin.PostAsync("/api/brokers", Body("PostBroker"))).GetProperty("id").GetInt32();
        _arguments["packetId"] = "1";
        await FillBrokerFiltersAsync(ids);
        (_arguments["brokerId"], _arguments["alertName"]) = ($"{broker}", TestServer.SimulatedBrokers.ZtfName);
    }

    // BOOM is the broker of these, since it takes every kind of request.
    private async Task FillBrokerFiltersAsync(Ids ids)
    {
        var pipeline = new object[] { new Dictionary<string, object> { ["$match"] = new { drb = 0.5 } }, new Dictionary<string, object> { ["$project"] = new { objectId = 1 } } };
        var boom = (await Admin.PostAsync("/api/brokers", new
        {
            name = "sample BOOM", broker_classname = "BOOMBROKER", altdata = new { host = "boom.example.org", username = TestServer.SimulatedAccountBrokers.User, password = TestServer.SimulatedAccountBrokers.Password, survey = "ZTF" },
        })).GetProperty("id").GetInt32();
        await Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{boom}", new { active = true });
        async Task<int> FilterAsync(string name, int? broker) =>
            (await Admin.PostAsync("/api/filters", new { name, stream_id = ids.Stream, group_id = ids.Group, broker_id = broker })).GetProperty("id").GetInt32();
        var (filter, doomed, free) = (await FilterAsync("broker's", boom), await FilterAsync("broker's, to go", boom), await FilterAsync("nobody's", null));
        Add("PostBrokerFilter", new { altdata = pipeline, filters = new { blocks = new[] { 1 } } });
        Add("TestBrokerFilter", new { pipeline, survey = "ZTF", start_jd = 2459000.5, end_jd = 2459001.5, object_ids = new[] { "ZTF20aaaaaaa" }, candids = new[] { 1 }, sort_by = "objectId", sort_order = "Ascending", limit = 10, count_only = false, filter_id = filter });
        Add("AttachBrokerFilter", new { broker_id = boom });
        var version = (await Admin.PostAsync($"/api/brokers/{boom}/filters/{filter}", Body("PostBrokerFilter"))).GetProperty("fid").GetString();
        Add("PatchBrokerFilter", new { active = true, active_fid = version, autoAnnotate = true, autoSave = false, autoFollowup = false });
        Add("ValidateBrokerFilter", new { fid = version });
        Add("PostBrokerFilterModule", new { elements = "variables", data = new { formula = "a + b", streams = new[] { "ZTF_alerts" } } });
        Add("PutBrokerFilterModule", new { elements = "variables", data = new { formula = "a - b", streams = new[] { "ZTF_alerts" } } });
        await Admin.PostAsync($"/api/brokers/{boom}/filter_modules/known", Body("PostBrokerFilterModule"));
        foreach (var route in new[] { "GetBrokerFilterModule", "PostBrokerFilterModule", "PutBrokerFilterModule" })
        {
            _arguments[$"{route}.brokerId"] = $"{boom}";
            _arguments[$"{route}.moduleName"] = route == "PostBrokerFilterModule" ? "unknown" : "known";
        }

        foreach (var route in new[] { "GetBrokerFilter", "PostBrokerFilter", "PatchBrokerFilter", "DeleteBrokerFilter", "ValidateBrokerFilter", "TestBrokerFilter", "ListBrokerFilters", "ListBrokerFilterModules" })
        {
            _arguments[$"{route}.brokerId"] = $"{boom}";
            _arguments[$"{route}.filterId"] = $"{(route == "DeleteBrokerFilter" ? doomed : filter)}";
        }

        _arguments["AttachBrokerFilter.filterId"] = $"{free}";
    }
}
