using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A class that a typed text may mean, and the taxonomy that it is of.</summary>
public sealed record ClassSuggestion(int TaxonomyId, string TaxonomyName, ClassMatch Match);

/// <summary>Keeps the parsed trees of the taxonomies, by id and time of change.</summary>
public sealed class TaxonomyCache
{
    private readonly ConcurrentDictionary<int, (DateTime Modified, IReadOnlySet<string> Classes, ClassSearch Search)> _trees = new();

    /// <summary>The classes that a taxonomy allows, and the search over them.</summary>
    public (IReadOnlySet<string> Classes, ClassSearch Search) Of(Taxonomy taxonomy)
    {
        if (!_trees.TryGetValue(taxonomy.Id, out var kept) || kept.Modified != taxonomy.Modified)
        {
            var root = TaxonomyHierarchy.Parse(taxonomy.Hierarchy);
            _trees[taxonomy.Id] = kept = (taxonomy.Modified, root.AllowedClasses(), new ClassSearch(root));
        }

        return (kept.Classes, kept.Search);
    }
}

/// <summary>Suggests classes for a typed text, over the latest taxonomies that the viewer may use.</summary>
public sealed class SearchClasses(Contexts contexts, TaxonomyCache cache)
{
    /// <summary>Best first.</summary>
    public async Task<IReadOnlyList<ClassSuggestion>> HandleAsync(Viewer viewer, string? typed, int limit, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var taxonomies = await db.Set<Taxonomy>().AsNoTracking().Where(taxonomy => taxonomy.IsLatest).OrderBy(taxonomy => taxonomy.Id).ToListAsync(ct);
        return [.. taxonomies
            .SelectMany(taxonomy => cache.Of(taxonomy).Search.Find(typed, limit).Select((match, rank) => (rank, new ClassSuggestion(taxonomy.Id, taxonomy.Name, match))))
            .OrderBy(item => item.rank)
            .Select(item => item.Item2)
            .Take(limit)];
    }
}

/// <summary>Finds the taxonomies of classes that are known by name alone.</summary>
public sealed class FindClasses(Contexts contexts, TaxonomyCache cache)
{
    /// <summary>For each class the oldest of the latest taxonomies that has it and that the viewer may use. Refuses, naming them, where some are of none.</summary>
    public async Task<IReadOnlyList<(string Name, int TaxonomyId)>> HandleAsync(Viewer viewer, IReadOnlyList<string> names, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var taxonomies = await db.Set<Taxonomy>().AsNoTracking().Where(taxonomy => taxonomy.IsLatest).OrderBy(taxonomy => taxonomy.Id).ToListAsync(ct);
        var found = names.Select(name => (name, taxonomies.FirstOrDefault(taxonomy => cache.Of(taxonomy).Classes.Contains(name))?.Id ?? 0)).ToList();
        var unknown = found.Where(item => item.Item2 == 0).Select(item => item.name).ToList();
        return unknown.Count == 0 ? found : throw Refusal.Invalid($"no taxonomy that you may use has the class {string.Join(", ", unknown)}.");
    }
}

/// <summary>Makes the taxonomies that come with the product, where there is none.</summary>
public sealed class SeedTaxonomies(Contexts contexts)
{
    /// <summary>Seeds from the folder of seeds.</summary>
    public async Task HandleAsync(string seedDirectory, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        if (await db.Set<Taxonomy>().AnyAsync(ct))
        {
            return;
        }

        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        foreach (var seed in TaxonomySeed.ReadAll(seedDirectory))
        {
            db.Add(new Taxonomy
            {
                Name = seed.Name,
                Version = seed.Version,
                Provenance = seed.Provenance,
                Hierarchy = JsonSerializer.SerializeToElement(TaxonomyHierarchy.ToJson(seed.Hierarchy)),
                GroupIds = [sitewide],
            });
        }

        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Adds a taxonomy; it becomes the latest of its name.</summary>
public sealed class PostTaxonomy(Contexts contexts)
{
    /// <summary>Adds it and returns its id; refuses a taken name and version and a tree with faults.</summary>
    public async Task<int> HandleAsync(
        Viewer viewer, string name, string version, JsonElement hierarchy, int[]? groupIds, string? provenance, bool isLatest, CancellationToken ct)
    {
        if (TaxonomyHierarchy.TryParse(hierarchy, out var errors) is null)
        {
            throw Refusal.Invalid("Hierarchy does not validate against the schema. " + string.Join("; ", errors.Take(5)));
        }

        await using var db = contexts.For(viewer);
        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        var groups = groupIds is null or []
            ? [sitewide]
            : groupIds.Where(id => viewer.SeesAll || id == sitewide || viewer.GroupIds.Contains(id)).Distinct().ToArray();
        var known = await db.Set<Group>().Where(group => groups.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct);
        if (known.Length == 0)
        {
            throw Refusal.Invalid("None of group_ids is one of your groups.");
        }

        await using var system = contexts.For(Viewer.System);
        if (await system.Set<Taxonomy>().AnyAsync(row => row.Name == name && row.Version == version, ct))
        {
            throw Refusal.Invalid("That version/name combination is already present. If you really want to replace this then delete the appropriate entry.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (isLatest)
        {
            await db.Allowed<Taxonomy>(AccessMode.Update).Where(row => row.Name == name).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsLatest, false), ct);
        }

        var taxonomy = new Taxonomy { Name = name, Version = version, Hierarchy = hierarchy, Provenance = provenance, IsLatest = isLatest, GroupIds = known };
        db.Add(taxonomy);
        db.Record("taxonomy.posted", name, known);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return taxonomy.Id;
    }
}

/// <summary>Changes a taxonomy's name, version, provenance or groups; never its tree.</summary>
public sealed class EditTaxonomy(Contexts contexts)
{
    /// <summary>Changes what is given.</summary>
    public async Task HandleAsync(
        Viewer viewer, int id, string? name, string? version, string? provenance, bool? isLatest, int[]? groupIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var taxonomy = await db.Allowed<Taxonomy>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Invalid("Taxonomy does not exist or is not available to user.");
        taxonomy.Name = name ?? taxonomy.Name;
        taxonomy.Version = version ?? taxonomy.Version;
        taxonomy.Provenance = provenance ?? taxonomy.Provenance;
        taxonomy.IsLatest = isLatest ?? taxonomy.IsLatest;
        if (groupIds is { Length: > 0 })
        {
            taxonomy.GroupIds = await ShareWith.GroupsOrSitewideAsync(db, groupIds, ct);
        }

        db.Record("taxonomy.edited", taxonomy.Name, taxonomy.GroupIds);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Removes a taxonomy with which nothing was classified.</summary>
public sealed class DeleteTaxonomy(Contexts contexts)
{
    /// <summary>Removes it.</summary>
    public async Task HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var taxonomy = await db.Allowed<Taxonomy>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Invalid("Taxonomy does not exist or is not available to user.");
        await using var system = contexts.For(Viewer.System);
        if (await system.Set<Classification>().AnyAsync(row => row.TaxonomyId == id, ct))
        {
            throw Refusal.Invalid("Please delete all classifications before deleting the taxonomy.");
        }

        db.Remove(taxonomy);
        db.Record("taxonomy.deleted", taxonomy.Name, taxonomy.GroupIds);
        await db.SaveChangesAsync(ct);
    }
}
