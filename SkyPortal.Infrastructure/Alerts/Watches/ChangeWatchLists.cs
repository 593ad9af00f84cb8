using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>What is to be set of a watch list; null leaves it as it is.</summary>
public sealed record WatchListChanges
{
    public string? Name { get; init; }

    /// <summary>Empty for none.</summary>
    public string? Description { get; init; }

    public int[]? GroupIds { get; init; }
    public bool? Active { get; init; }
}

/// <summary>Makes a watch list, which is the viewer's.</summary>
public sealed class CreateWatchList(Contexts contexts)
{
    /// <summary>Makes it and returns its id.</summary>
    /// <exception cref="Refusal">The viewer may not upload data (403), it has no name or one that another of theirs has, or a group is not theirs.</exception>
    public async Task<int> HandleAsync(Viewer viewer, WatchListChanges request, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        var owner = viewer.UserId ?? throw Refusal.Forbidden("Only a user may make a watch list.");
        await using var db = contexts.For(viewer);
        var list = new WatchList { Name = WatchListRules.Name(request.Name), OwnerId = owner };
        db.Add(list);
        await WatchListRules.ApplyAsync(db, list, request, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await WatchListRules.SaveAsync(db, list, ct);
        db.Record("watchlist.created", list.Id.ToString(CultureInfo.InvariantCulture), list.GroupIds, new { list.Name });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return list.Id;
    }
}

/// <summary>Changes a watch list of the viewer's.</summary>
public sealed class ChangeWatchList(Contexts contexts)
{
    /// <summary>Changes what is given.</summary>
    /// <exception cref="Refusal">It is not there for this viewer, or not theirs (403), or what is given cannot be.</exception>
    public async Task HandleAsync(Viewer viewer, int listId, WatchListChanges changes, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        var list = await WatchListRules.OwnAsync(db, listId, ct);
        int[] heard = [.. list.GroupIds];
        list.Name = changes.Name is { } name ? WatchListRules.Name(name) : list.Name;
        await WatchListRules.ApplyAsync(db, list, changes, ct);
        list.Revision++;
        db.Record("watchlist.changed", listId.ToString(CultureInfo.InvariantCulture), [.. heard.Union(list.GroupIds)]);
        await WatchListRules.SaveAsync(db, list, ct);
    }
}

/// <summary>Deletes a watch list of the viewer's with its entries and matches.</summary>
public sealed class DeleteWatchList(Contexts contexts)
{
    /// <summary>Deletes it.</summary>
    /// <exception cref="Refusal">It is not there for this viewer, or not theirs (403).</exception>
    public async Task HandleAsync(Viewer viewer, int listId, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        var list = await WatchListRules.OwnAsync(db, listId, ct);
        db.Remove(list);
        db.Record("watchlist.deleted", listId.ToString(CultureInfo.InvariantCulture), list.GroupIds);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>What entries were added.</summary>
/// <param name="Added">How many.</param>
/// <param name="Known">How many were on the list already, or twice among those given; their labels stay as they were.</param>
/// <param name="Matched">Archived alerts that match them, of those that the viewer may see.</param>
/// <param name="IsWhole">Whether the archive was looked through for all of them; it is given only so much time.</param>
public sealed record AddedWatchEntries(int Added, int Known, int Matched, bool IsWhole);

/// <summary>Adds entries to a watch list of the viewer's, and looks for them in the archive.</summary>
public sealed class AddWatchEntries(Contexts contexts, MatchArchive archive)
{
    private const string Sql = """
        insert into watch_entries (watch_list_id, label, ra, dec, radius_arcsec, name, created_at, modified)
        select $1, label, ra, dec, radius, name, $2, $2 from unnest($3::text[], $4::float8[], $5::float8[], $6::float8[], $7::text[]) as new (label, ra, dec, radius, name)
        on conflict do nothing
        returning id
        """;

    /// <summary>Adds them, all or none; those that the list has already are passed over.</summary>
    /// <exception cref="Refusal">The list is not there for this viewer, or not theirs (403); there is none, or they would be too many.</exception>
    public async Task<AddedWatchEntries> HandleAsync(Viewer viewer, int listId, IReadOnlyList<NewWatchEntry> entries, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var list = await WatchListRules.OwnAsync(db, listId, ct);
        // One after the other, so that the count holds.
        await db.Database.ExecuteSqlAsync($"select 1 from watch_lists where id = {listId} for no key update", ct);
        var known = await db.Set<WatchEntry>().CountAsync(entry => entry.WatchListId == listId, ct);
        if (entries.Count is 0 or > WatchList.MostEntries)
        {
            throw entries.Count == 0 ? Refusal.Invalid("Invalid/missing parameters: entries: There is none") : TooMany(known + entries.Count);
        }

        await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.AddWithValue(listId);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.TimestampTz, db.UtcNow);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text, entries.Select(entry => entry.Label).ToArray());
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Double, entries.Select(entry => entry.Position?.RaDegrees).ToArray());
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Double, entries.Select(entry => entry.Position?.DecDegrees).ToArray());
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Double, entries.Select(entry => entry.RadiusArcsec).ToArray());
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text, entries.Select(entry => entry.Name).ToArray());
        var ids = await command.ReadAllAsync(reader => reader.GetInt64(0), ct);
        if (ids.Count == 0)
        {
            return new AddedWatchEntries(0, entries.Count, 0, true);
        }

        if (known + ids.Count > WatchList.MostEntries)
        {
            throw TooMany(known + ids.Count);
        }

        list.Revision++;
        db.Record("watchlist.changed", listId.ToString(CultureInfo.InvariantCulture), list.GroupIds, new { added = ids.Count });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        var isWhole = !list.Active || await archive.HandleAsync(ids);
        // Only those that the viewer may see are counted.
        var (first, last) = (ids.Min(), ids.Max());
        var matched = await db.Set<WatchMatch>().CountAsync(match => match.WatchListId == listId && match.WatchEntryId >= first && match.WatchEntryId <= last, ct);
        return new AddedWatchEntries(ids.Count, entries.Count - ids.Count, matched, isWhole);
    }

    private static Refusal TooMany(int entries) => Refusal.Invalid(string.Create(
        CultureInfo.InvariantCulture, $"Invalid/missing parameters: entries: A list has at most {WatchList.MostEntries} entries; with these it would have {entries}"));
}

