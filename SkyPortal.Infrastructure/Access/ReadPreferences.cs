using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Reads one of the viewer's own preferences in one statement.</summary>
public sealed class ReadPreferences(Contexts contexts)
{
    // Index users (id).
    private const string Sql = "select preferences -> @name from users where id = @viewer_user";

    /// <summary>The value of a top-level key; null where the viewer has chosen nothing, or is no user.</summary>
    public async Task<JsonElement?> HandleAsync(Viewer viewer, string name, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("name", name);
        return (await command.ReadAllAsync(reader => reader.Maybe<JsonElement?>(0), ct)).FirstOrDefault();
    }
}
