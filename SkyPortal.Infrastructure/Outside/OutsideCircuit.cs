namespace SkyPortal.Infrastructure.Outside;

/// <summary>
/// Leaves a server alone that failed several times in a row: for a while nobody asks it, then one call tries, and its outcome
/// decides for all. Safe for concurrent use; one per service and node.
/// </summary>
/// <param name="clock">Clock.</param>
/// <param name="mostFailures">Failures in a row after which it opens.</param>
/// <param name="rest">How long it stays open before one call may try.</param>
public sealed class OutsideCircuit(TimeProvider clock, int mostFailures, TimeSpan rest)
{
    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset _openUntil;
    private bool _isTrying;

    /// <summary>Whether a call may be made now; where it may not, how long until one may try.</summary>
    public bool MayCall(out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = TimeSpan.Zero;
            if (_failures < mostFailures)
            {
                return true;
            }

            var now = clock.GetUtcNow();
            if (now >= _openUntil && !_isTrying)
            {
                _isTrying = true;
                return true;
            }

            wait = now < _openUntil ? _openUntil - now : rest;
            return false;
        }
    }

    /// <summary>Notes that an attempt was answered; the circuit closes.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            (_failures, _isTrying) = (0, false);
        }
    }

    /// <summary>Notes that an attempt failed.</summary>
    public void Failed()
    {
        lock (_lock)
        {
            _failures++;
            _isTrying = false;
            if (_failures >= mostFailures)
            {
                _openUntil = clock.GetUtcNow() + rest;
            }
        }
    }

    /// <summary>Notes that an attempt ended without telling anything about the server.</summary>
    public void Withdrawn()
    {
        lock (_lock)
        {
            _isTrying = false;
        }
    }
}
