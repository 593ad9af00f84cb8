using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>Lists and pictures over the API.</summary>
public sealed class ListingAndThumbnailTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Listing_AddChangeRemove_IsTheOwnersAlone()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "listing");
        await SaveAsync(member, group, "L_one");

        var id = (await member.PostAsync("/api/listing", new { obj_id = "L_one", list_name = "favorites", user_id = member.UserId })).GetProperty("id").GetInt64();
        var row = Assert.Single((await member.GetAsync($"/api/listing/{member.UserId}")).EnumerateArray());
        var others = await outsider.GetAsync($"/api/listing/{member.UserId}");
        var (twice, _) = await member.SendAsync(HttpMethod.Post, "/api/listing", new { obj_id = "L_one", list_name = "favorites" });
        var (foreign, _) = await outsider.SendAsync(HttpMethod.Post, "/api/listing", new { obj_id = "L_one", list_name = "favorites" });
        var (stolen, _) = await outsider.SendAsync(HttpMethod.Patch, $"/api/listing/{id}", new { list_name = "mine" });
        await member.DataAsync(HttpMethod.Patch, $"/api/listing/{id}", new { list_name = "later" });
        var later = await member.GetAsync("/api/listing?listName=later");
        await member.DataAsync(HttpMethod.Delete, "/api/listing", new { obj_id = "L_one", list_name = "later" });
        var (gone, _) = await member.SendAsync(HttpMethod.Delete, $"/api/listing/{id}");

        Assert.Equal(["created_at", "id", "list_name", "modified", "obj_id", "params", "user_id"], row.EnumerateObject().Select(field => field.Name).Order());
        Assert.Empty(others.EnumerateArray());
        Assert.Single(later.EnumerateArray());
        Assert.Equal((400, 400, 400, 400), (twice, foreign, stolen, gone));
    }

    [Fact]
    public async Task Favorite_WithWords_IsFoundByThemByItsOwnerAlone()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "words");
        await SaveAsync(member, group, "W_one");
        await SaveAsync(member, group, "W_two");
        var id = (await member.PostAsync("/api/listing", new { obj_id = "W_one", list_name = "favorites" })).GetProperty("id").GetInt64();
        await member.PostAsync("/api/listing", new { obj_id = "W_two", list_name = "favorites" });

        var kept = await member.SendAsync(HttpMethod.Patch, $"/api/listing/{id}", new { @params = new { words = new[] { "paper 2", "Check" } } });
        var tooLong = await member.SendAsync(HttpMethod.Patch, $"/api/listing/{id}", new { @params = new { words = new[] { new string('x', 41) } } });
        var number = await member.SendAsync(HttpMethod.Patch, $"/api/listing/{id}", new { @params = new { words = new[] { 1 } } });
        var read = site.Node.Services.GetRequiredService<ReadFavorites>();
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(member.UserId, CancellationToken.None)).Viewer!;
        var stranger = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(outsider.UserId, CancellationToken.None)).Viewer!;
        var checkedOnes = await read.HandleAsync(viewer, new FavoriteCriteria(null, "check", FavoriteSort.Since, false, 1, 50), CancellationToken.None);
        var all = await read.HandleAsync(viewer, new FavoriteCriteria("w_", null, FavoriteSort.Name, false, 1, 50), CancellationToken.None);
        var others = await read.HandleAsync(stranger, new FavoriteCriteria(null, null, FavoriteSort.Name, false, 1, 50), CancellationToken.None);

        Assert.Equal((200, 400, 400), (kept.Status, tooLong.Status, number.Status));
        Assert.Equal(["W_one"], checkedOnes.Favorites.Select(favorite => favorite.Obj.Id));
        Assert.Equal(["W_two", "W_one"], all.Favorites.Select(favorite => favorite.Obj.Id));
        Assert.Equal([("Check", 1), ("paper 2", 1)], all.Words);
        Assert.Equal((0, 0, 0), (others.TotalMatches, others.Count, others.Words.Count));
    }

    [Theory]
    [InlineData("""{"obj_id": "L_bad", "list_name": "-x"}""", "must begin with alphanumeric/underscore")]
    [InlineData("""{"obj_id": "L_nothing", "list_name": "x"}""", "Cannot find object")]
    [InlineData("""{"obj_id": "L_bad", "list_name": "watchlist"}""", "arcsec")]
    [InlineData("""{"obj_id": "L_bad", "list_name": "watchlist", "params": {"arcsec": 5, "cadence": 0.5}}""", "cadence")]
    [InlineData("""{"obj_id": "L_bad"}""", "list_name: Field required")]
    [InlineData("""{"obj_id": "L_bad", "list_name": "x", "colour": 1}""", "colour: Extra inputs are not permitted")]
    public async Task Listing_BadInput_SaysWhatIsWrong(string body, string reason)
    {
        var admin = await site.Node.AdminAsync();
        await SaveAsync(admin, 1, "L_bad");

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/listing", body);

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Thumbnail_Posted_IsServedToWhoSeesTheObject()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "thumbnail");
        await SaveAsync(member, group, "T_one");
        var png = PngEncoder.EncodeGrey(new byte[400], 20, 20);

        var id = (await member.PostAsync("/api/thumbnail", new { obj_id = "T_one", data = Convert.ToBase64String(png), ttype = "new" })).GetProperty("id").GetInt64();
        var picture = Assert.Single((await member.GetAsync("/api/sources/T_one?includeThumbnails=true")).GetProperty("thumbnails").EnumerateArray());
        var bytes = await member.Http.GetByteArrayAsync(picture.GetProperty("public_url").GetString());
        using var outside = await outsider.Http.GetAsync($"/thumbnails/{id}.png");
        var (row, _) = await outsider.SendAsync(HttpMethod.Get, $"/api/thumbnail/{id}");
        var (foreign, _) = await outsider.SendAsync(HttpMethod.Post, "/api/thumbnail", new { obj_id = "T_one", data = Convert.ToBase64String(png), ttype = "new" });
        var (kept, _) = await member.SendAsync(HttpMethod.Delete, $"/api/thumbnail/{id}");
        await (await site.Node.AdminAsync()).DataAsync(HttpMethod.Delete, $"/api/thumbnail/{id}");

        Assert.Equal(
            ["created_at", "file_uri", "id", "is_grayscale", "modified", "obj_id", "origin", "public_url", "survey", "type"],
            picture.EnumerateObject().Select(field => field.Name).Order());
        Assert.True(picture.GetProperty("is_grayscale").GetBoolean());
        Assert.Equal(png, bytes);
        Assert.Equal((404, 400, 400, 401), ((int)outside.StatusCode, row, foreign, kept));
        Assert.Equal(400, (await member.SendAsync(HttpMethod.Get, $"/api/thumbnail/{id}")).Status);
    }

    [Theory]
    [InlineData("new", "bm90IGEgcG5n", "Only PNG are supported")]
    [InlineData("new", "%%%", "not base64")]
    [InlineData("sketch", "bm90IGEgcG5n", "is not among the defined enum values")]
    [InlineData("new", null, "Invalid thumbnail size")]
    public async Task Thumbnail_BadInput_SaysWhatIsWrong(string type, string? data, string reason)
    {
        var admin = await site.Node.AdminAsync();
        await SaveAsync(admin, 1, "T_bad");

        var (status, envelope) = await admin.SendAsync(
            HttpMethod.Post, "/api/thumbnail", new { obj_id = "T_bad", data = data ?? Convert.ToBase64String(PngEncoder.EncodeGrey(new byte[300], 15, 20)), ttype = type });

        Assert.Equal(400, status);
        Assert.StartsWith("Thumbnail failed to post: ", envelope.GetProperty("message").GetString());
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    private static Task<JsonElement> SaveAsync(TestClient client, int group, string id) =>
        client.PostAsync("/api/sources", new { id, ra = 150, dec = 2, group_ids = new[] { group } });
}
