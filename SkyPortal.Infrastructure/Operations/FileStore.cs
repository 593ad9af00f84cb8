using System.Security.Cryptography;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>
/// Content-addressed files: attachments, thumbnails, packs of packets. A file is written whole and synced before its address
/// is given away, so a row that holds an address never points to half a file. The same bytes are kept once.
/// </summary>
public sealed class FileStore
{
    private readonly string _root;

    /// <summary>Opens or makes a store in a folder.</summary>
    public FileStore(string root)
    {
        _root = Path.GetFullPath(root);
        Directory.CreateDirectory(Path.Combine(_root, "tmp"));
    }

    /// <summary>Keeps bytes and returns their address, the SHA-256 in lower-case hexadecimal.</summary>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var address = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var path = PathOf(address);
        if (File.Exists(path))
        {
            return address;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(_root, "tmp", Guid.NewGuid().ToString("N"));
        await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
        {
            await file.WriteAsync(bytes, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        return address;
    }

    /// <summary>All bytes of a file, or null where there is none.</summary>
    public async Task<byte[]?> GetAsync(string address, CancellationToken ct)
    {
        var path = PathOf(address);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, ct) : null;
    }

    /// <summary>A part of a file, or null where the file is missing or shorter.</summary>
    public async Task<byte[]?> GetAsync(string address, long offset, int length, CancellationToken ct)
    {
        var path = PathOf(address);
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        if (offset < 0 || length < 0 || offset + length > file.Length)
        {
            return null;
        }

        file.Position = offset;
        var bytes = new byte[length];
        await file.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>Reads a part of a file into memory that the caller has; false where the file is missing or shorter.</summary>
    public bool TryRead(string address, long offset, Memory<byte> into)
    {
        var path = PathOf(address);
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        if (offset < 0 || offset + into.Length > RandomAccess.GetLength(file))
        {
            return false;
        }

        for (var done = 0; done < into.Length;)
        {
            var read = RandomAccess.Read(file, into.Span[done..], offset + done);
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }

    private string PathOf(string address)
    {
        if (address.Length != 64 || !address.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException("A file address is 64 lower-case hexadecimal digits.", nameof(address));
        }

        return Path.Combine(_root, address[..2], address[2..4], address);
    }
}