/// <summary>Takes an entry, or all, from a watch list of the viewer's; their matches go with them.</summary>
public sealed class RemoveWatchEntries(Contexts contexts)
{
    /// <summary>Removes one, or all where none is named.</summary>
    /// <exception cref="Refusal">The list is not there for this viewer, or not theirs (403), or has no such entry.</exception>
    public async Task HandleAsync(Viewer viewer, int listId, long? entryId, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var list = await WatchListRules.OwnAsync(db, listId, ct);
        var removed = await db.Allowed<WatchEntry>(AccessMode.Delete).Where(entry => entry.WatchListId == listId && (entryId == null || entry.Id == entryId)).ExecuteDeleteAsync(ct);
        if (removed == 0 && entryId is { } missing)
        {
            throw Refusal.NotFound($"Watch list {listId} has no entry {missing}.");
        }

        list.Revision++;
        db.Record("watchlist.changed", listId.ToString(CultureInfo.InvariantCulture), list.GroupIds, new { removed });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>What holds for every watch list.</summary>
internal static class WatchListRules
{
    private const int MostCharacters = 100;
    private const int MostWords = 2_000;

    public static Refusal NotThere(int id) => Refusal.NotFound($"There is no watch list {id}.");

    /// <summary>The list, tracked, where it is the viewer's.</summary>
    public static async Task<WatchList> OwnAsync(SkyPortalContext db, int id, CancellationToken ct)
    {
        var list = await db.Set<WatchList>().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw NotThere(id);
        return db.Viewer.SeesAll || list.OwnerId == db.Viewer.UserId ? list : throw Refusal.Forbidden("Only its owner may change a watch list.");
    }

    public static string Name(string? name) => name?.Trim() switch
    {
        null or "" => throw Refusal.Invalid("Invalid/missing parameters: name: Field required"),
        { Length: > MostCharacters } => throw Refusal.Invalid($"Invalid/missing parameters: name: String should have at most {MostCharacters} characters"),
        var words => words,
    };

    public static async Task ApplyAsync(SkyPortalContext db, WatchList list, WatchListChanges changes, CancellationToken ct)
    {
        if (changes.Description is { } words)
        {
            list.Description = words.Length > MostWords
                ? throw Refusal.Invalid($"Invalid/missing parameters: description: String should have at most {MostWords} characters")
                : words.Trim() is { Length: > 0 } trimmed ? trimmed : null;
        }

        list.Active = changes.Active ?? list.Active;
        if (changes.GroupIds is { } wanted)
        {
            int[] groups = [.. wanted.Distinct().Order()];
            var known = db.Viewer.SeesAll
                ? await db.Set<Group>().Where(group => groups.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct)
                : db.Viewer.GroupIds;
            if (groups.Except(known).Select(id => (int?)id).FirstOrDefault() is { } other)
            {
                throw Refusal.Invalid($"Invalid/missing parameters: group_ids: Group {other} is not one of yours");
            }

            list.GroupIds = groups;
        }
    }

    public static async Task SaveAsync(SkyPortalContext db, WatchList list, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid($"Invalid/missing parameters: name: You have a watch list '{list.Name}' already");
        }
    }
}
