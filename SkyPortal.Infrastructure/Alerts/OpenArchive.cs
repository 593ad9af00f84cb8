using Microsoft.Extensions.Configuration;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// Whether people who are not signed in may search the archive, and what they may read: the streams that the setting
/// Alerts:PublicStreams names, with commas between. Where it names none, which is usual, they may not.
/// </summary>
public sealed class OpenArchive(Contexts contexts, IConfiguration? configuration)
{
    private readonly string[] _names = configuration?["Alerts:PublicStreams"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Nobody, with the public streams and nothing else; null where the archive is not open.</summary>
    public async Task<Viewer?> HandleAsync(CancellationToken ct)
    {
        if (_names.Length == 0)
        {
            return null;
        }

        await using var command = contexts.DataSource.CreateCommand("select id from streams where name = any(@names) order by id").With("names", _names);
        var ids = await command.ReadAllAsync(reader => reader.GetInt32(0), ct);
        return ids.Count == 0 ? null : Viewer.Nobody with { StreamIds = [.. ids] };
    }
}
