using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Candidates.Building;

/// <summary>What became of a line.</summary>
public enum DiffKind
{
    Same,
    Removed,
    Added,
}

/// <summary>One line of a comparison.</summary>
public sealed record DiffLine(DiffKind Kind, string Text);

/// <summary>One condition that two texts do not share, or that both have with other values.</summary>
/// <param name="Before">As it was; null where it is new.</param>
/// <param name="After">As it is; null where it went.</param>
public sealed record ClauseChange(string? Before, string? After);

/// <summary>Compares the texts of filters.</summary>
public static class FilterDiff
{
    private const int MostLines = 2_000;

    /// <summary>Line by line, by the longest common subsequence; beyond 2,000 lines all is removed and added.</summary>
    public static IReadOnlyList<DiffLine> Lines(string before, string after)
    {
        var (old, now) = (Split(before), Split(after));
        if (old.Length > MostLines || now.Length > MostLines)
        {
            return [.. old.Select(line => new DiffLine(DiffKind.Removed, line)), .. now.Select(line => new DiffLine(DiffKind.Added, line))];
        }

        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<DiffLine>();
        int a = 0, b = 0;
        while (a < old.Length || b < now.Length)
        {
            if (a < old.Length && b < now.Length && old[a] == now[b])
            {
                lines.Add(new DiffLine(DiffKind.Same, old[a++]));
                b++;
            }
            else if (a < old.Length && (b == now.Length || common[a + 1, b] >= common[a, b + 1]))
            {
                lines.Add(new DiffLine(DiffKind.Removed, old[a++]));
            }
            else
            {
                lines.Add(new DiffLine(DiffKind.Added, now[b++]));
            }
        }

        return lines;
    }

    /// <summary>
    /// The top-level conditions that differ. Their order does not count, since all must hold. Cuts on the same quantity are paired.
    /// </summary>
    /// <exception cref="FilterSyntaxException">A text is not an expression.</exception>
    public static IReadOnlyList<ClauseChange> Clauses(string? before, string? after)
    {
        var old = before is null ? [] : FilterTreeWriter.Clauses(before).ToList();
        var now = after is null ? [] : FilterTreeWriter.Clauses(after).ToList();
        old.RemoveAll(clause => now.Remove(clause));
        var changes = new List<ClauseChange>();
        foreach (var clause in old)
        {
            var partner = QuantityOf(clause) is { } quantity ? now.FindIndex(other => QuantityOf(other) == quantity) : -1;
            changes.Add(new ClauseChange(clause, partner < 0 ? null : now[partner]));
            if (partner >= 0)
            {
                now.RemoveAt(partner);
            }
        }

        changes.AddRange(now.Select(clause => new ClauseChange(null, clause)));
        return changes;
    }

    private static string? QuantityOf(string clause) => FilterTreeReader.Read(clause).Items is [FilterCut cut] ? cut.Quantity : null;

    private static string[] Split(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").Split('\n');
}
