using System.Text.Json;

namespace SkyPortal.Web.Components.Panels;

/// <summary>Where a panel lies on a grid of <see cref="PanelLayout.Columns"/> columns, all in cells, and how it is shown.</summary>
/// <param name="Height">Height when it is not folded.</param>
public sealed record PanelPlace(string Id, int X, int Y, int Width, int Height, bool IsFolded = false, bool IsHidden = false)
{
    /// <summary>Rows that are enough while it has nothing to show; null while it has. Not kept.</summary>
    public int? EmptyRows { get; init; }

    /// <summary>Rows that it takes now.</summary>
    public int Rows => IsFolded ? PanelLayout.FoldedRows : Math.Min(Height, EmptyRows ?? Height);

    /// <summary>The first row below it.</summary>
    public int Bottom => Y + Rows;

    internal bool IsOver(PanelPlace other) => X < other.X + other.Width && other.X < X + Width;
}

/// <summary>A change of one panel of a layout.</summary>
public sealed record PanelChange(string Id, Func<PanelLayout, PanelLayout> Apply);

/// <summary>
/// Panels on a grid. Every panel rests on what is above it in its columns, so that none overlaps another. A change gives a new
/// layout.
/// </summary>
public sealed class PanelLayout
{
    /// <summary>Columns of the grid.</summary>
    public const int Columns = 12;

    /// <summary>Rows of a folded panel.</summary>
    public const int FoldedRows = 2;

    private const int MinWidth = 3;
    private const int MinHeight = 4;
    private const int MaxHeight = 60;

    // A panel that was never placed comes below all that were.
    private const int Unplaced = 10_000;

    private readonly List<PanelPlace> _places;

    private PanelLayout(IEnumerable<PanelPlace> places, string? first = null) => _places = Settle([.. places], first);

    /// <summary>All panels, in the order in which they are read: downwards, then to the right; hidden ones last.</summary>
    public IReadOnlyList<PanelPlace> Places => _places;

    /// <summary>The layout that a person kept, over the one that everybody starts with.</summary>
    /// <param name="start">Places at the start; only the column counts, and panels of one column keep their order.</param>
    /// <param name="kept">What <see cref="ToJson"/> gave; whatever in it is not understood is left out.</param>
    public static PanelLayout Of(IEnumerable<PanelPlace> start, JsonElement? kept) =>
        new(start.Select((place, index) => Kept(place, kept) ?? place with { Y = Unplaced + (index * MaxHeight) }));

    /// <summary>The place of a panel.</summary>
    public PanelPlace this[string id] => _places.Single(place => place.Id == id);

    /// <summary>
    /// Puts a panel at a cell. Where another one lies there, the panel comes before it when the cell is in its upper half, and
    /// after it otherwise.
    /// </summary>
    public PanelLayout Move(string id, int x, int y)
    {
        var moved = this[id];
        moved = moved with { X = Math.Clamp(x, 0, Columns - moved.Width), Y = Math.Max(0, y) };
        var under = _places.FirstOrDefault(other => other.Id != id && !other.IsHidden && other.IsOver(moved) && other.Y <= moved.Y && moved.Y < other.Bottom);
        return With(moved with { Y = under is null ? moved.Y : moved.Y < under.Y + ((under.Rows + 1) / 2) ? under.Y : under.Bottom }, first: true);
    }

    /// <summary>Moves a panel past its neighbour above (-1) or below (1).</summary>
    public PanelLayout MoveBy(string id, int step)
    {
        var moved = this[id];
        var neighbours = _places.Where(other => other.Id != id && !other.IsHidden && other.IsOver(moved));
        return step < 0
            ? neighbours.Where(other => other.Y < moved.Y).MaxBy(other => other.Y) is { } above ? With(moved with { Y = above.Y }, first: true) : this
            : neighbours.Where(other => other.Y > moved.Y).MinBy(other => other.Y) is { } below ? With(moved with { Y = below.Bottom }, first: false) : this;
    }

    /// <summary>Moves a panel to the next edge on its left (-1) or right (1): an edge of another panel or of the grid.</summary>
    public PanelLayout MoveAside(string id, int step)
    {
        var moved = this[id];
        var edges = _places.Where(other => other.Id != id && !other.IsHidden).SelectMany(other => new[] { other.X, other.X + other.Width })
            .Append(0).Append(Columns - moved.Width)
            .Where(edge => edge <= Columns - moved.Width && (edge - moved.X) * step > 0).ToList();
        return edges.Count == 0 ? this : With(moved with { X = step < 0 ? edges.Max() : edges.Min() }, first: true);
    }

    /// <summary>Gives a panel a width in columns and a height in rows; what is out of bounds is brought into them.</summary>
    public PanelLayout Resize(string id, int width, int height)
    {
        var place = this[id];
        width = Math.Clamp(width, MinWidth, Columns);
        return With(place with { Width = width, X = Math.Min(place.X, Columns - width), Height = Math.Clamp(height, MinHeight, MaxHeight) }, first: true);
    }

    /// <summary>Folds a panel to its title, or unfolds it.</summary>
    public PanelLayout Fold(string id, bool isFolded) => With(this[id] with { IsFolded = isFolded }, first: true);

    /// <summary>Hides a panel, or shows it where it was, unfolded.</summary>
    public PanelLayout Hide(string id, bool isHidden)
    {
        var place = this[id];
        return With(place with { IsHidden = isHidden, IsFolded = isHidden && place.IsFolded }, first: true);
    }

    /// <summary>Panels that have nothing to show take no more room than that needs.</summary>
    /// <param name="empty">Rows that are enough for each of them, by id.</param>
    public PanelLayout Shrink(IReadOnlyDictionary<string, int> empty)
    {
        int? Enough(PanelPlace place) => empty.TryGetValue(place.Id, out var rows) ? rows : null;
        return _places.All(place => place.EmptyRows == Enough(place)) ? this : new(_places.Select(place => place with { EmptyRows = Enough(place) }));
    }

    /// <summary>What is kept of it.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(_places.ToDictionary(
        place => place.Id,
        place => new { x = place.X, y = place.Y, width = place.Width, height = place.Height, folded = place.IsFolded, hidden = place.IsHidden }));

    private PanelLayout With(PanelPlace changed, bool first) =>
        new(_places.Select(place => place.Id == changed.Id ? changed : place), first ? changed.Id : null);

    private static PanelPlace? Kept(PanelPlace start, JsonElement? kept)
    {
        if (kept is not { ValueKind: JsonValueKind.Object } all || !all.TryGetProperty(start.Id, out var one) || one.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var width = Math.Clamp(Number("width") ?? start.Width, MinWidth, Columns);
        return new PanelPlace(
            start.Id,
            Math.Clamp(Number("x") ?? start.X, 0, Columns - width),
            Math.Clamp(Number("y") ?? Unplaced, 0, Unplaced),
            width,
            Math.Clamp(Number("height") ?? start.Height, MinHeight, MaxHeight),
            Flag("folded"),
            Flag("hidden"));

        int? Number(string name) => one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
        bool Flag(string name) => one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
    }

    private static List<PanelPlace> Settle(List<PanelPlace> places, string? first)
    {
        var settled = new List<PanelPlace>(places.Count);
        foreach (var place in places.Where(place => !place.IsHidden).OrderBy(place => place.Y).ThenBy(place => place.Id != first).ThenBy(place => place.X))
        {
            settled.Add(place with { Y = settled.Where(place.IsOver).Select(other => other.Bottom).Append(0).Max() });
        }

        return [.. settled.OrderBy(place => place.Y).ThenBy(place => place.X), .. places.Where(place => place.IsHidden)];
    }
}
