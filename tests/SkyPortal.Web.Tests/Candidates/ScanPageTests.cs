using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using SkyPortal.Web.Components.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>What the scanning page reads and writes.</summary>
public sealed class ScanPageTests : IAsyncLifetime
{
    private readonly SiteFixture _site = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>A site per test: packets pass the filters that are there when they come.</summary>
    public ValueTask InitializeAsync() => _site.InitializeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task HandleAsync_OneCardOrMany_RunsTenStatements()
    {
        var (viewer, list) = await WorldAsync("counts");
        var page = Get<ScanPage>();

        var one = await CountAsync(() => page.HandleAsync(viewer, list, list.ObjIds[..1], _ct));
        var many = await CountAsync(() => page.HandleAsync(viewer, list, list.ObjIds, _ct));

        Assert.True(list.ObjIds.Length > 10);
        Assert.Equal((ScanPage.Statements, ScanPage.Statements), (one, many));
    }

    [Fact]
    public async Task HandleAsync_SimulatedNight_FillsCardsInTheOrderOfTheList()
    {
        var (viewer, list) = await WorldAsync("cards");

        var cards = await Get<ScanPage>().HandleAsync(viewer, list, list.ObjIds, _ct);

        Assert.Equal(list.ObjIds, cards.Select(card => card.Obj.Id));
        Assert.All(cards, card =>
        {
            Assert.True(card.Thumbnails.ContainsKey("new") && card.Thumbnails.ContainsKey("ref") && card.Thumbnails.ContainsKey("sub"));
            Assert.NotEmpty(card.Points);
            Assert.Equal(card.Points.Any(point => point.AbMag is not null), card.Trend is not null);
            Assert.Equal("cards:everything", card.Annotations[0].Origin);
            Assert.Equal("everything", Assert.Single(card.Passed).FilterName);
        });
    }

    [Fact]
    public async Task HandleAsync_Outsider_SeesNothingOfAListInSomebodysHands()
    {
        var (_, list) = await WorldAsync("secret");
        var outsider = await ViewerAsync(await _site.Node.ClientAsync("secret-outsider"));

        var cards = await Get<ScanPage>().HandleAsync(outsider, list, list.ObjIds, _ct);
        var own = await Get<ScanLists>().MakeAsync(outsider, new ScanAddress { Hours = 0 }.Criteria(Now), "k", _ct);

        Assert.Empty(cards);
        Assert.Empty(own.ObjIds);
        Assert.Null(Get<ScanLists>().Find(outsider, list.Id, list.Key));
        Assert.Equal(0, await Get<MarkSeen>().HandleAsync(outsider, list.ObjIds, _ct));
    }

    [Fact]
    public async Task Find_AfterASave_KeepsTheListAndItsOrder()
    {
        var (viewer, list) = await WorldAsync("stable");
        var saved = list.ObjIds[1];

        await Get<SaveSource>().HandleAsync(viewer, new SaveRequest(saved, new ObjChanges(), list.GroupIds), _ct);
        var again = Get<ScanLists>().Find(viewer, list.Id, list.Key);
        var afresh = await Get<ScanLists>().MakeAsync(viewer, new ScanAddress().Criteria(Now), list.Key, _ct);
        var progress = await Get<ReadScanProgress>().HandleAsync(viewer, list, new ScanAddress().Criteria(Now), _ct);

        Assert.Equal(list.ObjIds, again?.ObjIds);
        Assert.DoesNotContain(saved, afresh.ObjIds);
        Assert.Equal(new ScanProgress(list.ObjIds.Length, 0, 0, 1, 0, list.ObjIds.Length - 1, true), progress);
    }

    [Fact]
    public async Task MarkSeen_Twice_KeepsOneMarkAndTellsTheGroup()
    {
        var (viewer, list) = await WorldAsync("seen");
        var colleague = await ViewerAsync(await _site.Node.ClientAsync("seen-colleague", Role.FullUser, (list.GroupIds[0], false)));
        var objId = list.ObjIds[0];

        await Get<MarkSeen>().HandleAsync(viewer, [objId], _ct);
        await Get<MarkSeen>().HandleAsync(viewer, [objId], _ct);
        var mine = await Get<ScanPage>().HandleAsync(viewer, list, [objId], _ct);
        var theirs = await Get<ScanPage>().HandleAsync(colleague, list, [objId], _ct);

        await using var db = _site.Node.Contexts.For(Viewer.System);
        Assert.Equal(1, await db.Set<CandidateView>().CountAsync(view => view.ObjId == objId && view.UserId == viewer.UserId, _ct));
        Assert.NotNull(mine[0].Marks.SeenAt);
        Assert.Empty(mine[0].Marks.SeenBy);
        Assert.Null(theirs[0].Marks.SeenAt);
        Assert.Equal(["seen-member"], theirs[0].Marks.SeenBy);
    }

