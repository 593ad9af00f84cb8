using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Alerts.Watches;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Watch lists over the API and in the ingest: who sees them, what matches, who is told, and what filters may know.</summary>
public sealed class WatchListTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(fixture.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task List_MadeFilledAndExported_IsWhatWasGiven()
    {
        var (group, member) = await _site.GroupAsync("watch-made", "ZTF Public");
        var id = (await member.PostAsync("/api/watchlists", new { name = "Hosts", description = "near ones", group_ids = new[] { group } })).GetProperty("id").GetInt32();
        var added = await member.PostAsync($"/api/watchlists/{id}/entries", new
        {
            csv = "ra,dec,radius,label\n10,20,3,a\n350.5,-89.99,,\"b, c\"",
            entries = new object[] { new { name = "ZTF26*", label = "all" }, new { ra = 1.0, dec = 2.0 } },
            radius_arcsec = 2,
        });

        Assert.Equal((4, true), (added.GetProperty("added").GetInt32(), added.GetProperty("is_whole").GetBoolean()));
        var list = await member.GetAsync($"/api/watchlists/{id}");
        Assert.Equal(("Hosts", 4, 0), (list.GetProperty("name").GetString(), list.GetProperty("entries").GetInt32(), list.GetProperty("matches").GetInt32()));
        var page = await member.GetAsync($"/api/watchlists/{id}/entries?numPerPage=2&pageNumber=2");
        Assert.Equal((4, "ZTF26*"), (page.GetProperty("totalMatches").GetInt32(), page.GetProperty("entries")[0].GetProperty("name").GetString()));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/watchlists/{id}/export");
        var csv = await (await member.Http.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("ra,dec,radius_arcsec,name,label\n10,20,3,,a\n350.5,-89.99,2,,\"b, c\"\n,,,ZTF26*,all\n1,2,2,,\n", csv);
        Assert.Equal(400, (await member.SendAsync(HttpMethod.Post, "/api/watchlists", new { name = "Hosts" })).Status);
    }

    [Fact]
    public async Task Entries_WithBadRows_AreRefusedByLineAndNoneIsAdded()
    {
        var (_, member) = await _site.GroupAsync("watch-bad", "ZTF Public");
        var id = await ListAsync(member, "bad rows");

        var (status, envelope) = await member.SendAsync(HttpMethod.Post, $"/api/watchlists/{id}/entries", new { csv = "10,20,3\n10,95,3\n10,20,4000\n" });

        Assert.Equal(400, status);
        Assert.Contains("csv: line 2:", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("line 3: the radius", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("entries").GetInt32());
    }

    [Fact]
    public async Task Entries_GivenAgain_AreOnceOnTheList()
    {
        var (_, member) = await _site.GroupAsync("watch-again", "ZTF Public");
        var (id, other) = (await ListAsync(member, "again"), await ListAsync(member, "again elsewhere", "10,20,3"));

        var first = await AddAsync(member, id, "10,20,3,a\n10,20,3,b\n10,20,4\nZTF26again*\nZTF26again*");
        var again = await AddAsync(member, id, "10,20,3\nZTF26again*");

        Assert.Equal((3, 2), (first.GetProperty("added").GetInt32(), first.GetProperty("known").GetInt32()));
        Assert.Equal((0, 2), (again.GetProperty("added").GetInt32(), again.GetProperty("known").GetInt32()));
        Assert.Equal(3, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("entries").GetInt32());
        Assert.Equal(1, (await member.GetAsync($"/api/watchlists/{other}")).GetProperty("entries").GetInt32());
    }

    [Fact]
    public async Task Take_BatchThatTheDatabaseTakesTooLongOver_IsTakenOneByOne()
    {
        var (_, member) = await _site.GroupAsync("watch-slow", "ZTF Public");
        var id = await ListAsync(member, "slow", "101,1,5,too many");
        await TooLongAsync("too many", 2);
        var packets = Enumerable.Range(0, 3).Select(i => new ZtfPacket($"ZTF26watchsl{(char)('a' + i)}", 81_701 + i) { Ra = 101, Dec = 1 }.Write()).ToList();

        await fixture.Node.Services.GetRequiredService<TakeMessages>().HandleAsync(
            new SubscriptionDescriptor
            {
                Id = 0, Name = "slow", StreamName = "ZTF Public", Brokers = "", Topics = [], ConsumerGroup = "", Security = "", Framing = StreamFramings.Container, Modified = DateTime.UnixEpoch, RewindNumber = 0,
            },
            [.. packets.Select((bytes, i) => new StreamMessage(new PartitionId("slow", 0), i, default, bytes))],
            TestContext.Current.CancellationToken);

        Assert.Equal(3, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("matches").GetInt32());
    }

    [Fact]
    public async Task Entries_WhereTheArchiveTakesTooLong_AreAddedAndSaidNotToBeWhole()
    {
        var (_, member) = await _site.GroupAsync("watch-late", "ZTF Public");
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchlat", 81_801) { Ra = 111, Dec = 1 }.Packet());
        var id = await ListAsync(member, "late");
        await TooLongAsync("too late", 1);

        var added = await AddAsync(member, id, "111,1,5,too late");

        Assert.Equal((1, 0, false), (added.GetProperty("added").GetInt32(), added.GetProperty("matched").GetInt32(), added.GetProperty("is_whole").GetBoolean()));
        Assert.Equal(1, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("entries").GetInt32());
    }

    [Fact]
    public async Task Entries_WhereTheArchiveHoldsAFutureNight_AreLookedForInTheNewestThatCanBe()
    {
        var (_, member) = await _site.GroupAsync("watch-future", "ZTF Public");
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchfut", 81_901) { Ra = 121, Dec = 1 }.Packet(), new ZtfPacket("ZTF26watchfuu", 81_902) { Ra = 131, Dec = 1 }.Packet());
        await _site.AddFutureAsync(81_902);
        try
        {
            var id = await ListAsync(member, "future");

            // Of both wide circles, each is looked for by itself.
            var added = await AddAsync(member, id, "121,1,3600,wide\n121.1,1,3600,wide too\n121,1,2,narrow\nZTF26watchfut");

            Assert.Equal((4, true), (added.GetProperty("matched").GetInt32(), added.GetProperty("is_whole").GetBoolean()));
        }
        finally
        {
            await _site.RemoveFutureAsync();
        }
    }

    [Fact]
    public async Task Ingest_WatchedPositionAndName_MatchOnceWithTheirDistance()
    {
        var (_, member) = await _site.GroupAsync("watch-in", "ZTF Public");
        var id = await ListAsync(member, "watched", "359.9999,10,5,seam\nZTF26watchnm,named\nZTF26watchpre*,begun");
        var near = new ZtfPacket("ZTF26watchpos", 81_001) { Ra = 0.0001, Dec = 10 };

        await _site.IngestAsync("ZTF Public", near.Packet(), new ZtfPacket("ZTF26watchnm", 81_002).Packet(), new ZtfPacket("ZTF26watchprefix", 81_003).Packet(), new ZtfPacket("ZTF26nobody", 81_004).Packet());
        await _site.IngestAsync("ZTF Public", near.Packet());

        var matches = (await member.GetAsync($"/api/watchlists/{id}/matches")).GetProperty("matches").EnumerateArray().ToDictionary(row => row.GetProperty("alert_id").GetInt64());
        Assert.Equal([81_001, 81_002, 81_003], matches.Keys.Order());
        // 0.0002 degrees of right ascension at declination 10: 0.72 arcsec times cos 10.
        Assert.Equal(0.709062, matches[81_001].GetProperty("distance_arcsec").GetDouble(), 5);
        Assert.Equal(("seam", "named", "begun"), (Label(matches[81_001]), Label(matches[81_002]), Label(matches[81_003])));
        Assert.Equal(JsonValueKind.Null, matches[81_002].GetProperty("distance_arcsec").ValueKind);
        Assert.Equal(3, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("matches").GetInt32());
    }

    [Fact]
    public async Task Entries_Added_AreLookedForInTheArchive()
    {
        var (_, member) = await _site.GroupAsync("watch-back", "ZTF Public");
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchbak", 81_101) { Ra = 211.5, Dec = -33.25 }.Packet());
        var id = await ListAsync(member, "back");

        var added = await member.PostAsync($"/api/watchlists/{id}/entries", new { csv = $"211.5,-33.2502,2,near\n211.5,-33.26,2,far\nZTF26watchbak" });

        Assert.Equal(2, added.GetProperty("matched").GetInt32());
        var matches = (await member.GetAsync($"/api/watchlists/{id}/matches")).GetProperty("matches").EnumerateArray().ToList();
        Assert.Equal(0.72, matches.Single(row => Label(row) == "near").GetProperty("distance_arcsec").GetDouble(), 4);
    }

    [Fact]
    public async Task Alias_OfAKnownObject_StandsForItsName()
    {
        var (group, member) = await _site.GroupAsync("watch-alias", "ZTF Public");
        await member.PostAsync("/api/sources", new { id = "ZTF26watchali", ra = 1.0, dec = 2.0, alias = new[] { "SN2026abc" }, group_ids = new[] { group } });
        var id = await ListAsync(member, "aliases", "SN2026abc");

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchali", 81_201).Packet());

        Assert.Equal(1, (await member.GetAsync($"/api/watchlists/{id}/matches")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task Outsider_OfListOrStream_SeesNothingAndCountsNothing()
    {
        var (group, member) = await _site.GroupAsync("watch-out", "ZTF Public", "ZTF Partnership");
        var (_, outsider) = await _site.GroupAsync("watch-out-else", "ZTF Public", "ZTF Partnership");
        var publicOnly = await fixture.Node.ClientAsync("watch-out-public", Role.FullUser, (group, false));
        await _site.QueryAsync<int>("delete from stream_users where user_id = $1 and stream_id = $2 returning id", publicOnly.UserId, await _site.StreamIdAsync("ZTF Partnership"));
        var id = await ListAsync(member, "of the partnership", "44,5,3", group);
        var entry = (await member.GetAsync($"/api/watchlists/{id}/entries")).GetProperty("entries")[0].GetProperty("id").GetInt64();
        await _site.IngestAsync("ZTF Partnership", new ZtfPacket("ZTF26watchout", 81_301) { Ra = 44, Dec = 5, Programme = 2 }.Packet());

        Assert.Equal(1, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("matches").GetInt32());
        Assert.Equal(0, (await publicOnly.GetAsync($"/api/watchlists/{id}")).GetProperty("matches").GetInt32());
        Assert.Equal(0, (await publicOnly.GetAsync($"/api/watchlists/{id}/matches")).GetProperty("totalMatches").GetInt32());
        Assert.DoesNotContain((await outsider.GetAsync("/api/watchlists")).EnumerateArray(), row => row.GetProperty("id").GetInt32() == id);
        Assert.Equal(0, (await outsider.GetAsync("/api/watchlists/matches")).GetProperty("totalMatches").GetInt32());
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, "", null), (HttpMethod.Get, "/entries", null), (HttpMethod.Get, "/export", null), (HttpMethod.Get, "/matches", null), (HttpMethod.Patch, "", new { name = "mine" }),
            (HttpMethod.Delete, "", null), (HttpMethod.Post, "/entries", new { csv = "1,2,3" }), (HttpMethod.Delete, $"/entries/{entry}", null),
        })
        {
            Assert.Equal(404, (await outsider.SendAsync(method, $"/api/watchlists/{id}{path}", body)).Status);
            if (method != HttpMethod.Get)
            {
                Assert.Equal(403, (await publicOnly.SendAsync(method, $"/api/watchlists/{id}{path}", body)).Status);
            }
        }

        Assert.Equal(1, (await member.GetAsync($"/api/watchlists/{id}")).GetProperty("entries").GetInt32());
        var mine = await ListAsync(publicOnly, "looking for the partnership's");
        Assert.Equal(0, (await publicOnly.PostAsync($"/api/watchlists/{mine}/entries", new { csv = "44,5,3\nZTF26watchout" })).GetProperty("matched").GetInt32());
        Assert.Equal(0, (await publicOnly.GetAsync($"/api/watchlists/{mine}")).GetProperty("matches").GetInt32());
    }

    [Fact]
    public async Task Filter_ReadsTheListsOfItsGroupAndNoOthers()
    {
        var (group, member) = await _site.GroupAsync("watch-filter", "ZTF Public");
        var (other, stranger) = await _site.GroupAsync("watch-filter-else", "ZTF Public");
        await ListAsync(member, "Secret hosts", "77,8,5,host", group);
        const string text = "any(watches, list == 'Secret hosts' and label == 'host' and distance_arcsec < 2) and watch_distance_arcsec between 0.9 and 1.1 and count(watches, not is_name) == 1";
        var own = await _site.FilterAsync(member, group, "ZTF Public", text, annotations: new { host = "watch_distance_arcsec" });
        var elses = await _site.FilterAsync(stranger, other, "ZTF Public", $"ra between 76.9 and 77.1 and (count(watches) > 0 or watch_distance_arcsec is not null or {text})");

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchfil", 81_401) { Ra = 77, Dec = 8 + (1.0 / 3600) }.Packet());

        Assert.Equal([own], await _site.QueryAsync<int>("select filter_id from candidates where obj_id = 'ZTF26watchfil' and filter_id = any($1)", new[] { own, elses }));
    }

    [Fact]
    public async Task Tell_Match_ReachesTheOwnerAndMembersWhoWantItOncePerNight()
    {
        var (group, owner) = await _site.GroupAsync("watch-tell", "ZTF Public");
        var wants = await fixture.Node.ClientAsync("watch-tell-wants", Role.FullUser, (group, false));
        await fixture.Node.ClientAsync("watch-tell-silent", Role.FullUser, (group, false));
        await wants.DataAsync(HttpMethod.Patch, "/api/internal/profile", new { preferences = new { notifications = new { watchlists = new { active = true } } } });
        await ListAsync(owner, "Told", "88,9,5", group);
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchtel", 81_501) { Ra = 88, Dec = 9 }.Packet(), new ZtfPacket("ZTF26watchtel", 81_502) { Ra = 88, Dec = 9, Jd = 2_460_900.76 }.Packet());

        var tell = fixture.Node.Services.GetRequiredService<TellWatches>();
        while (await tell.HandleAsync(CancellationToken.None) > 0)
        {
        }

        await using var db = fixture.Node.Contexts.For(Viewer.System);
        var told = await db.Set<UserNotification>().Where(row => row.NotificationType == "watchlist_match" && row.Text.Contains("ZTF26watchtel") && row.Text.Contains("*Told*")).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new[] { owner.UserId, wants.UserId }.Order(), told.Select(row => row.UserId).Order());
        Assert.All(told, row => Assert.Equal("*ZTF26watchtel* on the watch list *Told*", row.Text));
    }

    [Fact]
    public async Task Listing_OfOnesOwnObject_IsWatchedForThatPersonAlone()
    {
        var (group, member) = await _site.GroupAsync("watch-own", "ZTF Public");
        var friend = await fixture.Node.ClientAsync("watch-own-friend", Role.FullUser, (group, false));
        await member.PostAsync("/api/sources", new { id = "watchOwnHost", ra = 99.0, dec = 1.0, group_ids = new[] { group } });
        await member.PostAsync("/api/listing", new { obj_id = "watchOwnHost", list_name = "watchlist", @params = new { arcsec = 4, cadence = 1 } });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26watchown", 81_601) { Ra = 99, Dec = 1 }.Packet());

        var match = Assert.Single((await member.GetAsync("/api/watchlists/matches")).GetProperty("matches").EnumerateArray());
        Assert.Equal(("ZTF26watchown", "watchOwnHost"), (match.GetProperty("obj_id").GetString(), Label(match)));
        Assert.Equal(0, (await friend.GetAsync("/api/watchlists/matches")).GetProperty("totalMatches").GetInt32());
    }

    // As the database says it when a statement with so many matches of a label is over its time.
    private Task<List<int>> TooLongAsync(string label, int matches) => _site.QueryAsync<int>(
        $"""
        create or replace function too_long_{matches}() returns trigger language plpgsql as $$
        begin
            if (select count(*) from come where label = '{label}') >= {matches} then
                raise exception 'canceling statement due to statement timeout' using errcode = 'query_canceled';
            end if;
            return null;
        end $$;
        create or replace trigger too_long_{matches} after insert on watch_matches referencing new table as come for each statement execute function too_long_{matches}();
        select 1
        """);

    private static Task<JsonElement> AddAsync(TestClient owner, int list, string csv) => owner.PostAsync($"/api/watchlists/{list}/entries", new { csv });

    private static string? Label(JsonElement row) => row.GetProperty("label").GetString();

    private static async Task<int> ListAsync(TestClient owner, string name, string? csv = null, params int[] groups)
    {
        var id = (await owner.PostAsync("/api/watchlists", new { name, group_ids = groups })).GetProperty("id").GetInt32();
        if (csv is not null)
        {
            await owner.PostAsync($"/api/watchlists/{id}/entries", new { csv });
        }

        return id;
    }
}
