using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Web.Components.Candidates;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Candidates;

/// <summary>
/// The scanning page. The browser moves the focus and shows what was done at once; this side does it, and draws what came of it.
/// </summary>
public sealed partial class Candidates(
    NavigationManager navigation, IJSRuntime js, TimeProvider clock, ReadScanScope readScope, ScanLists lists, ScanPage page,
    MarkSeen markSeen, ScanActions actions, LiveUpdates live, ToastService toasts, ILogger<Candidates> logger)
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(400);
    private readonly Stack<(ScanAct Act, Toast Toast)> _done = new();
    private readonly HashSet<string> _stale = [];
    // Never disposed: what is under way may still ask for its token, and without a timer there is nothing to free.
    private readonly CancellationTokenSource _closed = new();
    private ScanAddress _address = new();
    private ScanScope? _scope;
    private ScanList? _list;
    private List<ScanCard>? _cards;
    private ScanProgress? _progress;
    private Viewer? _shownTo;
    private string? _error;
    private string? _classifying;
    private int _fresh;
    private bool _isNew;
    private double _nowMjd;
    private (double Bright, double Faint) _magnitudes;
    private (string ListId, int Page, Task<IReadOnlyList<ScanCard>> Cards)? _ahead;
    private ClassifyBox? _classifyBox;
    private DotNetObjectReference<Candidates>? _self;
    private IJSObjectReference? _module;
    private IDisposable? _subscription;
    private bool _mustShow;
    private bool _isSettling;
    private bool _mayHaveMore;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = Viewer.Nobody;

    private int Pages => ((_list?.ObjIds.Length ?? 0) + _address.Cards - 1) / _address.Cards;

    private string SharedWith => Find(_classifying) is { } card && card.Passed.Count > 0
        ? string.Join(", ", card.Passed.Select(filter => filter.GroupName).Distinct())
        : "everybody";

    private string EmptyTitle => _scope is { Filters.Count: 0 } ? "None of your groups has a filter yet" : "Nothing to scan here";

    private string EmptyHint => _scope is { Filters.Count: 0 }
        ? "Candidates are objects whose alerts passed a filter of one of your groups. "
            + (_scope.GroupsForFilters.Count > 0 ? "Make a filter for one of them, or join a group that scans." : "Join a group that scans.")
        : _address.Saved == ScanAddress.DefaultSaved && _address.Rejected == RejectedStatus.Hide
            ? "No object passed these filters in this window, or all that did are saved or rejected. What comes in shows up here by itself."
            : "No object answers these conditions. What comes in shows up here by itself.";

    /// <summary>Does what a key or a button asks for. The answer tells the browser that what it showed in advance may go.</summary>
    [JSInvokable]
    public async Task<bool> ActAsync(string objId, string act, int[]? groupIds)
    {
        if (Find(objId) is not { } card)
        {
            return false;
        }

        var saveTo = SaveGroups(card).Where(group => groupIds is null or [] || groupIds.Contains(group.Id)).ToList();
        if (act == "save" && saveTo.Count == 0)
        {
            toasts.Failed($"{objId} was not saved: you may not save to the groups that scan it.");
            return false;
        }

        return await TryAsync(objId, () => act switch
        {
            "save" => actions.SaveAsync(Viewer, card, saveTo, CancellationToken.None),
            "reject" => actions.ToggleAsync(Viewer, card, ScanListNames.Rejected, CancellationToken.None),
            "interesting" => actions.ToggleAsync(Viewer, card, ScanListNames.Interesting, CancellationToken.None),
            _ => throw Refusal.Invalid($"There is no act {act}."),
        });
    }

    /// <summary>Takes back the last act and tells on which object it was.</summary>
    [JSInvokable]
    public async Task<string?> UndoAsync()
    {
        if (!_done.TryPop(out var last))
        {
            toasts.Done("There is nothing to undo");
            return null;
        }

        toasts.Dismiss(last.Toast);
        await toasts.TryAsync(() => TakeBackAsync(last.Act), $"Undone: {char.ToLowerInvariant(last.Act.Text[0])}{last.Act.Text[1..]}");
        return last.Act.ObjId;
    }

    /// <summary>Notes that cards were looked at.</summary>
    [JSInvokable]
    public async Task SeenAsync(string[] objIds)
    {
        try
        {
            await markSeen.HandleAsync(Viewer, objIds, CancellationToken.None);
            await CountAsync();
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "Marks of candidates that were seen were lost");
            // A lost mark costs a second look at most; it must not stop anybody.
        }
    }

    /// <summary>The browser has opened the box for a class.</summary>
    [JSInvokable]
    public async Task OpenClassifyAsync(string objId)
    {
        _classifying = objId;
        StateHasChanged();
        await _classifyBox!.OpenAsync();
    }

    /// <summary>Takes in what is new: another list, from its beginning.</summary>
    [JSInvokable]
    public async Task StartAfreshAsync()
    {
        _address = _address.Afresh();
        (_list, _fresh) = (null, 0);
        await LoadAsync();
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= OnMoved;
        _subscription?.Dispose();
        await _closed.CancelAsync();
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("stop");
                await _module.DisposeAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException)
        {
            // The tab is gone, and the script with it.
        }

        _self?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => navigation.LocationChanged += OnMoved;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => FollowAsync();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            await ShowAsync(firstRender);
        }
        catch (Exception error) when (_closed.IsCancellationRequested && error is ObjectDisposedException or JSException or JSDisconnectedException)
        {
            // Left before it was up: the page that is there now must not fail for it.
        }
    }

    private async Task ShowAsync(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = live.Subscribe(Matters, note => InvokeAsync(() => HeardAsync(note)));
            _self = DotNetObjectReference.Create(this);
            var module = await js.InvokeAsync<IJSObjectReference>("import", "./Pages/Candidates/Candidates.razor.js");
            if (_closed.IsCancellationRequested)
            {
                await module.DisposeAsync();
                return;
            }

            _module = module;
            await _module.InvokeVoidAsync("start", _self);
        }

        if (_mustShow && _module is not null && !_closed.IsCancellationRequested)
        {
            _mustShow = false;
            await _module.InvokeVoidAsync("shown", _address.ToString(), _isNew);
        }
    }

    private void OnMoved(object? sender, LocationChangedEventArgs moved)
    {
        if (new Uri(moved.Location).AbsolutePath == ScanAddress.Path)
        {
            _ = InvokeAsync(async () =>
            {
                await FollowAsync();
                StateHasChanged();
            });
        }
    }

    private async Task FollowAsync()
    {
        var asked = ScanAddress.Parse(navigation.Uri);
        var isSame = _list is not null && asked.Key == _address.Key && asked.Page == _address.Page && (asked.List is null || asked.List == _list.Id);
        if (isSame && Viewer.HasRightsOf(_shownTo))
        {
            return;
        }

        if (asked.Key != _address.Key || asked.List is not null)
        {
            _list = lists.Find(Viewer, asked.List, asked.Key);
        }

        _address = asked;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var address = _address;
        _error = null;
        try
        {
            // Another list shows its shape at once; another page of the same list replaces this one when it is there.
            _cards = _list is null ? null : _cards;
            StateHasChanged();
            _scope = await readScope.HandleAsync(Viewer, _closed.Token);
            _isNew = _list is null;
            var list = _list ?? await lists.MakeAsync(Viewer, address.Criteria(Now()), address.Key, _closed.Token);
            var cards = await (_ahead is { } ahead && ahead.ListId == list.Id && ahead.Page == address.Page && Viewer.HasRightsOf(_shownTo)
                ? ahead.Cards
                : ReadAsync(list, address.Page));
            var progress = await page.ProgressAsync(Viewer, list, _closed.Token);
            if (!ReferenceEquals(address, _address))
            {
                return;
            }

            (_list, _cards, _progress, _shownTo, _nowMjd) = (list, [.. cards], progress, Viewer, Mjd());
            _magnitudes = RangeOf(cards);
            _address = address with { List = list.Id };
            _mustShow = true;
            _ahead = RendererInfo.IsInteractive && address.Page < Pages ? (list.Id, address.Page + 1, ReadAsync(list, address.Page + 1)) : null;
        }
        catch (Refusal refusal)
        {
            _error = $"These candidates cannot be listed: {refusal.Message}";
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogError(error, "A page of candidates could not be read");
            _error = "The candidates cannot be read just now.";
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private Task<IReadOnlyList<ScanCard>> ReadAsync(ScanList list, int number) =>
        page.HandleAsync(Viewer, list, [.. list.ObjIds.Skip((number - 1) * _address.Cards).Take(_address.Cards)], _closed.Token);

    private async Task ClassifyAsync((string ObjId, ClassSuggestion Class, double? Probability) chosen)
    {
        if (Find(chosen.ObjId) is { } card)
        {
            await _module!.InvokeVoidAsync("closeClassify");
            await TryAsync(chosen.ObjId, () => actions.ClassifyAsync(Viewer, card, chosen.Class, chosen.Probability, CancellationToken.None));
        }
    }

    private async Task<bool> TryAsync(string objId, Func<Task<ScanAct>> doIt)
    {
        try
        {
            var act = await doIt();
            if (act.Undo is not null)
            {
                _done.Push((act, toasts.Done(act.Text, () => UndoFromToastAsync(act))));
            }
            else
            {
                toasts.Done(act.Text);
            }

            await markSeen.HandleAsync(Viewer, [objId], CancellationToken.None);
            await RefreshAsync([objId]);
            return true;
        }
        catch (Refusal refusal)
        {
            toasts.Failed($"{objId} was left as it was: {refusal.Message}");
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogError(error, "An act on a candidate failed");
            toasts.Failed($"{objId} was left as it was: the database did not answer. Try again.");
        }

        await RefreshAsync([objId]);
        return false;
    }

    private Task UndoFromToastAsync(ScanAct act)
    {
        var others = _done.Where(kept => !ReferenceEquals(kept.Act, act)).Reverse().ToList();
        if (others.Count == _done.Count)
        {
            return Task.CompletedTask;
        }

        _done.Clear();
        others.ForEach(_done.Push);
        return TakeBackAsync(act);
    }

    private async Task TakeBackAsync(ScanAct act)
    {
        try
        {
            await act.Undo!(Viewer);
        }
        finally
        {
            await RefreshAsync([act.ObjId]);
        }
    }

    private async Task RefreshAsync(string[] objIds)
    {
        if (_list is null || _cards is null)
        {
            return;
        }

        var fresh = (await page.HandleAsync(Viewer, _list, objIds, _closed.Token)).ToDictionary(card => card.Obj.Id);
        for (var i = 0; i < _cards.Count; i++)
        {
            _cards[i] = fresh.GetValueOrDefault(_cards[i].Obj.Id, _cards[i]);
        }

        _ahead = null;
        await CountAsync();
    }

    private async Task CountAsync()
    {
        if (_list is not null)
        {
            _progress = await page.ProgressAsync(Viewer, _list, _closed.Token);
            StateHasChanged();
        }
    }

    private bool Matters(LiveNote note) => note.Kind switch
    {
        "candidates.arrived" => _list is { } list && list.GroupIds.Any(id => note.Subject == id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        "candidate.posted" or LiveUpdates.Missed => true,
        "source.saved" or "source.unsaved" or "classification.posted" or "classification.deleted" or "classification.edited" => Find(note.Subject) is not null,
        _ => false,
    };

    // Notes come in swarms: they are gathered, and answered by one reading.
    private async Task HeardAsync(LiveNote note)
    {
        if (note.Kind.StartsWith("candidate", StringComparison.Ordinal) || note.Kind == LiveUpdates.Missed)
        {
            _mayHaveMore = true;
        }
        else
        {
            _stale.Add(note.Subject);
        }

        if (_isSettling)
        {
            return;
        }

        _isSettling = true;
        try
        {
            await Task.Delay(Settle, clock, _closed.Token);
            var (stale, more) = (_stale.ToArray(), _mayHaveMore);
            _stale.Clear();
            (_isSettling, _mayHaveMore) = (false, false);
            if (stale.Length > 0)
            {
                await RefreshAsync(stale);
            }

            if (more && _list is not null)
            {
                _fresh = await lists.CountNewAsync(Viewer, _address.Criteria(Now()), _list, _closed.Token);
                StateHasChanged();
            }
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

    // The few brightest and faintest points of a page do not squeeze the others; their own cards reach further.
    private static (double Bright, double Faint) RangeOf(IReadOnlyList<ScanCard> cards)
    {
        var mags = cards.SelectMany(card => card.Points).Select(point => point.DifferenceAbMag).OfType<double>().Order().ToList();
        return mags.Count == 0 ? (17, 21) : (mags[mags.Count / 50] - 0.3, mags[mags.Count - 1 - (mags.Count / 50)] + 0.5);
    }

    private ScanCard? Find(string? objId) => _cards?.Find(card => card.Obj.Id == objId);

    private List<(int Id, string Name)> SaveGroups(ScanCard card) =>
    [
        .. card.Passed.Select(filter => (filter.GroupId, filter.GroupName)).Distinct()
            .Where(group => Viewer.SeesAll || Viewer.SaveGroupIds.Contains(group.GroupId)),
    ];

    private string PageHref(int number) => (_address with { Page = number, List = _list!.Id }).ToString();

    private static string Share(int part, int whole) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100.0 * part / Math.Max(whole, 1):0.#}%");

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;

    private double Mjd() => (Now() - DateTime.UnixEpoch).TotalDays + 40587;
}
