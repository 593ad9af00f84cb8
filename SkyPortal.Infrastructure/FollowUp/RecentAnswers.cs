namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>
/// What was reckoned or fetched lately, for a while and up to a number. It holds what everybody may know, or is keyed by who asked.
/// Safe for concurrent use.
/// </summary>
internal sealed class RecentAnswers<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider clock)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (TValue Value, DateTimeOffset Until)> _kept = [];
    private readonly Queue<(TKey Key, DateTimeOffset Until)> _order = new();

    /// <summary>The answer; null where there is none, or it is too old.</summary>
    public TValue? Find(TKey key)
    {
        lock (_gate)
        {
            return _kept.TryGetValue(key, out var found) && found.Until > clock.GetUtcNow() ? found.Value : null;
        }
    }

    /// <summary>Keeps an answer; the oldest goes where there are too many.</summary>
    public void Keep(TKey key, TValue value)
    {
        lock (_gate)
        {
            var until = clock.GetUtcNow() + lifetime;
            _kept[key] = (value, until);
            _order.Enqueue((key, until));
            while (_order.Count > capacity || (_order.TryPeek(out var oldest) && oldest.Until <= clock.GetUtcNow()))
            {
                var gone = _order.Dequeue();
                if (_kept.TryGetValue(gone.Key, out var kept) && kept.Until == gone.Until)
                {
                    _kept.Remove(gone.Key);
                }
            }
        }
    }
}
