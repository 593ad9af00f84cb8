using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Counts uploaded pictures. The store keeps every file at the place that its content says, so that none can lie in a wrong folder.
/// </summary>
public sealed class CountThumbnailFiles(Contexts contexts)
{
    /// <summary>How many pictures of some types have a file.</summary>
    public async Task<int> HandleAsync(Viewer viewer, IReadOnlyCollection<string> types, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Thumbnail>().CountAsync(picture => picture.FileHash != null && types.Contains(picture.Type), ct);
    }
}
