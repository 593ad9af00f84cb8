using System.Runtime.InteropServices;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A save as the order of saves knows it.</summary>
/// <param name="SavedAtTicks">Ticks, UTC.</param>
internal readonly record struct OrderedSave(long Id, int GroupId, long SavedAtTicks, bool Active, bool Requested);

/// <summary>A place in the order of saves: newer saves have greater places.</summary>
internal readonly record struct SavePlace(long SavedAtTicks, long Id) : IComparable<SavePlace>
{
    public int CompareTo(SavePlace other) =>
        SavedAtTicks == other.SavedAtTicks ? Id.CompareTo(other.Id) : SavedAtTicks.CompareTo(other.SavedAtTicks);
}

/// <summary>Which saves count: of some groups, or of all where these are null.</summary>
internal sealed record SaveScope(string Key, HashSet<int>? GroupIds, SaveKind Kind)
{
    public static SaveScope Of(IEnumerable<int>? groupIds, SaveKind kind)
    {
        var groups = groupIds?.Distinct().Order().ToArray();
        return new SaveScope($"{(int)kind} {(groups is null ? "*" : string.Join(',', groups))}", groups?.ToHashSet(), kind);
    }

    public bool Holds(int groupId, bool active, bool requested) =>
        (Kind switch { SaveKind.Active => active, SaveKind.Requested => requested, _ => active || requested })
        && (GroupIds is null || GroupIds.Contains(groupId));
}

/// <summary>One page of an order.</summary>
/// <param name="Total">Objects of the scope and window.</param>
/// <param name="Last">Place of the last object of the page; null where the page is empty or the last.</param>
internal sealed record OrderedPage(string[] ObjIds, int Total, SavePlace? Last);

/// <summary>
/// All saves in order of time, and for each scope that was asked for its objects in the order of their newest save there: any page
/// of it is a slice, and its length the exact total. 32 bytes a save, the names, and 4 bytes an object and scope. Not safe for
/// concurrent use.
/// </summary>
internal sealed class SaveOrder
{
    private const int ManyChanges = 500;
    private const long MostEntriesOfScopes = 40_000_000;
    private const byte IsActive = 1;
    private const byte IsRequested = 2;
    private readonly List<SavePlace> _places = [];
    private readonly List<int> _groups = [];
    private readonly List<byte> _kinds = [];
    private readonly List<int> _objs = [];
    private readonly List<int> _nextOfObj = [];
    private readonly Stack<int> _free = [];
    private readonly List<string> _names = [];
    private readonly List<int> _firstOfObj = [];
    private readonly Dictionary<string, int> _byName = [];
    private readonly List<int> _order = [];
    private readonly Dictionary<string, ScopeOrder> _scopes = [];
    private long _uses;

    /// <summary>Number of saves.</summary>
    public int Count => _order.Count;

    /// <summary>Adds a save while everything is read; these come in any order, and <see cref="Sort"/> ends it.</summary>
    public void Add(string objId, OrderedSave save) => _order.Add(AddSlot(objId, save));

    /// <summary>Puts what was added in order.</summary>
    public void Sort()
    {
        _scopes.Clear();
        _order.Sort((one, other) => _places[one].CompareTo(_places[other]));
    }

    /// <summary>Replaces the saves of objects by what they are now.</summary>
    public void Replace(IReadOnlyDictionary<string, List<OrderedSave>> changed)
    {
        var isMany = changed.Count > ManyChanges;
        if (isMany)
        {
            _scopes.Clear();
        }

        var dropped = new HashSet<int>();
        foreach (var (objId, saves) in changed)
        {
            var old = SlotsOf(objId).ToList();
            if (old.Select(Save).Order(ById).SequenceEqual(saves.Order(ById)))
            {
                continue;
            }

            foreach (var scope in _scopes.Values)
            {
                if (Newest(old, scope.Scope) is { } was)
                {
                    scope.Slots.RemoveAt(Find(scope.Slots, _places[was]));
                }
            }

            foreach (var slot in old)
            {
                if (isMany)
                {
                    dropped.Add(slot);
                }
                else
                {
                    _order.RemoveAt(Find(_order, _places[slot]));
                    _free.Push(slot);
                }
            }

            if (_byName.TryGetValue(objId, out var obj))
            {
                _firstOfObj[obj] = -1;
            }

            var fresh = saves.ConvertAll(save => AddSlot(objId, save));
            if (isMany)
            {
                _order.AddRange(fresh);
            }
            else
            {
                fresh.ForEach(slot => _order.Insert(~Find(_order, _places[slot]), slot));
            }

            foreach (var scope in _scopes.Values)
            {
                if (Newest(fresh, scope.Scope) is { } now)
                {
                    scope.Slots.Insert(~Find(scope.Slots, _places[now]), now);
                }
            }
        }

        if (isMany)
        {
            _order.RemoveAll(dropped.Contains);
            foreach (var slot in dropped)
            {
                _free.Push(slot);
            }

            Sort();
        }
    }

