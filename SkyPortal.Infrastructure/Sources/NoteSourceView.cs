using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Notes that a user or a program looked at a source; what is looked at most is shown to its groups.</summary>
public sealed class NoteSourceView(Contexts contexts, TimeProvider clock)
{
    /// <summary>Notes it; the caller has just read the object as the viewer, so that nothing more is checked.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        if (viewer.UserId is not { } userId)
        {
            return;
        }

        // A tally that a crash may lose a moment of: the reader does not wait for the disk. Both run in the batch's one transaction.
        await using var batch = contexts.DataSource.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into source_views (created_at, modified, obj_id, user_id, is_token) values ($1, $1, $2, $3, $4)")
        {
            Parameters = { new() { Value = clock.GetUtcNow().UtcDateTime }, new() { Value = objId }, new() { Value = userId }, new() { Value = viewer.TokenId is not null } },
        });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
