using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// The picture of a thumbnail: an uploaded file, or a cut-out drawn from its archived packet. A viewer without the packet's
/// streams gets the newest packet of the object that they may read.
/// </summary>
public sealed class DrawThumbnail(Contexts contexts, FileStore files, ReadPacket packets)
{
    private const int KeptPictures = 2_000;

    private readonly PictureCache _cache = new(KeptPictures);

    /// <summary>Bytes of the picture.</summary>
    /// <param name="stretch">How brightness becomes grey; an uploaded picture stays as it is.</param>
    /// <exception cref="Refusal">There is no such picture for this viewer.</exception>
    public async Task<byte[]> HandleAsync(Viewer viewer, long thumbnailId, CutoutStretch stretch, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var thumbnail = await db.Set<Thumbnail>().AsNoTracking()
            .Where(row => row.Id == thumbnailId)
            .Select(row => new { row.ObjId, row.Type, row.Survey, row.FileHash, row.AlertId })
            .SingleOrDefaultAsync(ct)
            ?? throw NotThere(thumbnailId);
        if (thumbnail.FileHash is { } hash)
        {
            return await files.GetAsync(hash, ct) ?? throw NotThere(thumbnailId);
        }

        if (thumbnail.AlertId is not { } alertId || thumbnail.Survey is not { } survey)
        {
            throw NotThere(thumbnailId);
        }

        // ix_alerts_obj_id serves it.
        var archived = await db.Set<Alert>().AsNoTracking()
            .Where(alert => alert.ObjId == thumbnail.ObjId && alert.Survey == survey)
            .OrderByDescending(alert => alert.AlertId == alertId).ThenByDescending(alert => alert.Mjd)
            .Select(alert => new ArchivedPacket(
                alert.Survey, alert.AlertId, alert.Programme, alert.PackHash, alert.PackOffset, alert.PackLength, alert.Framing))
            .FirstOrDefaultAsync(ct)
            ?? throw NotThere(thumbnailId);
        var key = (archived.Survey, archived.AlertId, thumbnail.Type, stretch);
        if (_cache.Find(key) is { } known)
        {
            return known;
        }

        var picture = Cutouts.Draw(await packets.OpenAsync(archived, ct), archived.Survey, thumbnail.Type, stretch) ?? throw NotThere(thumbnailId);
        _cache.Keep(key, picture);
        return picture;
    }

    private static Refusal NotThere(long id) => Refusal.NotFound($"There is no picture of thumbnail {id}.");
}

/// <summary>The pictures that were asked for last. Safe for concurrent use.</summary>
internal sealed class PictureCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Survey, long AlertId, string Type, CutoutStretch Stretch), LinkedListNode<((string, long, string, CutoutStretch) Key, byte[] Picture)>> _byKey = [];
    private readonly LinkedList<((string Survey, long AlertId, string Type, CutoutStretch Stretch) Key, byte[] Picture)> _byUse = [];

    public byte[]? Find((string Survey, long AlertId, string Type, CutoutStretch Stretch) key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Picture;
        }
    }

    public void Keep((string Survey, long AlertId, string Type, CutoutStretch Stretch) key, byte[] picture)
    {
        lock (_gate)
        {
            if (_byKey.ContainsKey(key))
            {
                return;
            }

            _byKey[key] = _byUse.AddFirst((key, picture));
            if (_byUse.Count > capacity)
            {
                _byKey.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }
        }
    }
}
