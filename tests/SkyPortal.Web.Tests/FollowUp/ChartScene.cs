using System.Globalization;
using System.Text;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>A source of one group, a member, an outsider, and servers that know the sky around it.</summary>
internal sealed record ChartScene(TestSite Site, OutsideSimulator Outside, TestClient Member, TestClient Outsider, string ObjId) : IAsyncDisposable
{
    public static readonly SkyPosition Place = new(189.54613, 36.50064);

    public static async Task<ChartScene> MakeAsync()
    {
        var outside = await OutsideSimulator.StartAsync();
        var site = await TestSite.StartAsync(builder => builder.Configuration["Outside:Address"] = outside.Address);
        await using var db = site.Node.Contexts.For(Viewer.System);
        var group = new Group { Name = "chart readers" };
        db.Add(group);
        await db.SaveChangesAsync();
        await (await site.Node.AdminAsync()).PostAsync("/api/sources", new { id = "ZTF26charts", ra = Place.RaDegrees, dec = Place.DecDegrees, group_ids = new[] { group.Id } });
        var scene = new ChartScene(
            site, outside, await site.Node.ClientAsync("chart-member", Role.FullUser, (group.Id, false)), await site.Node.ClientAsync("chart-outsider"), "ZTF26charts");
        foreach (var archive in new[] { "GaiaAip", "GaiaEsa" })
        {
            outside.On(archive, _ => SimulatedReply.Text(Gaia(), "text/csv"));
        }

        outside.On("CdsImages", request => new SimulatedReply(200, Image(request["width"]), "image/fits"));
        return scene;
    }

    /// <summary>Stars around the source: three that serve, and a faint one.</summary>
    public static string Gaia()
    {
        var text = new StringBuilder("dist,source_id,ra,dec,ref_epoch,phot_rp_mean_mag,pmra,pmdec,parallax\n");
        foreach (var (id, east, north, mag) in Stars)
        {
            var star = TangentPlane.Deproject(Place, east / 3600, north / 3600);
            text.Append(CultureInfo.InvariantCulture, $"0.01,{id},{star.RaDegrees:0.##########},{star.DecDegrees:0.##########},2016.0,{mag},-12.5,3.1,\n");
        }

        return text.ToString();
    }

    public static IReadOnlyList<(long Id, double EastArcsec, double NorthArcsec, double Mag)> Stars { get; } =
        [(1518000000000000001, 40, 25, 14.2), (1518000000000000002, -55, 10, 16.8), (1518000000000000003, 12, -80, 12.9), (1518000000000000004, -20, -30, 20.9)];

    /// <summary>The same stars on a sky with noise, as hips2fits answers.</summary>
    public static byte[] Image(string width)
    {
        var side = int.Parse(width, CultureInfo.InvariantCulture);
        const double SideDegrees = 4.0 / 60;
        var pixels = new float[side * side];
        var random = new Random(3);
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = 100 + (float)(8 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        }

        foreach (var (_, east, north, mag) in Stars.Append((0, 0, 0, 18.5)))
        {
            var (x, y) = (((0.5 - (east / 3600 / SideDegrees)) * side) - 0.5, ((0.5 + (north / 3600 / SideDegrees)) * side) - 0.5);
            var peak = 30 * Math.Pow(10, 0.4 * (20 - mag));
            for (var row = Math.Max(0, (int)y - 30); row < Math.Min(side, y + 30); row++)
            {
                for (var column = Math.Max(0, (int)x - 30); column < Math.Min(side, x + 30); column++)
                {
                    pixels[(row * side) + column] += (float)(peak * Math.Exp(-(Math.Pow(column - x, 2) + Math.Pow(row - y, 2)) / 18));
                }
            }
        }

        FitsCard[] cards =
        [
            new("CTYPE1", "RA---TAN"), new("CTYPE2", "DEC--TAN"), new("CRVAL1", Place.RaDegrees), new("CRVAL2", Place.DecDegrees),
            new("CRPIX1", (side + 1) / 2.0), new("CRPIX2", (side + 1) / 2.0), new("CDELT1", -SideDegrees / side), new("CDELT2", SideDegrees / side),
        ];
        return FitsWriter.WriteImage(pixels, side, side, cards);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Outside.DisposeAsync();
    }
}
