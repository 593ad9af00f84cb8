using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>
/// How far the night is, as one page knows it: what was counted last, and what the cards of this page have become since. A count over
/// the window costs more than a page of cards, so that it is taken now and then; what the viewer does shows at once.
/// </summary>
public sealed class ScanTally
{
    private readonly Dictionary<string, (Marks Then, Marks Now)> _cards = [];
    private ScanProgress? _counted;

    private readonly record struct Marks(bool Seen, bool SeenByAny, bool Saved, bool Rejected)
    {
        public bool IsLeft => !Seen && !Saved && !Rejected;
    }

    /// <summary>The count with the changes; null before the first count.</summary>
    public ScanProgress? Progress => _counted is not { } counted ? null : counted with
    {
        Seen = counted.Seen + Change(marks => marks.Seen),
        SeenByGroup = counted.SeenByGroup + Change(marks => marks.SeenByAny),
        Saved = counted.Saved + Change(marks => marks.Saved),
        Rejected = counted.Rejected + Change(marks => marks.Rejected),
        Left = counted.Left + Change(marks => marks.IsLeft),
    };

    /// <summary>Takes a new count, of which the cards that are shown are part as they are now.</summary>
    public void Take(ScanProgress counted, ScanList list, IEnumerable<ScanCard> shown)
    {
        var seen = _cards.Where(card => card.Value.Now.Seen).Select(card => card.Key).ToHashSet();
        _counted = counted;
        _cards.Clear();
        foreach (var card in shown)
        {
            var now = Of(card, list, seen.Contains(card.Obj.Id));
            _cards[card.Obj.Id] = (now, now);
        }
    }

    /// <summary>Notes what a card tells now; the first time, that the count already had it so.</summary>
    public void Note(ScanCard card, ScanList list)
    {
        var isKnown = _cards.TryGetValue(card.Obj.Id, out var known);
        var now = Of(card, list, isKnown && known.Now.Seen);
        _cards[card.Obj.Id] = (isKnown ? known.Then : now, now);
    }

    /// <summary>Notes that the viewer has looked at objects whose cards are known.</summary>
    public void Seen(IEnumerable<string> objIds)
    {
        foreach (var id in objIds)
        {
            if (_cards.TryGetValue(id, out var known))
            {
                _cards[id] = (known.Then, known.Now with { Seen = true, SeenByAny = true });
            }
        }
    }

    // A card may have been read before the viewer looked at it.
    private static Marks Of(ScanCard card, ScanList list, bool isSeen) => new(
        isSeen || card.Marks.SeenAt is not null,
        isSeen || card.Marks.SeenAt is not null || card.Marks.SeenBy.Length > 0,
        card.Saves.Any(save => list.GroupIds.Contains(save.Id)),
        card.Marks.IsRejected);

    private int Change(Func<Marks, bool> has) => _cards.Values.Sum(card => (has(card.Now) ? 1 : 0) - (has(card.Then) ? 1 : 0));
}
