using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Notes that a user looked at candidates. Looking is no news: no event is recorded.</summary>
public sealed class MarkSeen(Contexts contexts)
{
    private const int MostObjects = 500;

    // In order of names, so that two people who mark the same objects cannot wait for each other.
    private const string Sql = $"""
        insert into candidate_views (obj_id, user_id, seen_at, created_at, modified)
        select o.id, @viewer_user, @now, @now, @now from objs o
        where o.id = any(@ids) and {ViewerSql.SeesObj}
        order by o.id
        on conflict (obj_id, user_id) do update set seen_at = excluded.seen_at, modified = excluded.modified
        """;

    /// <summary>Marks those of the objects that the viewer may see, in one statement, and returns how many they are.</summary>
    public async Task<int> HandleAsync(Viewer viewer, IReadOnlyCollection<string> objIds, CancellationToken ct)
    {
        if (viewer.UserId is null)
        {
            throw Refusal.Forbidden("Only a user can look at candidates.");
        }

        if (objIds.Count > MostObjects)
        {
            throw Refusal.Invalid($"obj_ids: at most {MostObjects} at a time.");
        }

        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer)
            .With("ids", objIds.ToArray()).With("now", contexts.Clock.GetUtcNow().UtcDateTime);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
