namespace SkyPortal.Web.Tests.Contract;

/// <summary>The brokers of the sample site.</summary>
internal sealed partial class SampleSite
{
    private async Task FillBrokersAsync(Ids ids)
    {
        var groups = new[] { ids.Group };
        Add("PostBroker", new { name = "broker -n-", broker_classname = "FINKBROKER", altdata = new { survey = "ZTF", fink = new { servers = "localhost:9092", topics = new[] { "a" } } }, active = true, default_alert_search = false, default_crossmatch = false });
        Add("PatchBroker", new { name = "broker -n-", altdata = new { survey = "ZTF" }, active = true, default_alert_search = true, default_crossmatch = false });
        Add("TestBroker", new { altdata = new { survey = "ZTF" } });
        Add("SaveBrokerAlert", new { group_ids = groups });
        Add("SaveBrokerPosition", new { ra = 150.1, dec = 2.2, radius = 5.0, group_ids = groups });
        var broker = (await Admin.PostAsync("/api/brokers", Body("PostBroker"))).GetProperty("id").GetInt32();
        (_arguments["brokerId"], _arguments["alertName"]) = ($"{broker}", TestServer.SimulatedBrokers.ZtfName);
    }
}
