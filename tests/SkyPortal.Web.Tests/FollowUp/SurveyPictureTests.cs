using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

public sealed class SurveyPictureTests
{
    private const string Path = "/api/internal/survey_thumbnail";

    [Fact]
    public async Task Post_EverySurvey_AddsThoseThatLookedThere()
    {
        await using var scene = await ChartScene.MakeAsync();
        scene.Outside.On("Ps1Images", _ => SimulatedReply.Text("""<img src="//ps1images.stsci.edu/cgi-bin/fitscut.cgi?red=a&amp;green=b">""", "text/html"));
        scene.Outside.On("SkyMapper", _ => SimulatedReply.Text("name,url\na,https://api.skymapper.nci.org.au/public/siap/dr4/get_image?IMAGE=1&format=png\n"));
        scene.Outside.On("ChandraFootprints", _ => SimulatedReply.Text("nothing here"));
        scene.Outside.On("Mast", request => SimulatedReply.Json(request["request"].Contains("HST", StringComparison.Ordinal) ? """{"data":[{"obs_id":"hst_1","jpegURL":null}]}""" : """{"data":[]}"""));

        var outcomes = await scene.Member.PostAsync(Path, new { objID = scene.ObjId });
        var source = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}?includeThumbnails=true");

        Assert.Equal(
            ["chandra nothing", "hst added", "jwst nothing", "ls added", "ps1 added", "sdss added", "sm added"],
            outcomes.EnumerateArray().Select(row => $"{row.GetProperty("type").GetString()} {row.GetProperty("outcome").GetString()}").Order());
        var pictures = source.GetProperty("thumbnails").EnumerateArray().ToDictionary(row => row.GetProperty("type").GetString()!, row => row.GetProperty("public_url").GetString()!);
        Assert.Equal("https://ps1images.stsci.edu/cgi-bin/fitscut.cgi?red=a&green=b", pictures["ps1"]);
        Assert.StartsWith("https://skyserver.sdss.org/", pictures["sdss"], StringComparison.Ordinal);
        Assert.Contains("red=hst_1", pictures["hst"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TwiceOrWithAServerDown_AddsOnceAndSaysWhy()
    {
        await using var scene = await ChartScene.MakeAsync();
        scene.Outside.On("Ps1Images", _ => SimulatedReply.Fault(500));

        var first = await scene.Member.PostAsync(Path, new { objIDs = new[] { scene.ObjId }, types = new[] { "sdss", "ps1" } });
        var second = await scene.Member.PostAsync(Path, new { objID = scene.ObjId, types = new[] { "sdss" } });

        Assert.Equal(["added", "failed"], first.EnumerateArray().Select(row => row.GetProperty("outcome").GetString()));
        Assert.Contains("500", first[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("known", second[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Post_OutsiderOrBadInput_IsRefusedAndAsksNobody()
    {
        await using var scene = await ChartScene.MakeAsync();

        var hidden = await scene.Outsider.SendAsync(HttpMethod.Post, Path, new { objID = scene.ObjId });
        var missing = await scene.Outsider.SendAsync(HttpMethod.Post, Path, new { objID = "nothing" });
        var unknown = await scene.Member.SendAsync(HttpMethod.Post, Path, new { objID = scene.ObjId, types = new[] { "2mass" } });
        var empty = await scene.Member.SendAsync(HttpMethod.Post, Path, new { });

        Assert.Equal((400, 400, 400, 400), (hidden.Status, missing.Status, unknown.Status, empty.Status));
        Assert.Equal(
            missing.Envelope.GetProperty("message").GetString()!.Replace("nothing", "x", StringComparison.Ordinal),
            hidden.Envelope.GetProperty("message").GetString()!.Replace(scene.ObjId, "x", StringComparison.Ordinal));
        Assert.Empty(scene.Outside.Requests);
    }

    [Fact]
    public async Task Put_ByAnAdministrator_ChangesTheRowAndByAMemberDoesNot()
    {
        await using var scene = await ChartScene.MakeAsync();
        await scene.Member.PostAsync(Path, new { objID = scene.ObjId, types = new[] { "sdss" } });
        var id = (await scene.Member.GetAsync($"/api/sources/{scene.ObjId}?includeThumbnails=true")).GetProperty("thumbnails")[0].GetProperty("id").GetInt64();
        var admin = await scene.Site.Node.AdminAsync();

        var refused = await scene.Member.SendAsync(HttpMethod.Put, $"/api/thumbnail/{id}", new { origin = "mine" });
        await admin.DataAsync(HttpMethod.Put, $"/api/thumbnail/{id}", new { origin = "archive", is_grayscale = true });
        var row = await scene.Member.GetAsync($"/api/thumbnail/{id}");

        Assert.True(refused.Status is 400 or 401 or 403);
        Assert.Equal(("archive", true), (row.GetProperty("origin").GetString(), row.GetProperty("is_grayscale").GetBoolean()));
        foreach (var (body, name) in new (object, string)[] { (new { type = "x" }, "type"), (new { public_url = "javascript:alert(1)" }, "public_url"), (new { obj_id = "none" }, "obj_id"), (new { file_uri = "a" }, "file_uri") })
        {
            var bad = await admin.SendAsync(HttpMethod.Put, $"/api/thumbnail/{id}", body);
            Assert.Equal(400, bad.Status);
            Assert.Contains(name, bad.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ThumbnailPath_ForAnAdministrator_TellsThatAllIsInItsPlace()
    {
        await using var scene = await ChartScene.MakeAsync();
        var admin = await scene.Site.Node.AdminAsync();

        var counted = await admin.GetAsync("/api/thumbnailPath");
        var moved = await admin.DataAsync(HttpMethod.Patch, "/api/thumbnailPath");

        Assert.Equal(0, counted.GetProperty("inWrongFolder").GetInt32());
        Assert.Equal(0, moved.GetProperty("numMoved").GetInt32());
        Assert.Equal(JsonValueKind.Object, (await admin.DataAsync(HttpMethod.Delete, "/api/thumbnailPath")).ValueKind);
        Assert.NotEqual(200, (await scene.Member.SendAsync(HttpMethod.Get, "/api/thumbnailPath")).Status);
    }
}
