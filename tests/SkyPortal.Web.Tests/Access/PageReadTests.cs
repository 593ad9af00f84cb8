using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>What pages read by themselves, and not over the API, shows no more and no less than the oracle says.</summary>
public sealed class PageReadTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(20260303)]
    public async Task QuickSearchAndScanningPage_ForEverybody_ShowWhatTheOracleSays(int seed)
    {
        await using var site = await TestSite.StartAsync();
        var world = await World.CreateAsync(site.Node, seed, asVerbsKeepIt: true);
        var oracle = new Oracle(world);
        var wrong = new List<string>();
        foreach (var person in world.People)
        {
            var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(person.Id, CancellationToken.None)).Viewer!;
            var seen = (await SeenAsync(site.Node, viewer)).Order(StringComparer.Ordinal).ToList();
            var expected = Expected(oracle, world, person).Order(StringComparer.Ordinal).ToList();
            if (!seen.SequenceEqual(expected))
            {
                wrong.Add($"{person.Name}: too much [{string.Join(", ", seen.Except(expected).Take(12))}], too little [{string.Join(", ", expected.Except(seen).Take(12))}]");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<IEnumerable<string>> SeenAsync(TestNode node, Viewer viewer)
    {
        var found = await node.Services.GetRequiredService<FindObjects>().HandleAsync(viewer, "OBJ", 100, CancellationToken.None);
        var scope = await node.Services.GetRequiredService<ReadScanScope>().HandleAsync(viewer, CancellationToken.None);
        var list = await node.Services.GetRequiredService<ScanLists>().MakeAsync(viewer, new CandidateCriteria(), "all", CancellationToken.None);
        var cards = await node.Services.GetRequiredService<ScanPage>().HandleAsync(viewer, list, [.. list.ObjIds], CancellationToken.None);
        return
        [
            .. found.Select(hit => $"found {hit.Id}"),
            .. scope.Filters.Select(filter => $"filter {filter.Id}"),
            $"total {list.ObjIds.Length}",
            .. cards.SelectMany(card => new[]
                {
                    $"points {card.Points.Count}",
                    $"annotations {Ids(card.Annotations.Select(row => row.Id))}",
                    $"classes {Ids(card.Classifications.Select(row => row.Id))}",
                    $"saves {Ids(card.Saves.Select(row => (long)row.Id))}",
                    $"passed {Ids(card.Passed.Select(row => (long)row.FilterId))}",
                    $"looked {string.Join(' ', card.Marks.SeenBy.Order(StringComparer.Ordinal))}",
                }.Select(key => $"{card.Obj.Id} {key}")),
        ];
    }

    private static IEnumerable<string> Expected(Oracle oracle, World world, Person person)
    {
        IEnumerable<T> Seen<T>()
            where T : class => ReadPaths.Seen<T>(oracle, world, person);
        var passed = Seen<Candidate>().ToLookup(row => row.ObjId);
        var scanned = Seen<Filter>().Select(filter => filter.GroupId).ToHashSet();
        return
        [
            .. Seen<Obj>().Select(obj => $"found {obj.Id}"),
            .. Seen<Filter>().Select(filter => $"filter {filter.Id}"),
            $"total {passed.Count}",
            .. passed.SelectMany(candidates => new[]
                {
                    $"points {Seen<PhotometryPoint>().Count(row => row.ObjId == candidates.Key)}",
                    $"annotations {Ids(Seen<Annotation>().Where(row => row.ObjId == candidates.Key).Select(row => row.Id))}",
                    $"classes {Ids(Seen<Classification>().Where(row => row.ObjId == candidates.Key).Select(row => row.Id))}",
                    $"saves {Ids(Seen<Source>().Where(row => row.ObjId == candidates.Key && row.Active).Select(row => (long)row.GroupId))}",
                    $"passed {Ids(candidates.Select(row => (long)row.FilterId).Distinct())}",
                    $"looked {string.Join(' ', Lookers(world, person, candidates.Key, scanned).Order(StringComparer.Ordinal))}",
                }.Select(key => $"{candidates.Key} {key}")),
        ];
    }

    // Others who looked, where one of the scanned groups, but for the one that everybody joins, is common to both.
    private static IEnumerable<string> Lookers(World world, Person person, string objId, HashSet<int> scanned)
    {
        var common = world.All<Group>().Where(group => !group.Sitewide && scanned.Contains(group.Id) && (person.SeesAll || person.Groups.Contains(group.Id))).Select(group => group.Id).ToHashSet();
        return world.All<CandidateView>()
            .Where(view => view.ObjId == objId && view.UserId != person.Id && world.All<GroupUser>().Any(member => member.UserId == view.UserId && common.Contains(member.GroupId)))
            .Select(view => world.All<User>().Single(user => user.Id == view.UserId).Username);
    }

    private static string Ids(IEnumerable<long> ids) => string.Join(' ', ids.Order());
}
