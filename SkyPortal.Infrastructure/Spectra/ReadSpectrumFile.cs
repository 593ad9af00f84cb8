using System.Globalization;
using System.IO.Compression;
using System.Text;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Reads the files from which spectra were read, byte for byte.</summary>
public sealed class ReadSpectrumFile(Contexts contexts, FileStore files)
{
    // Index spectra (obj_id, observed_at), or the primary key.
    private const string Sql = $"""
        select s.id, s.original_file_filename, s.original_file_hash
        from spectra s join objs o on o.id = s.obj_id
        where {SpectrumAccess.Sees} and s.original_file_hash is not null and (s.id = @id or s.obj_id = @obj)
        order by s.observed_at, s.id
        """;

    /// <summary>The file of a spectrum; null where the spectrum is missing or hidden, or came without a file.</summary>
    public async Task<SpectrumFile?> HandleAsync(Viewer viewer, long id, CancellationToken ct) =>
        await RowsAsync(viewer, id, "", ct) is [var row] && await files.GetAsync(row.Hash, ct) is { } bytes ? new SpectrumFile(row.Name, bytes) : null;

    /// <summary>The text of a file as replies carry it; null where there is none, or where it is not text.</summary>
    public async Task<string?> TextAsync(string? hash, CancellationToken ct)
    {
        if (hash is null || await files.GetAsync(hash, ct) is not { } bytes || bytes.AsSpan().Contains((byte)0))
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>
    /// The files of an object's spectra as a ZIP archive, at its start; names begin with the id of the spectrum. The caller disposes
    /// it, and with it the temporary file that it is.
    /// </summary>
    /// <exception cref="Refusal">The viewer sees no such object, or none of its spectra came with a file.</exception>
    public async Task<Stream> OfObjectAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        var rows = await RowsAsync(viewer, 0, objId, ct);
        if (rows.Count == 0)
        {
            throw Refusal.NotFound($"No spectrum of {objId} with an original file.");
        }

        var path = Path.Combine(Path.GetTempPath(), $"spectra-{Guid.NewGuid():N}.zip");
        var target = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            await using (var archive = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct))
            {
                foreach (var (id, name, hash) in rows)
                {
                    if (await files.GetAsync(hash, ct) is { } bytes)
                    {
                        await using var entry = await archive.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"{id}-{name}"), CompressionLevel.Fastest).OpenAsync(ct);
                        await entry.WriteAsync(bytes, ct);
                    }
                }
            }

            target.Position = 0;
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    private async Task<List<(long Id, string Name, string Hash)>> RowsAsync(Viewer viewer, long id, string objId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("id", id).With("obj", objId);
        return await command.ReadAllAsync(reader => (reader.GetInt64(0), reader.Maybe<string>(1) is { Length: > 0 } name ? name : "spectrum", reader.GetString(2)), ct);
    }
}
