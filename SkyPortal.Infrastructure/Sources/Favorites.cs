using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// A person's own words on a favourite. They lie in the params of the list's entry as <c>{"words": [..]}</c>, so that nobody else
/// reads them and they go with the star.
/// </summary>
public static class FavoriteWords
{
    /// <summary>The list behind the star.</summary>
    public const string ListName = "favorites";

    /// <summary>Most words on one favourite.</summary>
    public const int Most = 20;

    /// <summary>Longest word, characters.</summary>
    public const int Longest = 40;

    /// <summary>The words of an entry's params.</summary>
    public static IReadOnlyList<string> Of(JsonElement? parameters) =>
        parameters is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("words", out var words) && words.ValueKind == JsonValueKind.Array
            ? [.. words.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!)]
            : [];

    /// <summary>The params of an entry with other words.</summary>
    public static JsonElement With(JsonElement? parameters, IEnumerable<string> words)
    {
        var fields = parameters is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject().ToDictionary(field => field.Name, field => field.Value) : [];
        fields["words"] = JsonSerializer.SerializeToElement(words);
        return JsonSerializer.SerializeToElement(fields);
    }

    /// <summary>Words as they are typed, between commas: trimmed, each once whatever its case.</summary>
    public static IReadOnlyList<string> Parse(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    internal static void Check(JsonElement? parameters)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty("words", out var words))
        {
            return;
        }

        var known = Of(parameters);
        if (words.ValueKind != JsonValueKind.Array || known.Count != words.GetArrayLength() || known.Count > Most || known.Any(word => string.IsNullOrWhiteSpace(word) || word.Length > Longest))
        {
            throw Refusal.Invalid($"`words` of a favourite must be up to {Most} texts of 1 to {Longest} characters");
        }
    }
}

/// <summary>A favourite: the object with its groups, classes, statistics and tags, and the person's own words on it.</summary>
/// <param name="Since">UTC.</param>
public sealed record Favorite(ObjRecord Obj, ListingRecord Entry, IReadOnlyList<string> Words, DateTime Since);

/// <summary>By what favourites are sorted.</summary>
public enum FavoriteSort
{
    Since,
    Name,
    Ra,
    Redshift,
}

/// <summary>Which favourites are asked for.</summary>
/// <param name="Text">Part of a name, a TNS name or another name, whatever its case; null for any.</param>
/// <param name="Word">One of the person's words, whatever its case; null for any.</param>
public sealed record FavoriteCriteria(string? Text, string? Word, FavoriteSort Sort, bool Ascending, int PageNumber, int NumPerPage);

/// <summary>A page of favourites.</summary>
/// <param name="Words">All words of the person with how many favourites each is on.</param>
public sealed record FavoritePage(IReadOnlyList<Favorite> Favorites, int TotalMatches, int Count, IReadOnlyList<(string Word, int Count)> Words);

/// <summary>Reads the viewer's favourites.</summary>
public sealed class ReadFavorites(
    ReadListings listings, ReadObjs objs, ReadObjGroups groups, ReadObjClassifications classifications, ReadPhotStats stats, ReadObjTags tags)
{
    /// <summary>A page of those that the viewer still sees. Six statements at most.</summary>
    public async Task<FavoritePage> HandleAsync(Viewer viewer, FavoriteCriteria criteria, CancellationToken ct)
    {
        var entries = await listings.HandleAsync(viewer, null, FavoriteWords.ListName, ct);
        var words = entries.SelectMany(entry => FavoriteWords.Of(entry.Params)).GroupBy(word => word, StringComparer.OrdinalIgnoreCase)
            .Select(alike => (alike.Key, alike.Count())).OrderBy(word => word.Key, StringComparer.OrdinalIgnoreCase).ToList();
        var wanted = entries.Where(entry => criteria.Word is null || FavoriteWords.Of(entry.Params).Contains(criteria.Word, StringComparer.OrdinalIgnoreCase)).ToList();
        var known = await objs.ForAsync(viewer, [.. wanted.Select(entry => entry.ObjId)], ct);
        var found = wanted.Where(entry => known.ContainsKey(entry.ObjId))
            .Select(entry => new Favorite(known[entry.ObjId], entry, FavoriteWords.Of(entry.Params), entry.CreatedAt))
            .Where(favorite => criteria.Text is null || Names(favorite.Obj).Any(name => name.Contains(criteria.Text, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        var page = Sorted(found, criteria).Skip((criteria.PageNumber - 1) * criteria.NumPerPage).Take(criteria.NumPerPage).ToList();
        string[] ids = [.. page.Select(favorite => favorite.Obj.Id)];
        if (ids.Length > 0)
        {
            var (saved, classes, light) = (await groups.ForAsync(viewer, ids, SaveKind.Active, ct), await classifications.ForAsync(viewer, ids, withDetails: false, ct), await stats.ForAsync(viewer, ids, ct));
            await tags.AddToAsync(viewer, [.. page.Select(favorite => favorite.Obj)], ct);
            page.ForEach(favorite => favorite.Obj
                .With("groups", saved[favorite.Obj.Id].ToList())
                .With("classifications", classes[favorite.Obj.Id].ToList())
                .With("photstats", light.TryGetValue(favorite.Obj.Id, out var stat) ? new[] { stat } : []));
        }

        return new FavoritePage(page, found.Count, entries.Count, words);
    }

    private static IEnumerable<string> Names(ObjRecord obj) => [obj.Id, .. obj.TnsName is { } tns ? new[] { tns } : [], .. obj.Alias ?? []];

    private static IEnumerable<Favorite> Sorted(IEnumerable<Favorite> found, FavoriteCriteria criteria)
    {
        IOrderedEnumerable<Favorite> By<T>(Func<Favorite, T> key, IComparer<T>? comparer = null) => criteria.Ascending ? found.OrderBy(key, comparer) : found.OrderByDescending(key, comparer);
        IOrderedEnumerable<Favorite> Numbers(Func<Favorite, double?> key) => criteria.Ascending
            ? found.OrderBy(favorite => key(favorite) is null).ThenBy(key)
            : found.OrderBy(favorite => key(favorite) is null).ThenByDescending(key);
        var sorted = criteria.Sort switch
        {
            FavoriteSort.Name => By(favorite => favorite.Obj.Id, StringComparer.OrdinalIgnoreCase),
            FavoriteSort.Ra => Numbers(favorite => favorite.Obj.Ra),
            FavoriteSort.Redshift => Numbers(favorite => favorite.Obj.Redshift),
            _ => By(favorite => favorite.Since),
        };
        return sorted.ThenBy(favorite => favorite.Obj.Id, StringComparer.Ordinal);
    }
}
