namespace SkyPortal.Domain.Alerts.Watches;

/// <summary>Finds the watched names that an object has: by hash, and by hash of the lengths that watched beginnings have. Immutable.</summary>
public sealed class WatchedNames
{
    private readonly Dictionary<string, List<int>> _whole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _beginnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>>.AlternateLookup<ReadOnlySpan<char>> _byBeginning;
    private readonly int[] _lengths;

    /// <summary>Takes names in; one that ends with a star is the beginning of names.</summary>
    public WatchedNames(IEnumerable<(int Entry, string Name)> names)
    {
        foreach (var (entry, name) in names)
        {
            var (table, key) = name.EndsWith('*') ? (_beginnings, name[..^1]) : (_whole, name);
            if (!table.TryGetValue(key, out var entries))
            {
                table[key] = entries = [];
            }

            entries.Add(entry);
        }

        _byBeginning = _beginnings.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = [.. _beginnings.Keys.Select(name => name.Length).Distinct()];
    }

    /// <summary>Adds every watched name of an object to a list.</summary>
    public void Find(string objId, List<int> found)
    {
        if (_whole.TryGetValue(objId, out var entries))
        {
            found.AddRange(entries);
        }

        foreach (var length in _lengths)
        {
            if (length <= objId.Length && _byBeginning.TryGetValue(objId.AsSpan(0, length), out var some))
            {
                found.AddRange(some);
            }
        }
    }
}
