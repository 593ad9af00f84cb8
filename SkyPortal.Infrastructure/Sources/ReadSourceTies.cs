using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A group by its name.</summary>
public sealed record NamedGroup(int Id, string Name);

/// <summary>What ties a source to who looks at it.</summary>
/// <param name="IsFavorite">Whether it is on the viewer's list of favourites.</param>
/// <param name="OwnGroups">The viewer's groups by name (all for administrators), without those of single users.</param>
/// <param name="Near">Saved objects around it, itself among them, nearest first.</param>
public sealed record SourceTies(bool IsFavorite, IReadOnlyList<NamedGroup> OwnGroups, IReadOnlyList<NearbySource> Near);

/// <summary>Reads what ties a source to who looks at it, in one statement.</summary>
public sealed class ReadSourceTies(Contexts contexts)
{
    // Indexes listings (user_id, ...), groups (id), and those of the objects near a position.
    private const string Sql = $"""
        select exists (select 1 from listings l where l.user_id = @viewer_user and l.obj_id = @id and l.list_name = 'favorites'),
               (select coalesce(json_agg(json_build_object('Id', g.id, 'Name', g.name) order by lower(g.name), g.id), '[]')
                from groups g where not g.single_user_group and (@sees_all or g.id = any(@viewer_groups))),
               (select coalesce(json_agg(json_build_object('id', n.id, 'ra', n.ra, 'dec', n.dec)), '[]') from ({ReadNearbySources.Sql}) n)
        """;

    /// <summary>The ties of an object at a position (null where it has none) that the viewer sees.</summary>
    public async Task<SourceTies> HandleAsync(Viewer viewer, string objId, SkyPosition? position, double nearDegrees, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("id", objId).WithCone(position, nearDegrees, withRoids: false);
        var (isFavorite, groups, near) = (await command.ReadAllAsync(
            reader => (reader.GetBoolean(0), reader.GetFieldValue<JsonElement>(1), reader.GetFieldValue<JsonElement>(2)), ct)).Single();
        return new SourceTies(
            isFavorite,
            groups.Deserialize<List<NamedGroup>>()!,
            position is { } center
                ? ReadNearbySources.Within(center, nearDegrees, near.EnumerateArray().Select(row => (row.GetProperty("id").GetString()!, row.GetProperty("ra").GetDouble(), row.GetProperty("dec").GetDouble())))
                : []);
    }
}
