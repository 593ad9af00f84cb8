using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A taxonomy as it appears on the wire.</summary>
public sealed record TaxonomyRecord(
    int Id, string Name, string Version, DateTime CreatedAt, DateTime Modified, JsonElement Hierarchy, string? Provenance,
    [property: JsonPropertyName("isLatest")] bool IsLatest, JsonElement Groups);

/// <summary>Reads the taxonomies that the viewer may use, in one statement.</summary>
public sealed class ReadTaxonomies(Contexts contexts)
{
    private static readonly string Sql = $"""
        select t.id, t.name, t.version, t.created_at, t.modified, t.hierarchy, t.provenance, t.is_latest, {GroupRecord.JsonList("t.group_ids")}
        from taxonomies t
        where (@id = 0 or t.id = @id) and (@sees_all or t.group_ids && @viewer_groups)
        order by t.id
        """;

    /// <summary>All, or the one with an id where it is not 0.</summary>
    public async Task<List<TaxonomyRecord>> HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("id", id);
        return await command.ReadAllAsync(
            reader => new TaxonomyRecord(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetDateTime(3), reader.GetDateTime(4),
                reader.GetFieldValue<JsonElement>(5), reader.Maybe<string>(6), reader.GetBoolean(7), reader.GetFieldValue<JsonElement>(8)),
            ct);
    }
}
