using System.Collections.Frozen;
using System.Text;

namespace SkyPortal.Domain.Discussion;

/// <summary>A class that fits what a person typed.</summary>
/// <param name="Class">The class name.</param>
/// <param name="ShortKey">At most three characters that put this class first; null only in taxonomies with more classes than keys.</param>
/// <param name="Path">The classes from below the root down to this one.</param>
/// <param name="MatchedName">The name or synonym that fitted.</param>
public sealed record ClassMatch(string Class, string? ShortKey, IReadOnlyList<string> Path, string MatchedName);

/// <summary>
/// Type-ahead over the classes of a taxonomy. Only letters and digits count, and case does not: <c>snia</c>, <c>SN Ia</c>
/// and <c>ia</c> all lead to Ia. Every class has a short key of at most three characters, so three keystrokes and Enter
/// reach any of them. The keys depend on the tree alone, so they are the same on every page and after every start.
/// Immutable; safe for many threads.
/// </summary>
public sealed class ClassSearch
{
    private const int KeyLength = 3;
    private const int MaximumPickedLength = 24;
    private const string KeyAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private readonly Entry[] _entries;
    private readonly FrozenDictionary<string, string> _keys;

    /// <summary>Prepares the search; about a millisecond for a few hundred classes.</summary>
    public ClassSearch(TaxonomyNode root)
    {
        _entries = Collect(root);
        _keys = AssignKeys(_entries).ToFrozenDictionary(StringComparer.Ordinal);
    }

    private enum Fit
    {
        ShortKey,
        WholeName,
        WholeSynonym,
        NamePrefix,
        Initials,
        SynonymPrefix,
        WordPrefix,
        SynonymWordPrefix,
        NameLetters,
        SynonymLetters,
        None,
    }

    /// <summary>The short key of each class, in lower case.</summary>
    public IReadOnlyDictionary<string, string> ShortKeys => _keys;

    /// <summary>The classes that fit, best first. Each class appears once, wherever it stands in the tree.</summary>
    /// <param name="typed">What was typed; blank gives the classes in the order of the tree.</param>
    /// <param name="limit">Most matches to give, at least 1.</param>
    public IReadOnlyList<ClassMatch> Find(string? typed, int limit = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var wanted = Fold(typed ?? "");
        if (wanted.Length == 0)
        {
            return [.. _entries.Take(limit).Select(e => Match(e, e.Class))];
        }

        return
        [
            .. _entries
                .Select((entry, order) => (entry, order, best: Best(entry, wanted)))
                .Where(c => c.best.Fit != Fit.None)
                .OrderBy(c => c.best.Fit)
                .ThenBy(c => c.best.Length)
                .ThenBy(c => c.order)
                .Take(limit)
                .Select(c => Match(c.entry, c.best.Name)),
        ];
    }

    private static Entry[] Collect(TaxonomyNode root)
    {
        var entries = new List<Entry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        void Visit(TaxonomyNode node, IReadOnlyList<string> path)
        {
            if (seen.Add(node.Class))
            {
                entries.Add(new Entry(node.Class, path, Name.Of(node.Class), [.. node.OtherNames.Select(Name.Of)]));
            }

            foreach (var child in node.Subclasses)
            {
                Visit(child, [.. path, child.Class]);
            }
        }

        Visit(root, []);
        return [.. entries];
    }

    // Natural keys first, for all classes, before less natural ones for any: a whole name outranks a synonym, which
    // outranks a beginning, and so on. Letters picked out of a name may not take the beginning of another's name.
    private static Dictionary<string, string> AssignKeys(Entry[] entries)
    {
        var keyOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var beginnings = entries
            .SelectMany(e => e.Synonyms.Append(e.Name))
            .SelectMany(n => Enumerable.Range(1, Math.Min(KeyLength, n.Folded.Length)).Select(l => n.Folded[..l]))
            .ToHashSet(StringComparer.Ordinal);
        using var arbitrary = Arbitrary().GetEnumerator();
        Func<Entry, IEnumerable<string>>[] rounds =
        [
            e => [e.Name.Folded],
            e => e.Synonyms.Select(s => s.Folded),
            e => e.Name.Initials.Length > 1 ? [e.Name.Initials] : [],
            e => Beginnings(e.Name),
            e => Picked(e.Name.Folded).Where(k => !beginnings.Contains(k)),
            e => e.Synonyms.Where(s => s.Initials.Length > 1).Select(s => s.Initials),
            e => e.Synonyms.SelectMany(Beginnings),
            e => e.Synonyms.SelectMany(s => Picked(s.Folded)).Where(k => !beginnings.Contains(k)),
            _ => Rest(arbitrary),
        ];
        foreach (var candidates in rounds)
        {
            foreach (var entry in entries.Where(e => !keyOf.ContainsKey(e.Class)))
            {
                var key = candidates(entry).FirstOrDefault(k => IsKey(k) && !taken.Contains(k));
                if (key is not null)
                {
                    taken.Add(key);
                    keyOf.Add(entry.Class, key);
                }
            }
        }

        return keyOf;
    }

