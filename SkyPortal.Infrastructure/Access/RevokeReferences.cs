using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>
/// Takes the id of a group or stream out of every row that is shared with it, by statement, so that no row becomes visible
/// through an id that is given again. Which tables have such a column is read from the model: a new table cannot be forgotten.
/// </summary>
internal static class RevokeReferences
{
    /// <summary>Runs in the context's transaction.</summary>
    public static Task ToGroupAsync(SkyPortalContext db, int groupId, CancellationToken ct) => StripAsync(db, "GroupIds", "groups", groupId, ct);

    /// <summary>Runs in the context's transaction.</summary>
    public static Task ToStreamAsync(SkyPortalContext db, int streamId, CancellationToken ct) => StripAsync(db, "StreamIds", "streams", streamId, ct);

    private static async Task StripAsync(SkyPortalContext db, string property, string statisticsKey, int id, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        foreach (var entity in db.Model.GetEntityTypes().Where(entity => entity.ClrType != typeof(Invitation)))
        {
            if (entity.FindProperty(property) is not { } ids || ids.ClrType != typeof(int[]) || entity.GetTableName() is not { } table)
            {
                continue;
            }

            // Names come from the model, never from a request.
            var column = ids.GetColumnName(StoreObjectIdentifier.Table(table, entity.GetSchema()));
            await RunAsync(connection, $"update {table} set {column} = array_remove({column}, $1) where {column} @> array[$1]", id, ct);
        }

        await RunAsync(
            connection,
            $$"""
            update photstats set visibility = (
                select jsonb_agg(jsonb_set(entry, '{{{statisticsKey}}}', coalesce(
                    (select jsonb_agg(item) from jsonb_array_elements(entry -> '{{statisticsKey}}') item where item <> to_jsonb($1)), '[]')))
                from jsonb_array_elements(visibility) entry)
            where visibility @> jsonb_build_array(jsonb_build_object('{{statisticsKey}}', jsonb_build_array($1)))
            """,
            id,
            ct);
        await StripInvitationsAsync(db, property, id, ct);
    }

    // An invitation has lists beside the groups, item by item.
    private static async Task StripInvitationsAsync(SkyPortalContext db, string property, int id, CancellationToken ct)
    {
        var groups = property == "GroupIds";
        var invitations = await db.Set<Invitation>()
            .Where(invitation => groups ? invitation.GroupIds.Contains(id) : invitation.StreamIds.Contains(id))
            .ToListAsync(ct);
        foreach (var invitation in invitations)
        {
            if (!groups)
            {
                invitation.StreamIds = [.. invitation.StreamIds.Where(stream => stream != id)];
                continue;
            }

            var kept = Enumerable.Range(0, invitation.GroupIds.Length).Where(index => invitation.GroupIds[index] != id).ToList();
            invitation.AdminForGroups = [.. kept.Select(index => invitation.AdminForGroups.ElementAtOrDefault(index))];
            invitation.CanSaveToGroups = [.. kept.Select(index => invitation.CanSaveToGroups.ElementAtOrDefault(index))];
            invitation.CanSharePhotometryForGroups = [.. kept.Select(index => invitation.CanSharePhotometryForGroups.ElementAtOrDefault(index))];
            invitation.GroupIds = [.. kept.Select(index => invitation.GroupIds[index])];
        }

        await db.SaveChangesAsync(ct);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, int id, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        // Photometry has no index on its groups: a scan of the whole table may take minutes, and is rare.
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync(ct);
    }
}