    [Fact]
    public async Task Progress_LookedAtByAColleague_CountsForTheGroupAndForNobodyElse()
    {
        var (viewer, list) = await WorldAsync("progress");
        var colleague = await ViewerAsync(await _site.Node.ClientAsync("progress-colleague", Role.FullUser, (list.GroupIds[0], false)));
        var outsider = await ViewerAsync(await _site.Node.ClientAsync("progress-outsider"));
        await Get<MarkSeen>().HandleAsync(colleague, list.ObjIds[..2], _ct);
        await Get<MarkSeen>().HandleAsync(viewer, list.ObjIds[1..4], _ct);
        var window = new ScanAddress().Criteria(Now);

        var mine = await Get<ReadScanProgress>().HandleAsync(viewer, list, window, _ct);
        var theirs = await Get<ReadScanProgress>().HandleAsync(outsider, list with { FilterIds = [], GroupIds = [] }, window, _ct);
        var unseen = await Get<ScanLists>().MakeAsync(viewer, new ScanAddress { Seen = SeenStatus.NotByGroup }.Criteria(Now), "a", _ct);
        var seen = await Get<ScanLists>().MakeAsync(viewer, new ScanAddress { Seen = SeenStatus.ByGroup }.Criteria(Now), "b", _ct);
        var others = await Get<ScanLists>().MakeAsync(outsider, new ScanAddress { Seen = SeenStatus.ByGroup }.Criteria(Now), "c", _ct);

        var all = list.ObjIds.Length;
        Assert.Equal(new ScanProgress(all, 3, 4, 0, 0, all - 3, true), mine);
        Assert.Equal(0, theirs.Total);
        Assert.Equal(list.ObjIds[4..], unseen.ObjIds);
        Assert.Equal(list.ObjIds[..4], seen.ObjIds);
        Assert.Empty(others.ObjIds);
    }

    [Fact]
    public async Task Seen_ByAMemberOfAnotherGroup_IsNotTold()
    {
        var (viewer, list) = await WorldAsync("apart");
        var other = new SimulatedNight(_site.Node);
        var (secondGroup, _) = await other.GroupAsync("apart-two");
        var stranger = await ViewerAsync(await _site.Node.ClientAsync("apart-stranger", Role.FullUser, (secondGroup, false)));
        await using (var command = _site.Node.Contexts.DataSource.CreateCommand("update objs set group_ids = group_ids || $1"))
        {
            command.Parameters.AddWithValue(secondGroup);
            await command.ExecuteNonQueryAsync(_ct);
        }

        Assert.Equal(1, await Get<MarkSeen>().HandleAsync(stranger, list.ObjIds[..1], _ct));
        var card = Assert.Single(await Get<ScanPage>().HandleAsync(viewer, list, list.ObjIds[..1], _ct));
        var progress = await Get<ReadScanProgress>().HandleAsync(viewer, list, new ScanAddress().Criteria(Now), _ct);
        var unseen = await Get<ScanLists>().MakeAsync(viewer, new ScanAddress { Seen = SeenStatus.NotByGroup }.Criteria(Now), "a", _ct);

        Assert.Empty(card.Marks.SeenBy);
        Assert.Equal(0, progress.SeenByGroup);
        Assert.Equal(list.ObjIds, unseen.ObjIds);
    }

    [Fact]
    public async Task MakeAsync_OneDay_AsksThreeStatementsAtMost()
    {
        var (viewer, list) = await WorldAsync("statements");
        var address = new ScanAddress();

        Assert.InRange(await CountAsync(() => Get<ScanLists>().MakeAsync(viewer, address.Criteria(Now), address.Key, _ct)), 2, 3);
        Assert.Equal(1, await CountAsync(() => Get<ReadScanProgress>().HandleAsync(viewer, list, address.Criteria(Now), _ct)));
    }

    [Theory]
    [InlineData("/candidates")]
    [InlineData("/candidates?groups=1,2&filters=3&hours=72&saved=all&rejected=show&seen=notByMe&zmin=0.01&zmax=0.2&sort=-drb@grb:fast&page=3")]
    [InlineData("/candidates?from=2026-11-20T18:00&to=2026-11-21T06:00")]
    public void Parse_OwnAddress_ComesBackTheSame(string address)
    {
        var parsed = ScanAddress.Parse("http://site" + address);

        Assert.Equal(Uri.UnescapeDataString(address), Uri.UnescapeDataString(parsed.ToString()));
    }

    [Theory]
    [InlineData("/candidates?groups=x,-1&hours=-5&saved=nonsense&zmin=NaN&page=0&sort=drb&from=never")]
    public void Parse_Nonsense_MeansTheUsual(string address) =>
        Assert.Equal("/candidates", ScanAddress.Parse("http://site" + address).ToString());

    private DateTime Now => _site.Node.Contexts.Clock.GetUtcNow().UtcDateTime;

    private T Get<T>()
        where T : notnull => _site.Node.Services.GetRequiredService<T>();

    private async Task<Viewer> ViewerAsync(TestClient client) => (await Get<ReadViewer>().ByUserAsync(client.UserId, _ct))!.Viewer!;

    private async Task<(Viewer Viewer, ScanList List)> WorldAsync(string name)
    {
        var night = new SimulatedNight(_site.Node);
        var (group, _) = await night.GroupAsync(name);
        await night.IngestAsync(0, night.ObjIds.Count);
        var viewer = await ViewerAsync(await _site.Node.ClientAsync($"{name}-member", Role.FullUser, (group, false)));
        var address = new ScanAddress();
        return (viewer, await Get<ScanLists>().MakeAsync(viewer, address.Criteria(Now), address.Key, _ct));
    }

    private async Task<int> CountAsync(Func<Task> read)
    {
        var database = new NpgsqlConnectionStringBuilder(_site.Node.Contexts.DataSource.ConnectionString).Database;
        var count = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Key is "db.name" or "db.namespace" && Equals(tag.Value, database))
                    && activity.TagObjects.Any(tag => tag.Key is "db.statement" or "db.query.text"))
                {
                    Interlocked.Increment(ref count);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await read();
        return count;
    }
}
