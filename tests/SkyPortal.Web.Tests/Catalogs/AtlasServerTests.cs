using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Catalogs;

/// <summary>The ATLAS transient server over the API.</summary>
public sealed class AtlasServerTests : IAsyncLifetime
{
    private const string Id = "1100024010021200100";
    private ArchiveScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ArchiveScene.MakeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Cone_Object_Lists_AreThoseOfTheServer()
    {
        var cone = await _scene.Member.GetAsync("/api/atlas/cone?ra=150.1&dec=2.2&radius=3");
        var item = await _scene.Member.GetAsync($"/api/atlas/objects/{Id}?mjd=59000");
        var lists = await _scene.Member.GetAsync($"/api/atlas/objects/{Id}/lists");

        Assert.Equal((Id, 0.42), (cone[0].GetProperty("id").GetString(), cone[0].GetProperty("separation_arcsec").GetDouble()));
        Assert.Equal(3, item.GetProperty("lc").GetArrayLength());
        Assert.Equal(72, lists[0].GetInt32());
    }

    [Fact]
    public async Task EmptyCone_WhichTheServerAnswersWith400_IsEmpty()
    {
        _scene.Outside.On("AtlasServer", _ => new SimulatedReply(400, """{"error":"No objects found."}"""u8.ToArray(), "application/json"));

        Assert.Equal(0, (await _scene.Member.GetAsync("/api/atlas/cone?ra=10&dec=2")).GetArrayLength());
    }

    [Fact]
    public async Task Lists_AnswersThatTellOfNothingDone_AreRefused()
    {
        await _scene.Member.PostAsync($"/api/atlas/objects/{Id}/lists", new { list_id = 72 });
        await _scene.Member.DataAsync(HttpMethod.Delete, $"/api/atlas/objects/{Id}/lists/72");
        var (status, envelope) = await _scene.Member.SendAsync(HttpMethod.Post, $"/api/atlas/objects/{Id}/lists", new { list_id = 999 });

        Assert.Equal(400, status);
        Assert.Contains("Object group ID does not exist.", envelope.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal("72", _scene.Outside.Requests.Single(request => request.Path == "objectgroupsdelete/")["objectgroupid"]);
    }

    [Fact]
    public async Task Routes_WithoutUploadData_AreClosed()
    {
        var viewer = await _scene.Node.ClientAsync("atlas-viewer", Role.ViewOnly, (_scene.Group, false));

        var (status, _) = await viewer.SendAsync(HttpMethod.Get, "/api/atlas/cone?ra=150.1&dec=2.2");

        Assert.True(status is 401 or 403, $"{status}");
        Assert.Empty(_scene.Outside.Requests);
    }
}
