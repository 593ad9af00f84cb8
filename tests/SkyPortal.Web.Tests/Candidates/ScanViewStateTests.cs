using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.TestServer;
using SkyPortal.Web.Components.Candidates;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>The address of the scanning page is its state: the same address shows the same, again and to somebody else of the same rights.</summary>
public sealed partial class ScanViewStateTests : IAsyncLifetime
{
    private const int States = 500;
    private readonly SiteFixture _site = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly Random _random = new(20261121);
    private int _group;
    private int _filter;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _site.InitializeAsync();
        var night = new SimulatedNight(_site.Node);
        (_group, _filter) = await night.GroupAsync("states");
        await night.IngestAsync(0, night.ObjIds.Count);
        await night.AddMeasuredCandidatesAsync(_group, 60);
        await using var classes = _site.Node.Contexts.DataSource.CreateCommand($"""
            update objs set redshift = ra / 1000 where id like 'seen%' and ra::int % 2 = 0;
            update taxonomies set group_ids = group_ids || {_group} where id = (select min(id) from taxonomies);
            insert into classifications (obj_id, classification, taxonomy_id, probability, ml, author_id, author_name, group_ids, created_at, modified)
                select id, case when ra::int % 3 = 0 then 'Ia' else 'AGN' end, (select min(id) from taxonomies), 1, false, 1, 'admin', array[{_group}], now(), now() from objs where ra::int % 2 = 1;
            insert into annotations (obj_id, origin, data, author_id, group_ids, created_at, modified)
                select id, 'a@b=c~d', jsonb_build_object('k-1', ra, 'word', 'w' || ra::int % 4), 1, array[{_group}], now(), now() from objs where id like 'seen%';
            """);
        await classes.ExecuteNonQueryAsync(_ct);
        var owner = await _site.Node.ClientAsync("states-owner", Role.FullUser, (_group, false));
        await owner.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05", group_ids = new[] { _group }, skymap = new { ra = 20, dec = 2, error = 8 } });
        await owner.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05", skymap = new { localization_name = "a & b.fits", polygon = new[] { new[] { 10, -5 }, [60, -5], [60, 20], [10, 20] } } });
        await using var places = _site.Node.Contexts.DataSource.CreateCommand(
            "update objs set healpix = p.pixel from unnest(@ids, @pixels) as p (id, pixel) where objs.id = p.id");
        places.Parameters.AddWithValue("ids", Enumerable.Range(1, 60).Select(at => $"seen{at:0000}").ToArray());
        places.Parameters.AddWithValue("pixels", Enumerable.Range(1, 60).Select(at => new SkyPosition(at, at / 10.0).ToHealpix29()).ToArray());
        await places.ExecuteNonQueryAsync(_ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Address_OfAnyState_ShowsTheSameAgainAndToAColleague()
    {
        var viewer = await ViewerAsync("states-one");
        var colleague = await ViewerAsync("states-two");
        var lists = _site.Node.Services.GetRequiredService<ScanLists>();
        var now = _site.Node.Contexts.Clock.GetUtcNow().UtcDateTime;
        var sizes = new HashSet<int>();
        for (var i = 0; i < States; i++)
        {
            var state = Any(now);
            var text = state.ToString();
            var reloaded = ScanAddress.Parse("http://site" + text);
            Assert.Equal(text, reloaded.ToString());
            Assert.Equal(state.Key, reloaded.Key);

            // What the state says and what its address says are answered alike; so is a colleague, to whom the link is sent.
            var shown = await lists.MakeAsync(viewer, state.Criteria(now), state.Key, _ct);
            var again = await lists.MakeAsync(viewer, reloaded.Criteria(now), reloaded.Key, _ct);
            var shared = await lists.MakeAsync(colleague, reloaded.Criteria(now), reloaded.Key, _ct);
            Assert.True(shown.ObjIds.SequenceEqual(again.ObjIds) && shown.ObjIds.SequenceEqual(shared.ObjIds), $"{text} shows {shown.ObjIds.Length}, {again.ObjIds.Length}, {shared.ObjIds.Length} objects.");
            // Back: the list of before is found by its id, and holds the same.
            Assert.Same(shown, lists.Find(viewer, shown.Id, reloaded.Key));
            Assert.Null(lists.Find(colleague, shown.Id, reloaded.Key));
            sizes.Add(shown.ObjIds.Length);
        }

        Assert.True(sizes.Count > 8, $"The states were too alike: lists of {string.Join(", ", sizes)}.");
    }

    [Fact]
    public async Task Page_OfAnyState_IsServedWithThoseCardsInThatOrder()
    {
        var client = await _site.Node.ClientAsync("states-page", Role.FullUser, (_group, false));
        var viewer = (await _site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(client.UserId, _ct)).Viewer!;
        var lists = _site.Node.Services.GetRequiredService<ScanLists>();
        var now = _site.Node.Contexts.Clock.GetUtcNow().UtcDateTime;
        const string password = "correct horse battery";
        await _site.Node.Services.GetRequiredService<SetPassword>().HandleAsync(Viewer.System, client.UserId, null, password, _ct);
        using var browser = new Browser(_site.Node.Address);
        browser.Http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html");
        Assert.Equal("/", await browser.PostAsync("/sign-in", ("username", "states-page"), ("password", password)));
        for (var i = 0; i < 60; i++)
        {
            var state = Any(now);
            var list = await lists.MakeAsync(viewer, state.Criteria(now), state.Key, _ct);

            var html = WebUtility.HtmlDecode(await browser.Http.GetStringAsync(state.ToString(), _ct));

            var served = Card().Matches(html).Select(match => match.Groups[1].Value).ToArray();
            Assert.True(list.ObjIds.Skip((state.Page - 1) * state.Cards).Take(state.Cards).SequenceEqual(served), $"{state} serves {served.Length} of {list.ObjIds.Length} objects.");
        }
    }

    private ScanAddress Any(DateTime now)
    {
        var start = now.AddHours(-_random.Next(1, 30));
        return new ScanAddress
        {
            Groups = Chance(0.3) ? [_group] : [],
            Filters = Chance(0.3) ? [_filter] : [],
            Hours = Pick(6.0, 12, 24, 24, 168, 0, 1.5),
            From = Chance(0.2) ? Minute(start) : null,
            To = Chance(0.2) ? Minute(now.AddMinutes(-_random.Next(0, 50))) : null,
            Saved = Pick(Enum.GetValues<SavedStatus>()),
            Rejected = Pick(RejectedStatus.Hide, RejectedStatus.Hide, RejectedStatus.Show, RejectedStatus.Only),
            Seen = Pick(SeenStatus.Any, SeenStatus.Any, SeenStatus.NotByMe, SeenStatus.NotByGroup, SeenStatus.ByMe, SeenStatus.ByGroup),
            MinRedshift = Chance(0.2) ? Math.Round(_random.NextDouble() / 30, 4) : null,
            MaxRedshift = Chance(0.2) ? Math.Round(_random.NextDouble() / 20, 4) : null,
            Classes = Chance(0.2) ? ["Ia"] : Chance(0.1) ? ["Ia", "AGN & others, or so?"] : [],
            NotClasses = Chance(0.2) ? ["AGN"] : [],
            Annotations = Chance(0.3) ? [new AnnotationCondition("a@b=c~d", "k-1", null, Chance(0.7) ? _random.Next(0, 30) + 0.5 : null, 61.25)]
                : Chance(0.2) ? [new AnnotationCondition("a@b=c~d", "word", $"w{_random.Next(4)}", null, null)] : [],
            Sorts = Chance(0.3) ? [new AnnotationSort("a@b=c~d", "word", Chance(0.5)), new AnnotationSort("a@b=c~d", "k-1", Chance(0.5))]
                : Chance(0.2) ? [new AnnotationSort("states:everything", "-drb +", Chance(0.5))] : [],
            LeastDetections = Chance(0.1) ? _random.Next(1, 4) : null,
            ExcludeForced = Chance(0.1),
            RequireDetections = !Chance(0.1),
            FirstDetectionAfter = Chance(0.05) ? Minute(now.AddDays(-30)) : null,
            Map = Chance(0.25) ? new SkyMapPart(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), Pick(null, "a & b.fits", "20.00000_2.00000_8.00000"), Pick(0.95, 0.5, 0.123456)) : null,
            Plot = new PlotSwitches(Chance(0.8), Chance(0.8), Chance(0.2)),
            Cards = Pick(ScanAddress.CardNumbers.ToArray()),
            Profile = Chance(0.2) ? "a name & more" : null,
        };
    }

    private bool Chance(double part) => _random.NextDouble() < part;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private static DateTime Minute(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);

    private async Task<Viewer> ViewerAsync(string name) =>
        (await _site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync((await _site.Node.ClientAsync(name, Role.FullUser, (_group, false))).UserId, _ct)).Viewer!;

    [GeneratedRegex("<article class=\"scan-card\" id=\"([^\"]+)\"")]
    private static partial Regex Card();
}