    private static bool IsKey(string text) =>
        text.Length is > 0 and <= KeyLength && text.All(c => KeyAlphabet.Contains(c, StringComparison.Ordinal));

    private static IEnumerable<string> Beginnings(Name name) =>
        Enumerable.Range(2, KeyLength - 1).Where(l => l <= name.Folded.Length).Select(l => name.Folded[..l]);

    private static IEnumerable<string> Picked(string folded)
    {
        var length = Math.Min(folded.Length, MaximumPickedLength);
        for (var second = 1; second < length; second++)
        {
            for (var third = second + 1; third < length; third++)
            {
                yield return $"{folded[0]}{folded[second]}{folded[third]}";
            }
        }
    }

    // Shared by all classes that need one: a key passed over once is taken for good.
    private static IEnumerable<string> Rest(IEnumerator<string> keys)
    {
        while (keys.MoveNext())
        {
            yield return keys.Current;
        }
    }

    private static IEnumerable<string> Arbitrary() =>
        from first in KeyAlphabet
        from second in KeyAlphabet.Reverse()
        from third in KeyAlphabet.Reverse()
        select $"{first}{second}{third}";

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                folded.Append(char.ToLowerInvariant(c));
            }
        }

        return folded.ToString();
    }

    private static bool HasInOrder(string text, string letters)
    {
        var at = 0;
        foreach (var c in text)
        {
            if (at < letters.Length && c == letters[at])
            {
                at++;
            }
        }

        return at == letters.Length;
    }

    private ClassMatch Match(Entry entry, string name) =>
        new(entry.Class, _keys.GetValueOrDefault(entry.Class), entry.Path, name);

    private (Fit Fit, int Length, string Name) Best(Entry entry, string wanted)
    {
        var best = (Fit: FitOfName(entry.Name, wanted), entry.Name.Folded.Length, Name: entry.Class);
        if (_keys.GetValueOrDefault(entry.Class) == wanted)
        {
            best.Fit = Fit.ShortKey;
        }

        foreach (var synonym in entry.Synonyms)
        {
            var fit = FitOfSynonym(synonym, wanted);
            if (fit < best.Fit)
            {
                best = (fit, synonym.Folded.Length, synonym.Text);
            }
        }

        return best;
    }

    private static Fit FitOfName(Name name, string wanted) =>
        name.Folded == wanted ? Fit.WholeName
        : name.Folded.StartsWith(wanted, StringComparison.Ordinal) ? Fit.NamePrefix
        : name.Initials == wanted ? Fit.Initials
        : name.Words.Any(w => w.StartsWith(wanted, StringComparison.Ordinal)) ? Fit.WordPrefix
        : HasInOrder(name.Folded, wanted) ? Fit.NameLetters
        : Fit.None;

    private static Fit FitOfSynonym(Name name, string wanted) =>
        name.Folded == wanted ? Fit.WholeSynonym
        : name.Folded.StartsWith(wanted, StringComparison.Ordinal) ? Fit.SynonymPrefix
        : name.Initials == wanted ? Fit.Initials
        : name.Words.Any(w => w.StartsWith(wanted, StringComparison.Ordinal)) ? Fit.SynonymWordPrefix
        : HasInOrder(name.Folded, wanted) ? Fit.SynonymLetters
        : Fit.None;

    private sealed record Name(string Text, string Folded, string Initials, string[] Words)
    {
        public static Name Of(string text)
        {
            var words = text
                .Split([' ', '-', '/', '.', '(', ')', '+', '_'], StringSplitOptions.RemoveEmptyEntries)
                .Select(Fold)
                .Where(w => w.Length > 0)
                .ToArray();
            return new Name(text, Fold(text), string.Concat(words.Select(w => w[0])), words);
        }
    }

    private sealed record Entry(string Class, IReadOnlyList<string> Path, Name Name, Name[] Synonyms);
}
