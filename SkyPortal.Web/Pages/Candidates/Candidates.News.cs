using System.Globalization;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Web.Components.Candidates;

namespace SkyPortal.Web.Pages.Candidates;

/// <summary>How the scanning page learns what others do, and how far the night is.</summary>
public sealed partial class Candidates
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);
    private readonly HashSet<string> _stale = [];
    private readonly Dictionary<string, int> _shownReadings = [];
    private int _readings;
    private bool _isSettling;
    private bool _mayHaveMore;
    private bool _isCounting;
    private ScanTally _tally = new();
    private ScanCounters? _counters;
    private DateTimeOffset _countedAt;

    // Between two counts the page adds what its own cards tell; what is the first news is counted at once.
    private async Task CountSoonAsync()
    {
        if (_isCounting)
        {
            return;
        }

        _isCounting = true;
        try
        {
            var rest = _countedAt + Rest - clock.GetUtcNow();
            await Task.Delay(rest > Settle && (!_mayHaveMore || _fresh > 0) ? rest : Settle, clock, _closed.Token);
            _isCounting = false;
            if (_mayHaveMore && _list is { } list)
            {
                _mayHaveMore = false;
                _fresh = await lists.CountNewAsync(Viewer, _address.Criteria(Now()), list, _closed.Token);
                StateHasChanged();
            }

            await CountAsync();
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "News of candidates could not be read");
            // The next note tries again.
        }
        finally
        {
            _isCounting = false;
        }
    }

    private async Task CountAsync()
    {
        if (_list is not { } list)
        {
            return;
        }

        try
        {
            // The window of the night moves on with what comes, but begins where the list began.
            _countedAt = clock.GetUtcNow();
            var counted = await readProgress.HandleAsync(Viewer, list, _address.Criteria(list.At), _closed.Token);
            if (ReferenceEquals(list, _list))
            {
                _tally.Take(counted, list, _cards ?? []);
                _counters?.Draw();
            }
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "How far a scan is could not be counted");
            // The cards stand without it; the next act counts again.
        }
    }

    private bool Matters(LiveNote note) => note.Kind switch
    {
        "candidates.arrived" => _list is { } list && list.GroupIds.Any(id => note.Subject == id.ToString(CultureInfo.InvariantCulture)),
        "candidate.posted" or LiveUpdates.Missed => true,
        "source.saved" or "source.unsaved" or "source.tagged" or "classification.posted" or "classification.deleted" or "classification.edited" => _listed.Contains(note.Subject),
        _ => false,
    };

    // Notes come in swarms: they are gathered, and answered by one reading.
    private async Task HeardAsync(LiveNote note)
    {
        if (note.Kind.StartsWith("candidate", StringComparison.Ordinal) || note.Kind == LiveUpdates.Missed)
        {
            _mayHaveMore = true;
            _ = CountSoonAsync();
            return;
        }

        _stale.Add(note.Subject);
        if (_isSettling)
        {
            return;
        }

        _isSettling = true;
        try
        {
            await Task.Delay(Settle, clock, _closed.Token);
            var stale = _stale.ToArray();
            _stale.Clear();
            _isSettling = false;
            await RefreshAsync(stale);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "News of candidates could not be read");
            // The next note tries again.
        }
        finally
        {
            _isSettling = false;
        }
    }

    // Reads again those that stand on this page, and the next page where one of them may stand there.
    private async Task RefreshAsync(IReadOnlyCollection<string> objIds)
    {
        if (_list is null || _cards is null)
        {
            return;
        }

        var reading = ++_readings;
        var here = objIds.Where(id => Find(id) is not null).ToArray();
        if (here.Length > 0)
        {
            var fresh = (await page.HandleAsync(Viewer, _list, here, _closed.Token, _address.Plot.Matched)).ToDictionary(card => card.Obj.Id);
            for (var i = 0; i < _cards.Count; i++)
            {
                // A reading that began earlier and came later would show again what is no more.
                var id = _cards[i].Obj.Id;
                if (fresh.TryGetValue(id, out var card) && _shownReadings.GetValueOrDefault(id) < reading)
                {
                    (_cards[i], _shownReadings[id]) = (card, reading);
                    _tally.Note(card, _list);
                }
            }

            StateHasChanged();
        }

        if (here.Length < objIds.Count && _ahead is not null)
        {
            ReadAhead();
        }

        _ = CountSoonAsync();
    }
}
