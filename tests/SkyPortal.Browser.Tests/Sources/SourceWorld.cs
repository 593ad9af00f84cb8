using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.TestServer;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>Two groups, a member of both, an outsider, and a source with a light curve saved to the first group.</summary>
internal sealed record SourceWorld(BrowserFixture Browser, string Name, string ObjId, int Group, int OtherGroup, TestClient Member, TestClient Outsider)
{
    public static async Task<SourceWorld> MakeAsync(BrowserFixture browser, string name)
    {
        var node = browser.Node;
        await using var db = node.Contexts.For(Viewer.System);
        var first = new Group { Name = $"{name} first" };
        var second = new Group { Name = $"{name} second" };
        db.AddRange(first, second);
        await db.SaveChangesAsync();
        foreach (var stream in await db.Set<AlertStream>().Where(row => row.Name.StartsWith("ZTF")).Select(row => row.Id).ToListAsync())
        {
            db.Add(new GroupStream { GroupId = first.Id, StreamId = stream });
        }

        await db.SaveChangesAsync();
        var world = new SourceWorld(
            browser, name, $"ZTF_{name}", first.Id, second.Id,
            await node.ClientAsync($"{name}-member", Role.FullUser, (first.Id, true), (second.Id, false)),
            await node.ClientAsync($"{name}-outsider"));
        var admin = await node.AdminAsync();
        await admin.PostAsync("/api/sources", new { id = world.ObjId, ra = 299.0, dec = 59.1, redshift = 0.0647, group_ids = new[] { first.Id } });
        await world.MeasureAsync([60000.1, 60001.2, 60003.1, 60004.4], ["ztfg", "ztfr", "ztfg", "ztfr"], [120, 180, 260, 2], origin: null);
        return world;
    }

    /// <summary>Uploads points with fluxes in microjansky, each with an uncertainty of 4.</summary>
    public async Task MeasureAsync(double[] mjd, string[] filter, double[] flux, string? origin)
    {
        await using var db = Browser.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().Where(row => row.Name == "ZTF").Select(row => row.Id).FirstAsync();
        await Member.PostAsync("/api/photometry", new
        {
            obj_id = ObjId, instrument_id = instrument, mjd, filter, flux, fluxerr = flux.Select(_ => 4.0).ToArray(), zp = 23.9, magsys = "ab",
            origin = origin ?? "", group_ids = new[] { Group },
        });
    }

    /// <summary>Takes real packets in and saves the object with most points to the first group; answers its name.</summary>
    public async Task<string> IngestAsync(string folder)
    {
        await using var db = Browser.Node.Contexts.For(Viewer.System);
        var stream = await db.Set<AlertStream>().Where(row => row.Name == "ZTF Public").Select(row => row.Id).SingleAsync();
        await Member.PostAsync("/api/filters", new
        {
            name = $"{Name} all", stream_id = stream, group_id = Group, expression = "candidate.rb >= 0",
            annotations = new { rb = "candidate.rb", fwhm = "candidate.fwhm", sgscore = "candidate.sgscore1", ndethist = "candidate.ndethist" },
        });
        var packets = Directory.EnumerateFiles(folder, "*.avro").Order().Select(file => new AlertPacket(Path.GetFileName(file), File.ReadAllBytes(file)));
        await foreach (var outcome in Browser.Node.Services.GetRequiredService<IngestAlerts>()
            .HandleAsync("ZTF Public", packets.ToAsyncEnumerable(), null, CancellationToken.None))
        {
            _ = outcome;
        }

        await using var command = Browser.Node.Contexts.DataSource.CreateCommand("""
            select o.id || ' ' || o.ra || ' ' || o.dec from objs o join thumbnails t on t.obj_id = o.id and t.type = 'new'
            order by (select count(*) from photometry p where p.obj_id = o.id) desc, o.id limit 1
            """);
        var parts = ((string)(await command.ExecuteScalarAsync())!).Split(' ');
        await Member.PostAsync("/api/sources", new
        {
            id = parts[0],
            ra = double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture),
            dec = double.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture),
            group_ids = new[] { Group },
        });
        return parts[0];
    }

    /// <summary>A tab in which somebody is signed in, at an address.</summary>
    public async Task<BrowserPage> OpenAsync(TestClient who, string path, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var page = await Browser.PageAsync(scheme, width, height);
        var secret = await Browser.Node.Services.GetRequiredService<CreateSignInLink>().HandleAsync(SkyPortal.Domain.Access.Viewer.System, who.UserId, CancellationToken.None);
        await page.Tab.Context.APIRequest.GetAsync($"{Browser.Node.Address}/sign-in/{secret}", new() { MaxRedirects = 0 });
        await page.OpenAsync(path);
        return page;
    }
}
