using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

public sealed class MovingObjectTests
{
    private const string Path = "/api/moving_object/2026 AB1/followup";

    [Fact]
    public async Task Post_AVisibleObject_PlansTheFirstStretchThatIsLongEnough()
    {
        await using var scene = await ChartScene.MakeAsync();
        var instrument = await ArrangeAsync(scene);

        var plan = (await scene.Member.PostAsync(Path, Body(instrument))).EnumerateArray().ToList();

        Assert.Equal(3, plan.Count);
        Assert.Equal(["start_time", "end_time", "band", "field_id", "airmass", "sun_altitude", "moon_distance"], plan[0].EnumerateObject().Select(field => field.Name));
        // The airmass falls below the limit at 08:30.
        Assert.Equal("2026-01-15T08:30:00", plan[0].GetProperty("start_time").GetString());
        Assert.Equal("2026-01-15T08:35:00", plan[0].GetProperty("end_time").GetString());
        Assert.Equal(plan[0].GetProperty("end_time").GetString(), plan[1].GetProperty("start_time").GetString());
        Assert.All(plan, row => Assert.True(row.GetProperty("airmass").GetDouble() <= 2.5 && row.GetProperty("sun_altitude").GetDouble() < -18));
        var asked = scene.Outside.Requests.Single(request => request.Path == "api/horizons.api");
        Assert.Equal("'DES=20260001'", asked["COMMAND"]);
        Assert.Equal("'1,8,9'", asked["QUANTITIES"]);
    }

    [Fact]
    public async Task Post_NoStretchLongEnough_IsAnEmptyPlan()
    {
        await using var scene = await ChartScene.MakeAsync();
        var instrument = await ArrangeAsync(scene);

        Assert.Empty((await scene.Member.PostAsync(Path, Body(instrument, count: 20))).EnumerateArray());
    }

    [Fact]
    public async Task Post_AMissingField_IsRefusedByNameWithoutACall()
    {
        await using var scene = await ChartScene.MakeAsync();
        var instrument = await ArrangeAsync(scene);
        foreach (var field in new[] { "instrument_id", "exposure_count", "exposure_time", "start_time", "end_time", "filter" })
        {
            var body = Body(instrument);
            body.Remove(field);
            var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, Path, body);
            Assert.Equal(400, status);
            Assert.Contains(field, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        var late = Body(instrument);
        late["end_time"] = "2026-01-23T00:00:00";
        Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Post, Path, late)).Status);
        Assert.Empty(scene.Outside.Requests);
    }

    [Fact]
    public async Task Post_UnknownObjectOrServerDown_IsRefusedWithTheReason()
    {
        await using var scene = await ChartScene.MakeAsync();
        var instrument = await ArrangeAsync(scene);
        scene.Outside.On("Horizons", _ => SimulatedReply.Json("""{"count":0}"""));
        var unknown = await scene.Member.SendAsync(HttpMethod.Post, Path, Body(instrument));
        scene.Outside.On("Horizons", _ => SimulatedReply.Fault(503));
        var down = await scene.Member.SendAsync(HttpMethod.Post, Path, Body(instrument));

        Assert.Equal((400, 400), (unknown.Status, down.Status));
        Assert.Contains("no single object", unknown.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("JPL Horizons", down.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Dictionary<string, object> Body(int instrument, int count = 3) => new()
    {
        ["instrument_id"] = instrument, ["exposure_count"] = count, ["exposure_time"] = 300, ["start_time"] = "2026-01-15T08:00:00", ["end_time"] = "2026-01-15T09:30:00", ["filter"] = "ztfr",
    };

    // Ninety minutes of a body at rest, whose airmass is good from the thirtieth on.
    private static async Task<int> ArrangeAsync(ChartScene scene)
    {
        var rows = new StringBuilder("header\n$$SOE\n");
        for (var minute = 0; minute <= 90; minute++)
        {
            var time = new DateTime(2026, 1, 15, 8, 0, 0, DateTimeKind.Utc).AddMinutes(minute);
            rows.Append(CultureInfo.InvariantCulture, $" {time:yyyy-MMM-dd HH:mm}, , , 08 00 00.00, +20 00 00.0, {(minute < 10 ? "n.a." : minute < 30 ? "2.6" : "1.2")}, 0.1, 18.1, n.a.,\n");
        }

        rows.Append("$$EOE\n");
        var result = JsonSerializer.Serialize(new { result = rows.ToString() });
        scene.Outside.On("Horizons", request => SimulatedReply.Json(request.Path == "api/horizons_support.api" ? """{"count":1,"data":{"name":"(2026 AB1)","id":"20260001"}}""" : result));
        await using var db = scene.Site.Node.Contexts.For(Viewer.System);
        var telescope = await db.Set<Telescope>().FirstAsync(row => row.Nickname == "P48");
        var camera = new Instrument { Name = "Moving camera", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfr"] };
        db.Add(camera);
        await db.SaveChangesAsync();
        return camera.Id;
    }
}
