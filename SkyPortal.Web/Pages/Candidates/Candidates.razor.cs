using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
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
    ReadScanProgress readProgress, ScanProfiles profiles, ClassShortcuts shortcuts, MarkSeen markSeen, ScanActions actions, LiveUpdates live, ToastService toasts, ILogger<Candidates> logger)
{
    // Never disposed: what is under way may still ask for its token, and without a timer there is nothing to free.
    private readonly CancellationTokenSource _closed = new();
    private ScanAddress _address = new();
    private ScanScope? _scope;
    private IReadOnlyList<ScanProfile> _profiles = [];
    private IReadOnlyList<ClassShortcut> _shortcuts = [];
    private IReadOnlyList<ClassShortcut> _buttons = [];
    private ScanList? _list;
    private HashSet<string> _listed = [];
    private List<ScanCard>? _cards;
    private Viewer? _shownTo;
    private string? _error;
    private int _fresh;
    private bool _isNew;
    private double _nowMjd;
    private (double Bright, double Faint) _magnitudes;
    private (ScanAddress Address, Task<IReadOnlyList<ScanCard>> Cards)? _ahead;
    private DotNetObjectReference<Candidates>? _self;
    private PageScript? _script;
    private IDisposable? _subscription;
    private bool _mustShow;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = Viewer.Nobody;

    private int Pages => ((_list?.ObjIds.Length ?? 0) + _address.Cards - 1) / _address.Cards;

    private string EmptyTitle => _scope is { Filters.Count: 0 } ? "None of your groups has a filter yet" : "Nothing to scan here";

    private string EmptyHint => _scope is { Filters.Count: 0 }
        ? "Candidates are objects whose alerts passed a filter of one of your groups. "
            + (_scope.GroupsForFilters.Count > 0 ? "Make a filter for one of them, or join a group that scans." : "Join a group that scans.")
        : _address.Saved == ScanAddress.DefaultSaved && _address.Rejected == RejectedStatus.Hide
            ? "No object passed these filters in this window, or all that did are saved or rejected. What comes in shows up here by itself."
            : "No object answers these conditions. What comes in shows up here by itself.";

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
        if (_script is not null)
        {
            await _script.DisposeAsync();
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
        if (firstRender)
        {
            _subscription = live.Subscribe(Matters, note => InvokeAsync(() => HeardAsync(note)));
            _self = DotNetObjectReference.Create(this);
            _script = new PageScript(js, "./Pages/Candidates/Candidates.razor.js", _closed.Token);
            await _script.StartAsync(_self);
        }

        if (_mustShow && _script!.IsUp)
        {
            _mustShow = false;
            await _script.CallAsync("shown", _address.ToString(), _isNew);
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
        var isSame = _list is not null && asked == (asked.List is null ? _address with { List = null } : _address);
        if (isSame && Viewer.HasRightsOf(_shownTo))
        {
            return;
        }

        // Who enters without a word of what to scan begins with the profile that they chose for it.
        if (new Uri(navigation.Uri).Query.Length == 0 && (await profiles.ReadAsync(Viewer, _closed.Token)).FirstOrDefault(profile => profile.IsDefault) is { } first)
        {
            navigation.NavigateTo((first.Address with { Profile = first.Name }).Afresh().ToString(), replace: true);
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
            if (_scope is null || _list is null || !Viewer.HasRightsOf(_shownTo))
            {
                _scope = await readScope.HandleAsync(Viewer, _closed.Token);
                _profiles = await profiles.ReadAsync(Viewer, _closed.Token);
                Take(await shortcuts.ReadAsync(Viewer, _closed.Token));
            }

            _isNew = _list is null;
            var list = _list ?? await lists.MakeAsync(Viewer, address.Criteria(Now()), address.Key, _closed.Token);
            var wanted = address with { List = list.Id };
            var cards = await (_ahead is { } ahead && ahead.Address == wanted && Viewer.HasRightsOf(_shownTo) ? ahead.Cards : ReadAsync(list, wanted));
            if (!ReferenceEquals(address, _address))
            {
                return;
            }

            if (list != _list)
            {
                _tally = new ScanTally();
            }

            foreach (var card in cards)
            {
                _tally.Note(card, list);
            }

            (_list, _listed, _cards, _shownTo, _nowMjd) = (list, list == _list ? _listed : [.. list.ObjIds], [.. cards], Viewer, Mjd());
            _magnitudes = RangeOf(cards);
            _address = wanted;
            _mustShow = true;
            if (RendererInfo.IsInteractive)
            {
                ReadAhead();
                StateHasChanged();
            }

            if (_tally.Progress is null || _isNew)
            {
                await CountAsync();
            }
            else
            {
                _ = CountSoonAsync();
            }
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

    // The next page is read while this one is looked at, its pictures too: turning the page waits for nothing.
    private void ReadAhead()
    {
        if (_address.Page >= Pages)
        {
            _ahead = null;
            return;
        }

        var next = _address with { Page = _address.Page + 1 };
        var cards = ReadAsync(_list!, next);
        _ahead = (next, cards);
        _ = FetchPicturesAsync(cards);
    }

    private async Task FetchPicturesAsync(Task<IReadOnlyList<ScanCard>> cards)
    {
        try
        {
            var pictures = (await cards).SelectMany(card => card.Thumbnails.Values).Select(picture => picture.PublicUrl).OfType<string>().ToArray();
            if (_script is not null)
            {
                await _script.CallAsync("fetchAhead", (object)pictures);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or JSException or JSDisconnectedException or ObjectDisposedException || DatabaseFault.Is(error))
        {
            logger.LogDebug(error, "The next page of candidates was not read ahead; it is read when it is turned to");
            _ahead = null;
        }
    }

    private Task<IReadOnlyList<ScanCard>> ReadAsync(ScanList list, ScanAddress address) => page.HandleAsync(
        Viewer, list, [.. list.ObjIds.Skip((address.Page - 1) * address.Cards).Take(address.Cards)], _closed.Token, address.Plot.Matched);

    // The few brightest and faintest points of a page do not squeeze the others; their own cards reach further.
    private static (double Bright, double Faint) RangeOf(IReadOnlyList<ScanCard> cards)
    {
        var mags = cards.SelectMany(card => card.Points).Select(point => point.DifferenceAbMag).OfType<double>().Order().ToList();
        return mags.Count == 0 ? (17, 21) : (mags[mags.Count / 50] - 0.3, mags[mags.Count - 1 - (mags.Count / 50)] + 0.5);
    }

    private ScanCard? Find(string? objId) => _cards?.Find(card => card.Obj.Id == objId);

    private void Take(IReadOnlyList<ScanProfile> kept) => _profiles = kept;

    private void Take(IReadOnlyList<ClassShortcut> kept) => (_shortcuts, _buttons) = (kept, [.. kept.Take(ClassShortcut.Most)]);

    private List<ScanCard> Find(IEnumerable<string> objIds) => [.. objIds.Select(Find).OfType<ScanCard>()];

    private string PageHref(int number) => (_address with { Page = number, List = _list!.Id }).ToString();

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;

    private double Mjd() => (Now() - DateTime.UnixEpoch).TotalDays + 40587;
}
