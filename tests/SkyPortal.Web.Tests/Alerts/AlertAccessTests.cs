using System.Net;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Who may see what came in packets.</summary>
public sealed class AlertAccessTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(fixture.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Packet_OfPartnership_IsForMembersOfItsStreamsOnly()
    {
        var (partners, partner) = await _site.GroupAsync("partners", "ZTF Partnership");
        var (publics, outsider) = await _site.GroupAsync("publics", "ZTF Public");
        await _site.FilterAsync(partner, partners, "ZTF Partnership", "objectId == 'ZTF26partner'");
        var filter = await _site.FilterAsync(outsider, publics, "ZTF Public", "objectId == 'ZTF26partner'");
        var packet = new ZtfPacket("ZTF26partner", 8_001) { Programme = 2 };

        await _site.IngestAsync("ZTF Public", packet.Packet());

        Assert.Equal(packet.Write(), await BytesAsync(partner, "/api/alerts/ZTF/8001/packet"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(outsider, "/api/alerts/ZTF/8001/packet"));
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from candidates where filter_id = $1", filter));
        Assert.Equal([partners], await _site.QueryAsync<int>("select unnest(group_ids) from objs where id = 'ZTF26partner'"));
        var streams = await _site.QueryAsync<int>("select distinct unnest(stream_ids) from photometry where obj_id = 'ZTF26partner'");
        Assert.DoesNotContain(await _site.StreamIdAsync("ZTF Public"), streams);
        Assert.Contains(await _site.StreamIdAsync("ZTF Partnership"), streams);
    }

    [Fact]
    public async Task History_OfAnotherProgramme_IsHiddenFromFiltersAndDownloadsOfThePublic()
    {
        var (publics, member) = await _site.GroupAsync("histpub", "ZTF Public");
        var (partners, partner) = await _site.GroupAsync("histpart", "ZTF Partnership");
        const string Expression = "objectId == 'ZTF26mixedhi' and count(prv_candidates, magpsf is not null) == 2";
        var publicFilter = await _site.FilterAsync(member, publics, "ZTF Public", Expression);
        var partnerFilter = await _site.FilterAsync(partner, partners, "ZTF Partnership", Expression);
        var packet = new ZtfPacket("ZTF26mixedhi", 8_101) { Previous = [(2_460_899.7, 18.9, 1), (2_460_898.7, 19.1, 2)] };

        await _site.IngestAsync("ZTF Public", packet.Packet());

        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from candidates where filter_id = $1", publicFilter));
        Assert.Equal([1L], await _site.QueryAsync<long>("select count(*) from candidates where filter_id = $1", partnerFilter));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(member, "/api/alerts/ZTF/8101/packet"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(partner, "/api/alerts/ZTF/8101/packet"));
        var publicStream = await _site.StreamIdAsync("ZTF Public");
        Assert.Equal([2L], await _site.QueryAsync<long>("select count(*) from photometry where obj_id = 'ZTF26mixedhi' and $1 = any(stream_ids)", publicStream));
        Assert.Equal([3L], await _site.QueryAsync<long>("select count(*) from photometry where obj_id = 'ZTF26mixedhi'"));
    }

    [Fact]
    public async Task Picture_OfCandidate_IsForThoseWhoSeeTheObjectAndThePacket()
    {
        var (group, member) = await _site.GroupAsync("picture", "ZTF Public", "ZTF Partnership");
        var outsider = await fixture.Node.ClientAsync("picture-outsider");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26picture'");
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26picture", 8_201).Packet());
        var id = (await _site.QueryAsync<long>("select id from thumbnails where obj_id = 'ZTF26picture' and type = 'sub'")).Single();

        var picture = await BytesAsync(member, $"/api/thumbnails/{id}/image");

        Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(picture, 1, 3));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(outsider, $"/api/thumbnails/{id}/image"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(outsider, $"/thumbnails/{id}.png"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(member, "/api/thumbnails/999999/image"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(member, "/api/thumbnails/x/image"));
    }

    [Fact]
    public async Task Picture_OfPartnershipPacket_FallsBackToTheNewestReadableOne()
    {
        var (publics, member) = await _site.GroupAsync("fallpub", "ZTF Public");
        var (partners, partner) = await _site.GroupAsync("fallpart", "ZTF Partnership");
        await _site.FilterAsync(member, publics, "ZTF Public", "objectId == 'ZTF26fallbac'");
        await _site.FilterAsync(partner, partners, "ZTF Partnership", "objectId == 'ZTF26fallbac'");
        await _site.IngestAsync(
            "ZTF Public",
            new ZtfPacket("ZTF26fallbac", 8_301).Packet(),
            new ZtfPacket("ZTF26fallbac", 8_302) { Jd = 2_460_901.75, Programme = 2, Cutout = Other() }.Packet());
        var id = (await _site.QueryAsync<long>("select id from thumbnails where obj_id = 'ZTF26fallbac' and type = 'new' and alert_id = 8302")).Single();

        var forPublic = await BytesAsync(member, $"/api/thumbnails/{id}/image");
        var forPartner = await BytesAsync(partner, $"/api/thumbnails/{id}/image");

        Assert.NotEqual(forPublic, forPartner);
    }

    [Theory]
    [InlineData("ztf", "ZTF Public")]
    [InlineData("winter", "WINTER")]
    [InlineData("decam", "DECam")]
    [InlineData("lsst", "LSST Public")]
    public async Task Ingest_RealPackets_AreAllAccepted(string folder, string stream)
    {
        var path = TestSupport.SharedData.PathOrSkip($"alerts/{folder}");
        var schemas = new Infrastructure.Formats.FolderSchemaRegistry(TestSupport.SharedData.PathOrSkip("alerts/schema"));
        var files = Directory.GetFiles(path, "*.avro").Order(StringComparer.Ordinal).ToArray();

        var outcomes = await _site.IngestAsync(stream, schemas, [.. files.Select(file => new AlertPacket(file, File.ReadAllBytes(file)))]);

        Assert.DoesNotContain(outcomes, outcome => outcome.Kind == IngestOutcomeKind.Rejected && !outcome.Reason!.Contains("belongs to no object", StringComparison.Ordinal));
        Assert.Contains(outcomes, outcome => outcome.Kind == IngestOutcomeKind.Accepted);
        Assert.Equal(0, outcomes.Sum(outcome => outcome.DroppedPoints));
        Assert.NotEmpty(await _site.QueryAsync<long>("select id from photometry where instrument_id = (select min(id) from instruments where upper(name) = upper($1))", folder));
    }

    private static byte[] Other()
    {
        var pixels = new float[63 * 63];
        pixels[10] = 50;
        return Infrastructure.Formats.FitsWriter.WriteImage(pixels, 63, 63, gzip: true);
    }

    private static async Task<byte[]> BytesAsync(TestClient client, string path) => await client.Http.GetByteArrayAsync(path);

    private static async Task<HttpStatusCode> StatusAsync(TestClient client, string path)
    {
        using var response = await client.Http.GetAsync(path);
        return response.StatusCode;
    }
}
