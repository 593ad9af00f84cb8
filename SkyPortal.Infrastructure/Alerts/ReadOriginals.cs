using System.Runtime.CompilerServices;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>The original packets of a search, one after another.</summary>
public sealed class ReadOriginals(SearchAlerts search, ReadPacket packets)
{
    private const int AtOnce = 50;

    /// <summary>
    /// Every alert of a search in order of time, with its original bytes; null where the packet tells of programmes that the viewer
    /// may not read. No more than a few are held at a time.
    /// </summary>
    public async IAsyncEnumerable<(AlertRow Alert, byte[]? Bytes)> HandleAsync(Viewer viewer, AlertCriteria criteria, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var batch in search.ReadAllAsync(viewer, criteria, ct))
        {
            foreach (var part in batch.Chunk(AtOnce))
            {
                var whole = await packets.WholeAsync(viewer, [.. part.Select(alert => alert.Archived)], ct);
                for (var i = 0; i < part.Length; i++)
                {
                    yield return (part[i], whole[i]);
                }
            }
        }
    }
}
