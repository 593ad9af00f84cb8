using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Keeps the names of listings that clients page through, for six hours: every page of them costs the same, and saves made
/// meanwhile move nothing. The name of a listing tells the viewer and the rights under which it was found, too. A node knows its own.
/// </summary>
public sealed class SourceListings(Contexts contexts)
{
    private const int MostNames = 3_000_000;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(360);
    private readonly ConcurrentDictionary<string, (string[] ObjIds, DateTimeOffset At)> _kept = new();

    internal string KeyOf(SourceSql sql) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sql.Order}\n{sql.Conditions.Key}")));

    internal string[]? Find(string key) => _kept.TryGetValue(key, out var kept) && contexts.Clock.GetUtcNow() - kept.At < Life ? kept.ObjIds : null;

    internal string[] Keep(string key, string[] objIds)
    {
        var now = contexts.Clock.GetUtcNow();
        foreach (var (old, _) in _kept.Where(kept => now - kept.Value.At >= Life))
        {
            _kept.TryRemove(old, out _);
        }

        while (!_kept.IsEmpty && _kept.Values.Sum(kept => (long)kept.ObjIds.Length) + objIds.Length > MostNames
            && _kept.MinBy(kept => kept.Value.At) is { Key: not null } oldest)
        {
            _kept.TryRemove(oldest.Key, out _);
        }

        _kept[key] = (objIds, now);
        return objIds;
    }
}
