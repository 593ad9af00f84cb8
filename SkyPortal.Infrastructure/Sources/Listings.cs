using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>An entry of a user's list as it appears on the wire.</summary>
public sealed record ListingRecord(long Id, DateTime CreatedAt, DateTime Modified, int UserId, string ObjId, string ListName, JsonElement? Params);

/// <summary>Reads the viewer's own lists; those of others are empty for everybody but an administrator.</summary>
public sealed class ReadListings(Contexts contexts)
{
    /// <summary>Entries of a user, of one list where it is named, oldest first.</summary>
    public async Task<IReadOnlyList<ListingRecord>> HandleAsync(Viewer viewer, int? userId, string? listName, CancellationToken ct)
    {
        var owner = userId ?? viewer.UserId;
        await using var db = contexts.For(viewer);
        return await db.Set<Listing>().AsNoTracking()
            .Where(row => row.UserId == owner && (listName == null || row.ListName == listName) && db.Set<Obj>().Any(obj => obj.Id == row.ObjId))
            .OrderBy(row => row.Id)
            .Select(row => new ListingRecord(row.Id, row.CreatedAt, row.Modified, row.UserId, row.ObjId, row.ListName, row.Params))
            .ToListAsync(ct);
    }
}

/// <summary>Puts an object on a user's list. <see cref="RemoveFromList"/> is its inverse.</summary>
public sealed class AddToList(Contexts contexts)
{
    /// <summary>Adds and returns the entry's id; refuses a second entry, an unknown object and another user's list.</summary>
    public async Task<long> HandleAsync(Viewer viewer, string objId, string listName, int? userId, JsonElement? parameters, CancellationToken ct)
    {
        var owner = ListRules.Owner(viewer, userId);
        ListRules.CheckName(listName);
        ListRules.CheckParameters(listName, parameters);
        await using var db = contexts.For(viewer);
        await ListRules.CheckFreeAsync(db, owner, objId, listName, ct);
        var row = new Listing { UserId = owner, ObjId = objId, ListName = listName, Params = parameters };
        db.Add(row);
        await ListRules.SaveAsync(db, row, added: true, ct);
        return row.Id;
    }
}

/// <summary>Moves an entry of the viewer to another list, object or, for administrators, user.</summary>
public sealed class ChangeListEntry(Contexts contexts)
{
    /// <summary>Changes what is given; refuses an entry that is not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, long listingId, string? objId, string? listName, int? userId, JsonElement? parameters, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Listing>().SingleOrDefaultAsync(entry => entry.Id == listingId, ct)
            ?? throw Refusal.Invalid($"Listing {listingId} does not exist.");
        var owner = userId is null ? row.UserId : ListRules.Owner(viewer, userId);
        ListRules.CheckName(listName ?? row.ListName);
        ListRules.CheckParameters(listName ?? row.ListName, parameters ?? row.Params);
        if ((owner, objId ?? row.ObjId, listName ?? row.ListName) != (row.UserId, row.ObjId, row.ListName))
        {
            await ListRules.CheckFreeAsync(db, owner, objId ?? row.ObjId, listName ?? row.ListName, ct);
        }

        (row.UserId, row.ObjId, row.ListName, row.Params) = (owner, objId ?? row.ObjId, listName ?? row.ListName, parameters ?? row.Params);
        await ListRules.SaveAsync(db, row, added: true, ct);
    }
}

/// <summary>Takes an object from a user's list.</summary>
public sealed class RemoveFromList(Contexts contexts)
{
    /// <summary>Removes the entry with an id; refuses where the viewer has none such.</summary>
    public async Task HandleAsync(Viewer viewer, long listingId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Listing>().SingleOrDefaultAsync(entry => entry.Id == listingId, ct)
            ?? throw Refusal.Invalid("Listing does not exist.");
        db.Remove(row);
        await ListRules.SaveAsync(db, row, added: false, ct);
    }

    /// <summary>Removes an object from a list; refuses where it is not on it.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, string listName, int? userId, CancellationToken ct)
    {
        var owner = ListRules.Owner(viewer, userId);
        await using var db = contexts.For(viewer);
        var row = await db.Set<Listing>().SingleOrDefaultAsync(entry => entry.UserId == owner && entry.ObjId == objId && entry.ListName == listName, ct)
            ?? throw Refusal.Invalid("Listing does not exist.");
        db.Remove(row);
        await ListRules.SaveAsync(db, row, added: false, ct);
    }
}

/// <summary>What holds for every entry of a list.</summary>
internal static class ListRules
{
    public static int Owner(Viewer viewer, int? userId)
    {
        var own = viewer.UserId ?? throw Refusal.Invalid("Only a user has lists.");
        return userId is null || userId == own || viewer.SeesAll
            ? userId ?? own
            : throw Refusal.Invalid("Only admins can change listings of other users' accounts");
    }

    public static void CheckName(string listName)
    {
        if (listName.Length is 0 or > 250 || !(char.IsLetterOrDigit(listName[0]) || listName[0] == '_') || listName.Contains('\0', StringComparison.Ordinal))
        {
            throw Refusal.Invalid("Input `list_name` must begin with alphanumeric/underscore");
        }
    }

    public static void CheckParameters(string listName, JsonElement? parameters)
    {
        if (parameters is { } given && given.GetRawText().Contains("\\u0000", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.Invalid("Input `params` holds a character that cannot be stored");
        }

        if (listName == FavoriteWords.ListName)
        {
            FavoriteWords.Check(parameters);
        }

        if (listName != "watchlist")
        {
            return;
        }

        if (Number(parameters, "arcsec") is not (> 0 and <= 3600))
        {
            throw Refusal.Invalid("A watchlist needs params with `arcsec` above 0 and up to 3600");
        }

        if (Number(parameters, "cadence") is not >= 1)
        {
            throw Refusal.Invalid("A watchlist needs params with `cadence` of at least 1");
        }

        if (parameters!.Value.TryGetProperty("end_of_night", out var end) && end.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw Refusal.Invalid("`end_of_night` of a watchlist's params must be true or false");
        }
    }

    private static double? Number(JsonElement? parameters, string name) =>
        parameters is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;

    public static async Task CheckFreeAsync(SkyPortalContext db, int owner, string objId, string listName, CancellationToken ct)
    {
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.Invalid($"Cannot find object with ID {objId}.");
        }

        if (!await db.Set<User>().AnyAsync(user => user.Id == owner, ct))
        {
            throw Refusal.Invalid($"Cannot find user with ID {owner}.");
        }

        if (await db.Set<Listing>().AnyAsync(row => row.UserId == owner && row.ObjId == objId && row.ListName == listName, ct))
        {
            throw Refusal.Invalid($"Listing already exists with user_id={owner}, obj_id={objId} and list_name={listName}");
        }
    }

    public static async Task SaveAsync(SkyPortalContext db, Listing row, bool added, CancellationToken ct)
    {
        db.Record("listing.changed", row.ObjId, payload: new { row.ListName, row.UserId, row.Params, added });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid($"Listing already exists with user_id={row.UserId}, obj_id={row.ObjId} and list_name={row.ListName}");
        }
    }
}
