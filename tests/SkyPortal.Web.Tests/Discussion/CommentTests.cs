using System.Text;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Discussion;

/// <summary>Comments on sources and spectra: conversations, mentions, attachments and their previews, and what outsiders learn.</summary>
public sealed class CommentTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task OnASpectrum_PostEditDelete_GoesRoundAndIsInTheSpectrum()
    {
        var scene = await SceneAsync();
        var path = $"/api/spectra/{scene.Spectrum}/comments";

        var id = (await scene.Member.PostAsync(path, new { text = "Broad lines" })).GetProperty("comment_id").GetInt64();
        await scene.Member.PostAsync($"/api/spectra/{scene.Spectrum}/annotations", new { origin = "snid", data = new { rlap = 9.5 } });
        var list = await scene.Member.GetAsync(path);
        await scene.Member.DataAsync(HttpMethod.Put, $"{path}/{id}", new { text = "Broad H lines" });
        var spectrum = await scene.Member.GetAsync($"/api/spectra/{scene.Spectrum}");
        var (elsewhere, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/spectra/{scene.Spectrum + 1}/comments/{id}");
        await scene.Member.DataAsync(HttpMethod.Delete, $"{path}/{id}");

        Assert.Equal(
            ["attachment_name", "author", "author_id", "bot", "created_at", "id", "modified", "obj_id", "origin", "resourceType", "spectrum_id", "text"],
            list[0].EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("spectra", list[0].GetProperty("resourceType").GetString());
        Assert.Equal("Broad H lines", spectrum.GetProperty("comments")[0].GetProperty("text").GetString());
        Assert.Contains("gravatar", spectrum.GetProperty("comments")[0].GetProperty("author").GetProperty("gravatar_url").GetString(), StringComparison.Ordinal);
        Assert.Equal("spectrum", spectrum.GetProperty("annotations")[0].GetProperty("type").GetString());
        Assert.Equal(9.5, spectrum.GetProperty("annotations")[0].GetProperty("data").GetProperty("rlap").GetDouble());
        Assert.Equal(400, elsewhere);
        Assert.Contains("does not match resource ID", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await scene.Member.GetAsync(path)).GetArrayLength());
    }

    [Fact]
    public async Task Mentions_AreOfThoseWhoMayRead()
    {
        var scene = await SceneAsync();
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Mark}");
        var admin = await site.Node.AdminAsync();

        await scene.Member.PostAsync($"/api/sources/{scene.Obj}/comments", new
        {
            text = $"@second-{scene.Mark} and @outsider-{scene.Mark}, see mail@second-{scene.Mark}.org; @member-{scene.Mark} too. Observe with #ZTF!", group_ids = new[] { scene.Group },
        });

        await using var db = site.Node.Contexts.For(Viewer.System);
        var told = (await db.Set<OutboxEvent>().Where(row => row.Kind == "comment.posted" && row.Subject == scene.Obj).Select(row => row.Payload).SingleAsync())!.Value;
        var instrument = await db.Set<Instrument>().Where(row => row.Name == "ZTF").Select(row => row.Id).FirstAsync();
        Assert.Equal([scene.Second.UserId], told.GetProperty("mentions").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Contains(instrument, told.GetProperty("instruments").EnumerateArray().Select(id => id.GetInt32()));
        Assert.NotEqual(0, outsider.UserId + admin.UserId);
    }

    [Fact]
    public async Task Channel_OnlyItsOpener_DeletesIt()
    {
        var scene = await SceneAsync();
        await scene.Member.PostAsync($"/api/sources/{scene.Obj}/comments", new { text = "first", channel = "spectra tonight", group_ids = new[] { scene.Group } });
        await scene.Second.PostAsync($"/api/sources/{scene.Obj}/comments", new { text = "second", channel = "spectra tonight", group_ids = new[] { scene.Group } });
        await scene.Member.PostAsync($"/api/sources/{scene.Obj}/comments", new { text = "main" });
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Mark}");
        var path = $"/api/sources/{scene.Obj}/comments/channels?channel=spectra%20tonight";

        var (byAnother, _) = await scene.Second.SendAsync(HttpMethod.Delete, path);
        var (byOutsider, _) = await outsider.SendAsync(HttpMethod.Delete, path);
        var (unknown, _) = await scene.Member.SendAsync(HttpMethod.Delete, $"/api/sources/{scene.Obj}/comments/channels?channel=none");
        var names = await scene.Second.GetAsync($"/api/sources/{scene.Obj}/comments/channels");
        await scene.Member.DataAsync(HttpMethod.Delete, path);

        Assert.Equal((403, 400, 400), (byAnother, byOutsider, unknown));
        Assert.Equal(["spectra tonight"], names.EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(0, (await outsider.GetAsync($"/api/sources/{scene.Obj}/comments/channels")).GetArrayLength());
        Assert.Equal(0, (await scene.Member.GetAsync($"/api/sources/{scene.Obj}/comments/channels")).GetArrayLength());
        Assert.Equal(1, (await scene.Member.GetAsync($"/api/sources/{scene.Obj}/comments")).GetArrayLength());
    }

    [Fact]
    public async Task Preview_OfEachKind_HasAPinnedTypeAndCannotRun()
    {
        var scene = await SceneAsync();
        var png = PngEncoder.EncodeGrey(new byte[400], 20, 20);
        foreach (var (name, bytes, type) in new (string, byte[], string?)[]
        {
            ("a.png", png, "image/png"), ("b.jpg", png, "image/png"), ("c.pdf", "%PDF-1.4\n"u8.ToArray(), "application/pdf"), ("d.html", "<script>alert(1)</script>"u8.ToArray(), "text/plain"),
            ("e.fits", Fits(), "image/png"), ("f.json", "{}"u8.ToArray(), "text/plain"),
            ("g.svg", "<svg onload='alert(1)'/>"u8.ToArray(), null), ("h.png", "<script>"u8.ToArray(), null), ("i.pdf", "<script>"u8.ToArray(), null), ("j.fits", "no"u8.ToArray(), null),
        })
        {
            var id = (await scene.Member.PostAsync($"/api/sources/{scene.Obj}/comments", new { text = name, attachment = new { name, body = Convert.ToBase64String(bytes) } })).GetProperty("comment_id").GetInt64();
            using var reply = await scene.Member.Http.GetAsync($"/api/sources/{scene.Obj}/comments/{id}/attachment?download=false&preview=true");
            var policy = reply.Headers.TryGetValues("Content-Security-Policy", out var values) ? values.Single() : "";

            if (type is null)
            {
                Assert.True((int)reply.StatusCode == 400, $"{name} is answered with {reply.StatusCode}");
                continue;
            }

            Assert.True(reply.Content.Headers.ContentType?.MediaType == type, $"{name} is served as {reply.Content.Headers.ContentType}");
            Assert.Equal("nosniff", reply.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.StartsWith(type == "application/pdf" ? "default-src 'none'" : "sandbox; default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Attachment_AnOutsider_LearnsNothing()
    {
        var scene = await SceneAsync();
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Mark}");
        var file = new { name = "secret.txt", body = Convert.ToBase64String(Encoding.UTF8.GetBytes("a secret")) };
        var onSource = (await scene.Member.PostAsync($"/api/sources/{scene.Obj}/comments", new { text = "see", attachment = file })).GetProperty("comment_id").GetInt64();
        var onSpectrum = (await scene.Member.PostAsync($"/api/spectra/{scene.Spectrum}/comments", new { text = "see", attachment = file })).GetProperty("comment_id").GetInt64();
        var hidden = (await scene.Member.PostAsync($"/api/sources/{scene.Obj}/comments", new { text = "to one group", attachment = file, group_ids = new[] { scene.Private } })).GetProperty("comment_id").GetInt64();

        foreach (var (who, path) in new[] { (outsider, $"sources/{scene.Obj}/comments/{onSource}"), (outsider, $"spectra/{scene.Spectrum}/comments/{onSpectrum}"), (scene.Second, $"sources/{scene.Obj}/comments/{hidden}") })
        {
            foreach (var ending in new[] { "", "/attachment", "/attachment.pdf", "/attachment?download=false", "/attachment?download=false&preview=true" })
            {
                var (status, envelope) = await who.SendAsync(HttpMethod.Get, $"/api/{path}{ending}");
                Assert.True(status == 403, $"{path}{ending} is answered with {status}");
                Assert.DoesNotContain("secret", envelope.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, (await outsider.GetAsync("/api/spectra/comments?text=see")).GetArrayLength());
        var (admins, _) = await scene.Member.SendAsync(HttpMethod.Get, "/api/comment_attachment");
        Assert.Contains(admins, new[] { 401, 403 });
        Assert.True((await (await site.Node.AdminAsync()).GetAsync("/api/comment_attachment")).GetProperty("totalWithoutAttachmentBytes").GetInt32() >= 3);
    }

    private static byte[] Fits()
    {
        string[] cards = ["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 40", "NAXIS2  = 40", "END"];
        return [.. Encoding.ASCII.GetBytes(string.Concat(cards.Select(card => card.PadRight(80))).PadRight(2880)), .. Enumerable.Range(0, 2880).Select(index => (byte)(index % 251))];
    }

    private async Task<Scene> SceneAsync()
    {
        var admin = await site.Node.AdminAsync();
        var mark = Guid.NewGuid().ToString("N")[..8];
        var group = (await admin.PostAsync("/api/groups", new { name = $"group {mark}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/groups", new { name = $"private {mark}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync($"member-{mark}", Role.FullUser, (group, false), (other, false));
        var second = await site.Node.ClientAsync($"second-{mark}", Role.FullUser, (group, false));
        await member.PostAsync("/api/sources", new { id = $"Obj{mark}", ra = 10.5, dec = 20.5, group_ids = new[] { group } });
        await using var db = site.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().OrderBy(row => row.Id).Select(row => row.Id).FirstAsync();
        var spectrum = await member.PostAsync("/api/spectrum", new
        {
            obj_id = $"Obj{mark}", instrument_id = instrument, observed_at = "2026-03-01T04:05:06", wavelengths = new[] { 4000, 5000, 6000 }, fluxes = new[] { 1, 2, 3 }, group_ids = new[] { group },
        });
        return new Scene(mark, member, second, group, other, $"Obj{mark}", spectrum.GetProperty("id").GetInt64());
    }

    private sealed record Scene(string Mark, TestClient Member, TestClient Second, int Group, int Private, string Obj, long Spectrum);
}