    /// <summary>
    /// A page: from an offset, or behind a place. <paramref name="savedAfterTicks"/> leaves out objects whose newest save is not later.
    /// </summary>
    public OrderedPage Page(SaveScope wanted, long savedAfterTicks, bool ascending, long offset, SavePlace? behind, int limit)
    {
        var slots = Of(wanted).Slots;
        var first = savedAfterTicks == 0 ? 0 : FirstAt(slots, new SavePlace(savedAfterTicks, long.MaxValue));
        var total = slots.Count - first;
        long start = (behind, ascending) switch
        {
            (null, true) => first + offset,
            (null, false) => slots.Count - 1 - offset,
            ({ } place, true) => Math.Max(first, FirstAt(slots, place)),
            ({ } place, false) => FirstAt(slots, place, orEqual: true) - 1,
        };
        var ids = new List<string>(Math.Min(limit, total));
        var at = start;
        var step = ascending ? 1 : -1;
        while (ids.Count < limit && at >= first && at < slots.Count)
        {
            ids.Add(_names[_objs[slots[(int)at]]]);
            at += step;
        }

        var hasMore = at >= first && at < slots.Count && ids.Count > 0;
        return new OrderedPage([.. ids], total, hasMore ? _places[slots[(int)(at - step)]] : null);
    }

    private ScopeOrder Of(SaveScope wanted)
    {
        if (!_scopes.TryGetValue(wanted.Key, out var scope))
        {
            scope = new ScopeOrder(wanted, Build(wanted));
            while (_scopes.Count > 0 && _scopes.Values.Sum(known => (long)known.Slots.Count) + scope.Slots.Count > MostEntriesOfScopes)
            {
                _scopes.Remove(_scopes.MinBy(known => known.Value.LastUse).Key);
            }

            _scopes[wanted.Key] = scope;
        }

        scope.LastUse = ++_uses;
        return scope;
    }

    private List<int> Build(SaveScope scope)
    {
        var taken = new bool[_names.Count];
        var slots = new List<int>();
        for (var at = _order.Count - 1; at >= 0; at--)
        {
            var slot = _order[at];
            if (!taken[_objs[slot]] && Holds(scope, slot))
            {
                taken[_objs[slot]] = true;
                slots.Add(slot);
            }
        }

        slots.Reverse();
        return slots;
    }

    private int AddSlot(string objId, OrderedSave save)
    {
        ref var obj = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, objId, out var known);
        if (!known)
        {
            obj = _names.Count;
            _names.Add(objId);
            _firstOfObj.Add(-1);
        }

        var kind = (byte)((save.Active ? IsActive : 0) | (save.Requested ? IsRequested : 0));
        if (_free.TryPop(out var slot))
        {
            (_places[slot], _groups[slot], _kinds[slot], _objs[slot], _nextOfObj[slot]) = (new SavePlace(save.SavedAtTicks, save.Id), save.GroupId, kind, obj, _firstOfObj[obj]);
        }
        else
        {
            slot = _places.Count;
            _places.Add(new SavePlace(save.SavedAtTicks, save.Id));
            _groups.Add(save.GroupId);
            _kinds.Add(kind);
            _objs.Add(obj);
            _nextOfObj.Add(_firstOfObj[obj]);
        }

        _firstOfObj[obj] = slot;
        return slot;
    }

    private IEnumerable<int> SlotsOf(string objId)
    {
        for (var slot = _byName.TryGetValue(objId, out var obj) ? _firstOfObj[obj] : -1; slot >= 0; slot = _nextOfObj[slot])
        {
            yield return slot;
        }
    }

    private OrderedSave Save(int slot) =>
        new(_places[slot].Id, _groups[slot], _places[slot].SavedAtTicks, (_kinds[slot] & IsActive) != 0, (_kinds[slot] & IsRequested) != 0);

    private static readonly IComparer<OrderedSave> ById = Comparer<OrderedSave>.Create((one, other) => one.Id.CompareTo(other.Id));

    private bool Holds(SaveScope scope, int slot) => scope.Holds(_groups[slot], (_kinds[slot] & IsActive) != 0, (_kinds[slot] & IsRequested) != 0);

    private int? Newest(List<int> slots, SaveScope scope)
    {
        int? newest = null;
        foreach (var slot in slots)
        {
            if (Holds(scope, slot) && (newest is null || _places[slot].CompareTo(_places[newest.Value]) > 0))
            {
                newest = slot;
            }
        }

        return newest;
    }

    /// <summary>Index of the first slot whose place is greater, or not smaller.</summary>
    private int FirstAt(List<int> slots, SavePlace place, bool orEqual = false)
    {
        var (low, high) = (0, slots.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var compared = _places[slots[middle]].CompareTo(place);
            if (compared > 0 || (orEqual && compared == 0))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Index of the slot with a place; the complement of where it would stand if there is none.</summary>
    private int Find(List<int> slots, SavePlace place)
    {
        var at = FirstAt(slots, place, orEqual: true);
        return at < slots.Count && _places[slots[at]] == place ? at : ~at;
    }

    private sealed class ScopeOrder(SaveScope scope, List<int> slots)
    {
        public SaveScope Scope => scope;

        public List<int> Slots => slots;

        public long LastUse { get; set; }
    }
}
