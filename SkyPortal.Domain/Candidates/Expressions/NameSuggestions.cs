namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Finds the known names that someone may have meant.</summary>
internal static class NameSuggestions
{
    private const int LongestName = 64;

    /// <summary>Known names within a third of the name's length in edits, closest first; case does not count.</summary>
    public static IEnumerable<string> Closest(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestName)
        {
            return [];
        }

        var allowed = Math.Max(1, name.Length / 3);
        return known
            .Distinct(StringComparer.Ordinal)
            .Select(candidate => (Name: candidate, Edits: Edits(name, candidate)))
            .Where(candidate => candidate.Edits <= allowed)
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name);
    }

    /// <summary>Levenshtein distance, with swapped neighbours as one edit.</summary>
    private static int Edits(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var same = Same(left[i - 1], right[j - 1]);
                var edits = Math.Min(table[i - 1, j - 1] + (same ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    edits = Math.Min(edits, table[i - 2, j - 2] + 1);
                }

                table[i, j] = edits;
            }
        }

        return table[left.Length, right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
