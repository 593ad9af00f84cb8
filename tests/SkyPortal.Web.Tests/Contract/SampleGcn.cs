namespace SkyPortal.Web.Tests.Contract;

/// <summary>An event of the small site with its sky map.</summary>
internal sealed partial class SampleSite
{
    private async Task FillGcnAsync(Ids ids)
    {
        Add("PostGcnEvent", new
        {
            dateobs = "2026-01-02T03:04:05", trigger_id = "trigger -n-", aliases = new[] { "LVC#S1" }, tags = new[] { "GRB" }, group_ids = new[] { ids.Group }, skymap = new { ra = 120.0, dec = 10.0, error = 1.5 },
        });
        await Admin.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05", skymap = new { localization_name = "square", polygon = new[] { new[] { 0, 0 }, [10, 0], [10, 10], [0, 10] } } });
        (_arguments["dateobs"], _arguments["name"]) = ("2026-01-02T03:04:05", "square");
    }
}
