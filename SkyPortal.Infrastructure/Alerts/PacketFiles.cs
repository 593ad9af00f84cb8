using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Packets from disk: single files, folders of them, and tarballs as the surveys publish them for each night.</summary>
public static class PacketFiles
{
    private const string PacketEnding = ".avro";

    private static readonly int LargestPacketBytes = AvroLimits.Default.MaxInputBytes;

    /// <summary>
    /// Packets below some paths: files as they are, folders with all their .avro files and tarballs in the order of their names.
    /// What cannot be read comes as a packet with a fault.
    /// </summary>
    public static async IAsyncEnumerable<AlertPacket> ReadAsync(IEnumerable<string> paths, [EnumeratorCancellation] CancellationToken ct = default)
    {
        foreach (var path in paths.SelectMany(Expand))
        {
            if (IsTarball(path))
            {
                await foreach (var packet in ReadTarballAsync(path, ct))
                {
                    yield return packet;
                }
            }
            else
            {
                yield return await ReadFileAsync(path, ct);
            }
        }
    }

    private static IEnumerable<string> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(PacketEnding, StringComparison.OrdinalIgnoreCase) || IsTarball(file))
            .Order(StringComparer.Ordinal)
        : [path];

    private static bool IsTarball(string path) =>
        path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    private static async Task<AlertPacket> ReadFileAsync(string path, CancellationToken ct)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length > LargestPacketBytes ? TooLarge(path, length) : new AlertPacket(path, await File.ReadAllBytesAsync(path, ct));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new AlertPacket(path, default, $"It cannot be read: {error.Message}");
        }
    }

    private static async IAsyncEnumerable<AlertPacket> ReadTarballAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var plain = path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? (Stream)file : new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(plain);
        while (true)
        {
            var (packet, isLast) = await NextAsync(tar, path, ct);
            if (packet is not null)
            {
                yield return packet;
            }

            if (isLast)
            {
                yield break;
            }
        }
    }

    /// <summary>The next packet; null where the entry is none. After a damaged place nothing of the tarball can be read.</summary>
    private static async Task<(AlertPacket? Packet, bool IsLast)> NextAsync(TarReader tar, string path, CancellationToken ct)
    {
        try
        {
            if (await tar.GetNextEntryAsync(copyData: false, ct) is not { } entry)
            {
                return (null, true);
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                || !entry.Name.EndsWith(PacketEnding, StringComparison.OrdinalIgnoreCase))
            {
                return (null, false);
            }

            var name = $"{path}:{entry.Name}";
            if (entry.Length > LargestPacketBytes)
            {
                return (TooLarge(name, entry.Length), false);
            }

            var bytes = new byte[entry.Length];
            if (entry.DataStream is { } data)
            {
                await data.ReadExactlyAsync(bytes, ct);
            }

            return (new AlertPacket(name, bytes), false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException or ArgumentException)
        {
            return (new AlertPacket(path, default, $"The tarball is damaged, what follows in it cannot be read: {error.Message}"), true);
        }
    }

    private static AlertPacket TooLarge(string name, long bytes) =>
        new(name, default, $"It has {bytes} bytes; a packet has at most {LargestPacketBytes}.");
}
