using System.Buffers.Text;
using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>Pages of the list of sources, by cursor and by number, fields, and exports.</summary>
public sealed class SourceCursorTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("sortOrder=asc")]
    [InlineData("sortBy=redshift")]
    [InlineData("sortBy=redshift&sortOrder=asc")]
    [InlineData("sortBy=alias")]
    [InlineData("sortBy=id&sortOrder=asc")]
    [InlineData("sortBy=ra")]
    [InlineData("sortBy=favorites")]
    [InlineData("sortBy=gal_lat&sortOrder=asc")]
    [InlineData("sortBy=gal_lon")]
    [InlineData("sortBy=classification&sortOrder=asc")]
    [InlineData("sortBy=latest_mag")]
    [InlineData("sortBy=annotation.score.value&sortOrder=asc")]
    [InlineData("sortBy=altdata.rank")]
    [InlineData("minRedshift=0")]
    [InlineData("origin=pages&sortOrder=asc")]
    [InlineData("savedAfter=2020-01-01")]
    [InlineData("sourceID=PAGE")]
    public async Task Pages_ByCursorByNumberAndKept_HoldTheSameInTheSameOrder(string query)
    {
        var (group, member) = await WorldAsync();
        var path = $"/api/sources?group_ids={group}&{query}";
        var all = await member.GetAsync($"{path}&numPerPage=500");

        var byCursor = new List<string>();
        var cursor = "*";
        var totals = new HashSet<int>();
        while (cursor is not null)
        {
            var page = await member.GetAsync($"{path}&numPerPage=2&cursor={cursor}");
            byCursor.AddRange(Ids(page));
            totals.Add(page.GetProperty("totalMatches").GetInt32());
            cursor = page.GetProperty("nextCursor").GetString();
        }

        var byNumber = new List<string>();
        var kept = new List<string>();
        string? queryId = null;
        for (var number = 1; number <= 5; number++)
        {
            byNumber.AddRange(Ids(await member.GetAsync($"{path}&numPerPage=2&pageNumber={number}")));
            var page = await member.GetAsync($"{path}&numPerPage=2&pageNumber={number}&useCache=true{(queryId is null ? "" : $"&queryID={queryId}")}");
            queryId = page.GetProperty("queryID").GetString();
            kept.AddRange(Ids(page));
            totals.Add(page.GetProperty("totalMatches").GetInt32());
        }

        Assert.NotEmpty(Ids(all));
        Assert.Equal(Ids(all), byCursor);
        Assert.Equal(Ids(all), byNumber);
        Assert.Equal(Ids(all), kept);
        Assert.Equal([all.GetProperty("totalMatches").GetInt32()], totals);
    }

    [Fact]
    public async Task Pages_AfterSavingUnsavingAndOffering_AreExactAtOnce()
    {
        var (first, member, outsider) = await Team.MakeAsync(site.Node, "exact");
        var (second, both, _) = await Team.MakeAsync(site.Node, "exact-second");
        var admin = await site.Node.AdminAsync();
        async Task<string> StateAsync(TestClient who, string query)
        {
            var page = await who.GetAsync($"/api/sources?numPerPage=500&{query}");
            return $"{page.GetProperty("totalMatches")}: {string.Join(' ', Ids(page).Where(id => id.StartsWith("EXACT", StringComparison.Ordinal)))}";
        }

        await SaveAsync(admin, first, "EXACT1");
        await SaveAsync(admin, first, "EXACT2");
        Assert.Equal("2: EXACT2 EXACT1", await StateAsync(member, $"group_ids={first}"));
        await SaveAsync(admin, second, "EXACT1");
        Assert.Equal("2: EXACT1 EXACT2", await StateAsync(admin, $"group_ids={first},{second}"));
        Assert.Equal("2: EXACT2 EXACT1", await StateAsync(member, $"group_ids={first}"));
        Assert.Equal("1: EXACT1", await StateAsync(both, ""));
        await admin.DataAsync(HttpMethod.Delete, "/api/sources/EXACT1", new { group_id = second });
        Assert.Equal("0: ", await StateAsync(both, ""));
        Assert.Equal("2: EXACT2 EXACT1", await StateAsync(admin, $"group_ids={first},{second}&sortOrder=desc"));
        await member.PostAsync("/api/source_groups", new { objId = "EXACT2", inviteGroupIds = new[] { second } });
        Assert.Equal("0: ", await StateAsync(both, ""));
        Assert.Equal("1: EXACT2", await StateAsync(both, "pendingOnly=true"));
        Assert.Equal("0: ", await StateAsync(outsider, ""));
        await admin.DataAsync(HttpMethod.Delete, $"/api/groups/{first}");
        Assert.Equal("0: ", await StateAsync(member, ""));
    }

    [Fact]
    public async Task Cursor_SavesMeanwhile_NeitherRepeatsNorSkips()
    {
        var (group, member, _) = await Team.MakeAsync(site.Node, "meanwhile");
        foreach (var number in Enumerable.Range(1, 5))
        {
            await SaveAsync(member, group, $"MEAN{number}");
        }

        var first = await member.GetAsync($"/api/sources?group_ids={group}&numPerPage=2&cursor=*");
        await SaveAsync(member, group, "MEAN6");
        var second = await member.GetAsync($"/api/sources?group_ids={group}&numPerPage=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(["MEAN5", "MEAN4"], Ids(first));
        Assert.Equal(["MEAN3", "MEAN2"], Ids(second));
    }

    [Theory]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=e30")]
    [InlineData("cursor=eyJPcmRlciI6InNhdmVzICBkZXNjIiwiVmFsdWUiOiJ4IiwiVGllIjoieCIsIlRvdGFsIjoxfQ")]
    [InlineData("sortBy=ra&cursor=eyJPcmRlciI6IlJhICBkZXNjIiwiVmFsdWUiOiJ4IiwiVGllIjoieCIsIlRvdGFsIjoxfQ")]
    [InlineData("sortBy=ra&cursor=eyJPcmRlciI6InNhdmVzICBkZXNjIiwiVmFsdWUiOiJ4IiwiVGllIjoieCIsIlRvdGFsIjoxfQ")]
    public async Task Cursor_OfNothing_IsRefused(string query)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, $"/api/sources?{query}");

        Assert.Equal(400, status);
        Assert.Contains("Invalid cursor", envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Fields_Chosen_AreAllThatComes()
    {
        var (group, member) = await WorldAsync();

        var page = await member.GetAsync($"/api/sources?group_ids={group}&fields=id,dec,groups,gal_lat,photstats&numPerPage=1");
        var (status, envelope) = await member.SendAsync(HttpMethod.Get, "/api/sources?fields=id,created_by_id");

        Assert.Equal(["id", "dec", "groups", "gal_lat", "photstats"], page.GetProperty("sources")[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(400, status);
        Assert.Contains("created_by_id is not a field", envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Export_Csv_HoldsALineForEachSourceThatTheCallerSees()
    {
        var (group, member) = await WorldAsync();
        var (_, _, outsider) = await Team.MakeAsync(site.Node, $"csv-{Guid.NewGuid():N}");

        var lines = (await member.Http.GetStringAsync($"/api/source_export?group_ids={group}&sortBy=id&sortOrder=asc&fields=id,redshift,groups,alias")).Split('\n');
        using var reply = await member.Http.GetAsync($"/api/source_export?group_ids={group}&minRedshift=0.2");
        var hidden = await outsider.Http.GetStringAsync("/api/source_export?origin=pages");
        using var refused = await outsider.Http.GetAsync($"/api/source_export?group_ids={group}");

        Assert.Equal("id,redshift,groups,alias", lines[0]);
        Assert.Equal("PAGE1,0.1,pages,\"first, \"\"one\"\"; other\"", lines[1]);
        Assert.Equal(9, lines.Length);
        Assert.Equal("", lines[^1]);
        Assert.Equal("text/csv; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment; filename=sources.csv", reply.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal(3, (await reply.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n').Length);
        Assert.Single(hidden.TrimEnd('\n').Split('\n'));
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Fact]
    public async Task Export_Ndjson_HoldsTheSameObjectsAsTheList()
    {
        var (group, member) = await WorldAsync();

        var list = await member.GetAsync($"/api/sources?group_ids={group}");
        var text = await member.Http.GetStringAsync($"/api/source_export?format=ndjson&group_ids={group}");
        var classes = (await member.Http.GetStringAsync($"/api/source_export?format=ndjson&rows=classifications&group_ids={group}")).TrimEnd('\n').Split('\n');
        var notes = (await member.Http.GetStringAsync($"/api/source_export?rows=annotations&group_ids={group}")).TrimEnd('\n').Split('\n');

        Assert.Equal(list.GetProperty("sources").EnumerateArray().Select(Compact), text.TrimEnd('\n').Split('\n').Select(line => Compact(JsonSerializer.Deserialize<JsonElement>(line))));
        Assert.Equal(["PAGE2", "PAGE3"], classes.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("obj_id").GetString()!).Order());
        Assert.Equal(3, notes.Length);
        Assert.StartsWith("id,created_at,modified,obj_id,origin,data", notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_LongerThanABatch_HoldsEverythingOnce()
    {
        var (group, member, _) = await Team.MakeAsync(site.Node, "batches");
        await using var command = site.Node.Contexts.DataSource.CreateCommand($"""
            insert into objs (id, ra, dec, internal_key, group_ids, created_at, modified)
                select 'BATCH' || i, 1, 1, gen_random_uuid(), array[{group}], now(), now() from generate_series(1, 1201) i;
            insert into sources (obj_id, group_id, saved_at, active, requested, created_at, modified)
                select 'BATCH' || i, {group}, timestamptz '2026-01-01' + i * interval '1 s', true, false, now(), now() from generate_series(1, 1201) i;
            """);
        await command.ExecuteNonQueryAsync();

        var byTime = (await member.Http.GetStringAsync($"/api/source_export?group_ids={group}&fields=id")).TrimEnd('\n').Split('\n');
        var byPlace = (await member.Http.GetStringAsync($"/api/source_export?group_ids={group}&fields=id&sortBy=ra")).TrimEnd('\n').Split('\n');

        Assert.Equal(Enumerable.Range(1, 1201).Reverse().Select(i => $"BATCH{i}").Prepend("id"), byTime);
        Assert.Equal(byTime.Order(), byPlace.Order());
    }

    [Theory]
    [InlineData("format=xml", "Invalid format: xml")]
    [InlineData("rows=stars", "Invalid rows: stars")]
    [InlineData("sortBy=nope", "Invalid sort_by")]
    [InlineData("sortBy=gcn_status", "localizationDateobs")]
    [InlineData("minRedshift=red", "Invalid minRedshift: red")]
    public async Task Export_BadInput_SaysWhatIsWrong(string query, string reason)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, $"/api/source_export?{query}");

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("ra", "Ra", "seven")]
    [InlineData("ra", "Ra", "NaN")]
    [InlineData("num_detections", "Detections", "7.5")]
    [InlineData("favorites", "Favorites", "perhaps")]
    [InlineData("altdata.rank", "Altdata", "{")]
    [InlineData("saved_at", "SavedAt", "once")]
    public async Task Cursor_OfAValueThatIsNone_IsRefusedAndHarmsNobody(string sort, string order, string value)
    {
        var (group, member) = await WorldAsync();
        var more = sort == "saved_at" ? "&objIDs=PAGE1,PAGE2" : "";
        var path = sort.Contains('.', StringComparison.Ordinal) ? "rank" : "";
        var cursor = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { Order = $"{order} {path} desc", Value = value, Tie = "PAGE1", Total = 1 }));
        for (var round = 0; round < 4; round++)
        {
            var (status, envelope) = await member.SendAsync(HttpMethod.Get, $"/api/sources?group_ids={group}&sortBy={sort}{more}&cursor={cursor}");
            Assert.Equal(400, status);
            Assert.Contains("Invalid cursor", envelope.GetProperty("message").GetString());
            var first = await member.GetAsync($"/api/sources?group_ids={group}&sortBy={sort}{more}&numPerPage=1&cursor=*");
            await member.GetAsync($"/api/sources?group_ids={group}&sortBy={sort}{more}&cursor={first.GetProperty("nextCursor").GetString()}");
        }
    }

    private async Task<(int Group, TestClient Member)> WorldAsync()
    {
        var admin = await site.Node.AdminAsync();
        var known = (await admin.GetAsync("/api/groups?name=pages")).EnumerateArray().Select(group => (int?)group.GetProperty("id").GetInt32()).FirstOrDefault();
        if (known is { } made)
        {
            return (made, await site.Node.ClientAsync("pages-member"));
        }

        var (group, member, _) = await Team.MakeAsync(site.Node, "pages");
        foreach (var number in Enumerable.Range(1, 7))
        {
            await member.PostAsync("/api/sources", new
            {
                id = $"PAGE{number}", ra = 10.0 * (number % 3), dec = number, redshift = number < 4 ? 0.1 * (1 + (number / 2)) : (double?)null, origin = "pages",
                alias = number == 1 ? new[] { "first, \"one\"", "other" } : null, altdata = new { rank = number / 2 }, group_ids = new[] { group },
            });
        }

        var taxonomy = (await admin.PostAsync("/api/taxonomy", new { name = "Pages", version = "1", hierarchy = new { @class = "SN", subclasses = new[] { new { @class = "Ia" } } }, group_ids = new[] { group } }))
            .GetProperty("taxonomy_id").GetInt32();
        foreach (var id in new[] { "PAGE2", "PAGE3" })
        {
            await member.PostAsync("/api/classification", new { obj_id = id, classification = "Ia", taxonomy_id = taxonomy, group_ids = new[] { group } });
            await member.PostAsync($"/api/sources/{id}/annotations", new { origin = "score", data = new { value = 0.5, note = "a, b" }, group_ids = new[] { group } });
        }

        await member.PostAsync("/api/listing", new { obj_id = "PAGE4", list_name = "favorites" });
        return (group, member);
    }

    private static string Compact(JsonElement value) => JsonSerializer.Serialize(value);

    private static List<string> Ids(JsonElement list) => [.. list.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("id").GetString()!)];

    private static Task<JsonElement> SaveAsync(TestClient client, int group, string id) =>
        client.PostAsync("/api/sources", new { id, ra = 150, dec = 2, group_ids = new[] { group } });
}
