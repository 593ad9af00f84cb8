using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Random sites on which the engine and an independent oracle must agree, row by row and in counts, for everybody.</summary>
public sealed class RandomWorldTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20260301)]
    [InlineData(777)]
    public async Task EveryEntity_ThroughTheContext_IsSeenAsTheOracleSays(int seed)
    {
        await using var site = await TestSite.StartAsync();
        var world = await World.CreateAsync(site.Node, seed);
        var oracle = new Oracle(world);
        var readViewer = site.Node.Services.GetRequiredService<ReadViewer>();
        await using var model = site.Node.Contexts.For(Viewer.Nobody);
        var wrong = new List<string>();
        foreach (var person in world.People)
        {
            var viewer = (await readViewer.ByUserAsync(person.Id, CancellationToken.None)).Viewer!;
            await using var db = site.Node.Contexts.For(viewer);
            foreach (var entity in model.Model.GetEntityTypes().Where(entity => Oracle.Knows(entity.ClrType)))
            {
                var expected = world.All(entity.ClrType).Where(row => oracle.Sees(person, row)).Select(row => Key(entity, row)).Order(StringComparer.Ordinal).ToList();
                var seen = (await World.ReadAsync(db, entity.ClrType)).Select(row => Key(entity, row)).Order(StringComparer.Ordinal).ToList();
                if (!expected.SequenceEqual(seen) || await World.CountAsync(db, entity.ClrType) != expected.Count)
                {
                    wrong.Add($"{person.Name} {entity.ClrType.Name}: too much [{string.Join(' ', seen.Except(expected))}], too little [{string.Join(' ', expected.Except(seen))}]");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
    }

    [Fact]
    public async Task EveryEntity_ForNobody_IsEmpty()
    {
        await using var site = await TestSite.StartAsync();
        await World.CreateAsync(site.Node, 5);
        await using var db = site.Node.Contexts.For(Viewer.Nobody);

        foreach (var entity in db.Model.GetEntityTypes())
        {
            Assert.True(await World.CountAsync(db, entity.ClrType) == 0, $"Nobody sees rows of {entity.ClrType.Name}.");
        }
    }

    [Theory]
    [InlineData(20260302)]
    public async Task EveryReadPath_OverTheApi_ShowsWhatTheOracleSays(int seed)
    {
        await using var site = await TestSite.StartAsync();
        var world = await World.CreateAsync(site.Node, seed, asVerbsKeepIt: true);
        var oracle = new Oracle(world);
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(world.People, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (person, _) =>
        {
            var client = await site.Node.ClientAsync(person.Name);
            foreach (var path in ReadPaths.All)
            {
                var seen = (await AskAsync(path, client, world)).Order(StringComparer.Ordinal).ToList();
                var expected = path.Expected(oracle, world, person).Order(StringComparer.Ordinal).ToList();
                if (!expected.SequenceEqual(seen))
                {
                    wrong.Add($"{person.Name} {path}: too much [{string.Join(", ", seen.Except(expected).Take(12))}], too little [{string.Join(", ", expected.Except(seen).Take(12))}], {seen.Count} of {expected.Count}");
                }
            }
        });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Take(20)));
    }

    [Fact]
    public async Task EveryRouteThatReads_IsComparedOrExempt()
    {
        await using var site = await TestSite.StartAsync();
        var compared = ReadPaths.All.Select(path => path.Route).ToHashSet();
        var every = Contract.ApiRoute.All(site.Node);
        var routes = every.Where(route => !route.HasBody).Select(route => route.Name).ToHashSet();

        var forgotten = routes.Where(route => !compared.Contains(route) && !ReadPaths.Exempt.ContainsKey(route)).ToList();
        var gone = compared.Concat(ReadPaths.Exempt.Keys).Except(every.Select(route => route.Name)).ToList();

        Assert.True(forgotten.Count == 0, $"Neither compared in ReadPaths nor exempt with a reason: {string.Join(", ", forgotten)}");
        Assert.True(gone.Count == 0, $"Named in ReadPaths and no route: {string.Join(", ", gone)}");
        Assert.Empty(compared.Intersect(ReadPaths.Exempt.Keys));
    }

    [Fact]
    public async Task Oracle_EveryEntity_HasARule()
    {
        await using var site = await TestSite.StartAsync();
        await using var db = site.Node.Contexts.For(Viewer.System);

        var missing = db.Model.GetEntityTypes().Select(entity => entity.ClrType).Where(type => !Oracle.Knows(type)).Select(type => type.Name).ToList();

        Assert.True(missing.Count == 0, $"Oracle.cs has no rule for {string.Join(", ", missing)}; WorldMaker should make some of them too.");
    }

    private static async Task<IReadOnlyList<string>> AskAsync(ReadPath path, TestClient client, World world)
    {
        try
        {
            return [.. await path.Ask(client, world)];
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException)
        {
            return [$"{error.Message}"];
        }
    }

    private static string Key(IEntityType entity, object row) => string.Join('/', entity.FindPrimaryKey()!.Properties.Select(property => property.PropertyInfo!.GetValue(row)));
}
