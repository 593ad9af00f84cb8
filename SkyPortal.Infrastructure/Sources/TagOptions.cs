using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A word of the vocabulary as it appears on the wire.</summary>
/// <param name="Color">#RRGGBB; null for none.</param>
public sealed record TagOptionRecord(int Id, DateTime CreatedAt, DateTime Modified, string Name, string? Color);

/// <summary>Lists the vocabulary of tags.</summary>
public sealed class ListTagOptions(Contexts contexts)
{
    /// <summary>Every word, oldest first. One statement.</summary>
    public async Task<IReadOnlyList<TagOptionRecord>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<ObjTagOption>().AsNoTracking().OrderBy(option => option.Id)
            .Select(option => new TagOptionRecord(option.Id, option.CreatedAt, option.Modified, option.Name, option.Color))
            .ToListAsync(ct);
    }
}

/// <summary>Adds a word to the vocabulary. <see cref="DeleteTagOption"/> is its inverse.</summary>
public sealed class CreateTagOption(Contexts contexts)
{
    /// <summary>Adds and returns it; refuses a name that is there in any case of its letters (conflict).</summary>
    public async Task<TagOptionRecord> HandleAsync(Viewer viewer, string name, string? color, CancellationToken ct)
    {
        TagRules.Check(name, color);
        await using var db = contexts.For(viewer);
        if (await TagRules.IsTakenAsync(db, name, null, ct))
        {
            throw Refusal.Conflict($"This tag name already exists: {name}");
        }

        var option = new ObjTagOption { Name = name, Color = color };
        db.Add(option);
        await TagRules.SaveAsync(db, option, "tagoption.created", Refusal.Conflict, ct);
        return TagRules.Record(option);
    }
}

/// <summary>Renames or recolours a word of the vocabulary. The event holds what it was before.</summary>
public sealed class ChangeTagOption(Contexts contexts)
{
    /// <summary>Changes and returns it; a colour of null takes the colour away. Refuses a name that another word has.</summary>
    public async Task<TagOptionRecord> HandleAsync(Viewer viewer, int id, string name, string? color, CancellationToken ct)
    {
        TagRules.Check(name, color);
        await using var db = contexts.For(viewer);
        var option = await db.Set<ObjTagOption>().SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.NotFound($"Cannot find tag with ID {id}.");
        if (await TagRules.IsTakenAsync(db, name, id, ct))
        {
            throw Refusal.Invalid($"This tag name already exists: {name}");
        }

        var before = new { option.Name, option.Color };
        (option.Name, option.Color) = (name, color);
        await TagRules.SaveAsync(db, option, "tagoption.changed", Refusal.Invalid, ct, before);
        return TagRules.Record(option);
    }
}

/// <summary>Takes a word from the vocabulary, and with it from every object.</summary>
public sealed class DeleteTagOption(Contexts contexts)
{
    /// <summary>Deletes and returns its name; refuses one that is not there.</summary>
    public async Task<string> HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var option = await db.Set<ObjTagOption>().SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.NotFound($"Cannot find tag with ID {id}.");
        db.Remove(option);
        await TagRules.SaveAsync(db, option, "tagoption.deleted", Refusal.Invalid, ct);
        return option.Name;
    }
}

/// <summary>What holds for every word of the vocabulary.</summary>
internal static partial class TagRules
{
    public static void Check(string name, string? color)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw Refusal.Invalid("Invalid/missing parameters: name: a tag has letters and digits only, and at most 50 of them");
        }

        if (color is not null && !ColorPattern().IsMatch(color))
        {
            throw Refusal.Invalid("Invalid/missing parameters: color: Input should be a colour such as #1f77b4");
        }
    }

    public static Task<bool> IsTakenAsync(SkyPortalContext db, string name, int? besides, CancellationToken ct)
    {
        var lower = name.ToLowerInvariant();
        return db.Set<ObjTagOption>().AnyAsync(option => option.Name.ToLower() == lower && option.Id != besides, ct);
    }

    public static async Task SaveAsync(SkyPortalContext db, ObjTagOption option, string kind, Func<string, Refusal> taken, CancellationToken ct, object? before = null)
    {
        db.Record(kind, "tags", payload: new { option.Name, option.Color, before });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            throw taken($"This tag name already exists: {option.Name}");
        }
    }

    public static TagOptionRecord Record(ObjTagOption option) => new(option.Id, option.CreatedAt, option.Modified, option.Name, option.Color);

    [GeneratedRegex(@"\A[A-Za-z0-9]{1,50}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A#[0-9A-Fa-f]{6}\z")]
    private static partial Regex ColorPattern();
}
