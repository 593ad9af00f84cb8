using System.Collections.Concurrent;
using System.Globalization;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Schemas from files on disk, one folder per version: <c>lsst-v9_0/*.avsc</c>, or <c>9/0/*.avsc</c> as in Rubin's own
/// repository. Rubin's id of version major.minor is 100 major + minor. Each folder is read once.
/// </summary>
/// <param name="root">Folder that holds the versions' folders.</param>
/// <param name="survey">What the folders' names begin with.</param>
public sealed class FolderSchemaRegistry(string root, string survey = "lsst") : IAvroSchemaRegistry
{
    private readonly ConcurrentDictionary<int, AvroSchema> _schemas = new();

    /// <inheritdoc/>
    /// <exception cref="PacketFormatException">The folder's files are not a valid schema.</exception>
    public async ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellation = default)
    {
        if (_schemas.TryGetValue(id, out var known))
        {
            return known;
        }

        if (id < 0 || FolderOf(id) is not { } folder)
        {
            return null;
        }

        var files = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.avsc").Order(StringComparer.Ordinal))
        {
            files.Add(await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false));
        }

        return files.Count == 0 ? null : _schemas.GetOrAdd(id, AvroSchema.ParseAll(files));
    }

    private string? FolderOf(int id)
    {
        var (major, minor) = Math.DivRem(id, 100);
        string[] candidates =
        [
            Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{survey}-v{major}_{minor}")),
            Path.Combine(root, major.ToString(CultureInfo.InvariantCulture), minor.ToString(CultureInfo.InvariantCulture)),
        ];
        return Array.Find(candidates, Directory.Exists);
    }
}
