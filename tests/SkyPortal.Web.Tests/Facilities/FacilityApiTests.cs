using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Facilities;

/// <summary>Telescopes and instruments from outside.</summary>
public sealed class FacilityApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] TelescopeKeys =
    [
        "nickname", "lat", "elevation", "diameter", "weather_link", "fixed_location", "modified", "lon", "name", "mpc_obscode", "skycam_link",
        "robotic", "id", "created_at",
    ];

    private static readonly string[] InstrumentKeys =
    [
        "band", "listener_classname", "created_at", "telescope_id", "treasuremap_id", "filters", "tns_id", "sensitivity_data", "across_id",
        "configuration_data", "has_fields", "last_status_update", "has_region", "type", "api_classname", "id", "name", "api_classname_obsplan", "modified",
    ];

    [Fact]
    public async Task NewSite_TelescopesAndInstruments_AreSeededOnce()
    {
        var admin = await site.Node.AdminAsync();

        var telescopes = await admin.GetAsync("/api/telescope?name=Palomar%201.2m");
        var instruments = await admin.GetAsync("/api/instrument?name=ZTF");

        Assert.Equal(1, telescopes.GetArrayLength());
        Assert.Equal(1, instruments.GetArrayLength());
        Assert.Equal("Rectangle [width, height]: (6.8, 6.8)", instruments[0].GetProperty("region_summary").GetString());
        Assert.Equal([.. TelescopeKeys, "instruments", "allocations"], Keys(telescopes[0]), Same);
        Assert.Equal([.. InstrumentKeys, "region", "telescope", "number_of_fields", "region_summary", "log_exists"], Keys(instruments[0]), Same);
        Assert.Equal(TelescopeKeys, Keys(instruments[0].GetProperty("telescope")), Same);
    }

    [Fact]
    public async Task Instrument_WithFieldOfViewAndGrid_IsSavedChangedAndDeleted()
    {
        var admin = await site.Node.AdminAsync();
        var telescopeId = await TelescopeAsync(admin);

        var id = (await admin.PostAsync("/api/instrument", Camera(telescopeId))).GetProperty("id").GetInt32();
        var one = await admin.GetAsync($"/api/instrument/{id}");
        await admin.DataAsync(HttpMethod.Put, $"/api/instrument/{id}", new { band = "Infrared" });
        var listed = (await admin.GetAsync("/api/instrument")).EnumerateArray().Single(row => row.GetProperty("id").GetInt32() == id);
        await admin.DataAsync(HttpMethod.Delete, $"/api/instrument/{id}/fields");
        var bare = await admin.GetAsync($"/api/instrument/{id}");
        await admin.DataAsync(HttpMethod.Delete, $"/api/instrument/{id}");
        var (gone, _) = await admin.SendAsync(HttpMethod.Get, $"/api/instrument/{id}");

        Assert.Equal([.. InstrumentKeys, "region", "status", "log_exists"], Keys(one), Same);
        Assert.Equal("# Region file format: DS9 astropy/regions\nicrs\nbox(0.00000000,0.00000000,2.00000000,2.00000000,0.00000000)\n", one.GetProperty("region").GetString());
        Assert.Equal(20.3, one.GetProperty("sensitivity_data").GetProperty("ztfg").GetProperty("limiting_magnitude").GetDouble());
        Assert.Equal(("Infrared", 2), (listed.GetProperty("band").GetString(), listed.GetProperty("number_of_fields").GetInt32()));
        Assert.False(bare.GetProperty("has_fields").GetBoolean());
        Assert.Equal(400, gone);
    }

    [Fact]
    public async Task Telescope_NamesTheAllocationsOfItsReader()
    {
        var admin = await site.Node.AdminAsync();
        var id = await TelescopeAsync(admin);
        var camera = (await admin.PostAsync("/api/instrument", Camera(id))).GetProperty("id").GetInt32();
        var group = (await admin.PostAsync("/api/groups", new { name = $"telescope {id}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var allocation = (await admin.PostAsync("/api/allocation", new { group_id = group, instrument_id = camera, hours_allocated = 1, allocation_admin_ids = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var outsider = await site.Node.ClientAsync($"telescope-outsider-{id}");

        var listed = (await admin.GetAsync("/api/telescope")).EnumerateArray().Single(row => row.GetProperty("id").GetInt32() == id);
        foreach (var row in new[] { listed, await admin.GetAsync($"/api/telescope/{id}") })
        {
            var own = Assert.Single(row.GetProperty("allocations").EnumerateArray());
            Assert.Equal((allocation, admin.UserId), (own.GetProperty("id").GetInt32(), own.GetProperty("allocation_users")[0].GetProperty("id").GetInt32()));
            Assert.Equal(allocation, row.GetProperty("instruments")[0].GetProperty("allocations")[0].GetProperty("id").GetInt32());
        }

        var hidden = await outsider.GetAsync($"/api/telescope/{id}");
        Assert.Equal((0, 0), (hidden.GetProperty("allocations").GetArrayLength(), hidden.GetProperty("instruments")[0].GetProperty("allocations").GetArrayLength()));
    }

    [Fact]
    public async Task Telescope_IsChangedAndDeletedWithItsInstruments()
    {
        var admin = await site.Node.AdminAsync();
        var id = await TelescopeAsync(admin);
        var instrumentId = (await admin.PostAsync("/api/instrument", Camera(id))).GetProperty("id").GetInt32();

        await admin.DataAsync(HttpMethod.Put, $"/api/telescope/{id}", new { diameter = 2.5 });
        var one = await admin.GetAsync($"/api/telescope/{id}");
        await admin.DataAsync(HttpMethod.Delete, $"/api/telescope/{id}");
        var (telescope, _) = await admin.SendAsync(HttpMethod.Get, $"/api/telescope/{id}");
        var (instrument, _) = await admin.SendAsync(HttpMethod.Get, $"/api/instrument/{instrumentId}");

        Assert.Equal(2.5, one.GetProperty("diameter").GetDouble());
        Assert.Equal(instrumentId, one.GetProperty("instruments")[0].GetProperty("id").GetInt32());
        Assert.Equal((400, 400), (telescope, instrument));
    }

    [Theory]
    [InlineData("telescope", """{"nickname":"a","diameter":1}""", "name")]
    [InlineData("telescope", """{"name":"a","nickname":"a","diameter":1,"fixed_location":true}""", "fixed_location")]
    [InlineData("telescope", """{"name":"a","nickname":"a","diameter":1,"lat":91}""", "lat")]
    [InlineData("telescope", """{"name":"a","nickname":"a","diameter":"big"}""", "diameter")]
    [InlineData("telescope", """{"name":"a","nickname":"a","diameter":1,"colour":"red"}""", "colour")]
    [InlineData("telescope", """{"name":"Palomar 1.2m","nickname":"a","diameter":1}""", "already exists")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":99999}""", "telescope_id")]
    [InlineData("instrument", """{"name":"a","type":"camera","telescope_id":1}""", "type")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":1,"filters":["nosuch"]}""", "filters")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":1,"api_classname":"NoSuchAPI"}""", "api_classname")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":1,"sensitivity_data":{"ztfg":{}}}""", "sensitivity_data")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":1,"field_fov_type":"circle","field_fov_attributes":[1,2]}""", "field_fov_attributes")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":1,"field_data":{"ID":[1],"RA":[0],"Dec":[0]}}""", "field_data")]
    [InlineData("instrument", """{"name":"a","type":"imager","telescope_id":1,"field_fov_type":"circle","field_fov_attributes":1,"field_data":{"ID":[1],"RA":[400],"Dec":[0]}}""", "field_data: RA: row 0")]
    public async Task Post_WrongBody_Answers400ThatNamesIt(string what, string body, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, $"/api/{what}", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_WithoutTheRight_AreRefused()
    {
        var admin = await site.Node.AdminAsync();
        var viewer = await site.Node.ClientAsync("facility-viewer", Role.ViewOnly);
        var id = await TelescopeAsync(admin);
        var instrumentId = (await admin.PostAsync("/api/instrument", Camera(id))).GetProperty("id").GetInt32();

        Assert.Equal(400, (await viewer.SendAsync(HttpMethod.Post, "/api/telescope", new { name = "x", nickname = "x", diameter = 1 })).Status);
        Assert.Equal(400, (await viewer.SendAsync(HttpMethod.Post, "/api/instrument", new { name = "x", type = "imager", telescope_id = id })).Status);
        Assert.Equal(401, (await viewer.SendAsync(HttpMethod.Put, $"/api/telescope/{id}", new { diameter = 2 })).Status);
        Assert.Equal(401, (await viewer.SendAsync(HttpMethod.Delete, $"/api/telescope/{id}")).Status);
        Assert.Equal(401, (await viewer.SendAsync(HttpMethod.Delete, $"/api/instrument/{instrumentId}")).Status);
        Assert.Equal(401, (await viewer.SendAsync(HttpMethod.Put, $"/api/instrument/{instrumentId}", new { band = "x" })).Status);
    }

    private static readonly IEqualityComparer<IEnumerable<string>> Same =
        EqualityComparer<IEnumerable<string>>.Create((one, other) => one!.Order(StringComparer.Ordinal).SequenceEqual(other!.Order(StringComparer.Ordinal)));

    private static IEnumerable<string> Keys(JsonElement row) => row.EnumerateObject().Select(property => property.Name);

    private static async Task<int> TelescopeAsync(TestClient admin)
    {
        var name = $"P48_{Guid.NewGuid():N}";
        var data = await admin.PostAsync(
            "/api/telescope",
            new { name, nickname = name, lat = 33.3633675, lon = -116.8361345, elevation = 1870, diameter = 1.2, skycam_link = "http://x.y/z.png", robotic = true, fixed_location = true });
        return data.GetProperty("id").GetInt32();
    }

    private static object Camera(int telescopeId) => new
    {
        name = $"ZTF_{Guid.NewGuid():N}",
        type = "imager",
        band = "Optical",
        telescope_id = telescopeId,
        filters = new[] { "ztfg", "ztfr", "ztfi" },
        api_classname = "ZTFAPI",
        field_data = new { ID = new[] { 199, 200 }, RA = new[] { 0.0, 10 }, Dec = new[] { 0.0, 10 } },
        field_fov_type = "rectangle",
        field_fov_attributes = new[] { 2.0, 2.0 },
        sensitivity_data = new { ztfg = new { limiting_magnitude = 20.3, magsys = "ab", exposure_time = 30, zeropoint = 26.3 } },
    };
}
