using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>The list of sources.</summary>
public sealed partial class SourceList(
    SearchSources search, ReadSourceParts readParts, ListGroups listGroups, ReadListings listings, AddToList star, RemoveFromList unstar,
    ReadPreferences preferences, UpdateUser update, ToastService toasts, NavigationManager navigation, IJSRuntime js, TimeProvider clock, ILogger<SourceList> logger)
{
    private static readonly SourceListIncludes NamesOnly = new() { Nested = false, Fields = new HashSet<string> { "id" } };
    private readonly HashSet<string> _chosen = [];
    private readonly HashSet<string> _open = [];
    private readonly ConcurrentDictionary<string, byte> _touched = new();
    private SourceListAddress _address = SourceListAddress.Parse("http://site/sources");
    private IReadOnlyList<GroupRow> _groups = [];
    private IReadOnlyList<GroupRow> _saveGroups = [];
    private IReadOnlyList<SourceColumn> _columns = SourceColumns.Of(SourceColumns.Usual);
    private IReadOnlyList<string>? _ownColumns;
    private IReadOnlyList<(string Name, string Query)> _views = [];
    private Infrastructure.Sources.SourcePage? _page;
    private IReadOnlyList<SourceRow> _rows = [];
    private HashSet<string> _shownIds = [];
    private HashSet<string> _favorites = [];
    private (string Uri, Viewer Viewer)? _shown;
    private PageScript? _script;
    private string? _typed;
    private string? _error;
    private bool _isReading;
    private bool _allMatching;
    private bool _conditionsOpen;
    private bool _columnsOpen;
    private int _fresh;

    // Pictures and hosts take statements of their own, and are read only where they are shown.
    private SourceListIncludes Includes => new() { DetectionStats = true, Labellers = true, Thumbnails = Has("picture"), Hosts = Has("host") };

    private NavigationManager Navigation => navigation;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private int Pages => Math.Max(1, ((_page?.TotalMatches ?? 0) + SourceListAddress.PerPage - 1) / SourceListAddress.PerPage);

    private string Count => _page is null ? "" : _page.TotalMatches == 1 ? "1 source" : $"{_page.TotalMatches.ToString("N0", CultureInfo.InvariantCulture)} sources";

    private SourceListAddress WithColumns => _address.With("cols", string.Join(',', _columns.Select(column => column.Id)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= OnMoved;
        Dispose();
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        navigation.LocationChanged += OnMoved;
        OnUpdate(Matters, HeardAsync);
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => FollowAsync();

    // A change of the query alone sets no parameter.
    private void OnMoved(object? sender, LocationChangedEventArgs moved)
    {
        if (new Uri(moved.Location).AbsolutePath == SourceListAddress.Path)
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
        if (_shown is { } shown && shown.Uri == navigation.Uri && Viewer.HasRightsOf(shown.Viewer))
        {
            return;
        }

        var address = SourceListAddress.Parse(navigation.Uri);
        if (address.AtPage(1).ToString() != _address.AtPage(1).ToString())
        {
            ChooseNone();
        }

        (_shown, _address, _typed) = ((navigation.Uri, Viewer), address, address["q"]);
        _open.Clear();
        await ReadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = new PageScript(js, "./Pages/Sources/SourceList.razor.js", Gone);
            await _script.StartAsync();
        }

        await _script!.CallAsync("shown");
    }

    private async Task ReadAsync()
    {
        var shown = _shown;
        _isReading = true;
        try
        {
            if (_groups.Count == 0)
            {
                var groups = listGroups.HandleAsync(Viewer, includeSingleUserGroups: false, Gone);
                var kept = preferences.HandleAsync(Viewer, SourceColumns.Preference, Gone);
                _views = SourceViewsMenu.Kept(await preferences.HandleAsync(Viewer, SourceViewsMenu.Preference, Gone));
                _groups = (await groups).UserAccessibleGroups;
                _ownColumns = Kept(await kept);
            }

            _saveGroups = [.. _groups.Where(group => Viewer.SeesAll || Viewer.SaveGroupIds.Contains(group.Id))];
            _columns = SourceColumns.Of(_address.Columns ?? _ownColumns ?? SourceColumns.Usual);
            var starred = Viewer.UserId is null ? [] : await listings.HandleAsync(Viewer, null, ReadSourcePage.Favorites, Gone);
            var page = await search.HandleAsync(Viewer, _address.Criteria(Now), Includes, null, Gone);
            if (shown == _shown)
            {
                _favorites = [.. starred.Select(entry => entry.ObjId)];
                (_page, _error, _fresh) = (page, null, 0);
                Show(page.Sources);
            }
        }
        catch (Refusal refusal)
        {
            _error = refusal.Message;
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogError(error, "The list of sources could not be read");
            _error = "The sources cannot be read just now. Reload the page to try again; nothing is lost.";
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            _isReading = false;
        }
    }

    private void Show(IEnumerable<ObjRecord> sources)
    {
        _rows = [.. sources.Select(source => new SourceRow(source, _favorites.Contains(source.Id)))];
        _shownIds = [.. _rows.Select(row => row.Obj.Id)];
    }

    // Asked on the thread that hears: it only notes.
    private bool Matters(LiveNote note)
    {
        if (_shownIds.Contains(note.Subject))
        {
            _touched[note.Subject] = 0;
            return true;
        }

        return note.Kind.StartsWith("source.", StringComparison.Ordinal);
    }

    // Rows that stand are read again where they stand; what is new waits behind a chip.
    private async Task HeardAsync()
    {
        if (_page is null || _error is not null || _isReading)
        {
            return;
        }

        try
        {
            if (_touched.Keys.Any(_shownIds.Contains))
            {
                _touched.Clear();
                Show(await readParts.ForAsync(Viewer, [.. _rows.Select(row => row.Obj.Id)], SaveKind.Active, Includes, Gone));
            }

            var now = await search.HandleAsync(Viewer, _address.Criteria(Now) with { PageNumber = 1, NumPerPage = 1 }, NamesOnly, null, Gone);
            _fresh = Math.Max(0, now.TotalMatches - _page.TotalMatches);
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "A change of the list of sources was missed");
        }
    }

    private Task TakeInAsync()
    {
        if (_address.Page == 1)
        {
            return ReadAsync();
        }

        Go(_address.AtPage(1));
        return Task.CompletedTask;
    }

    private void Go(SourceListAddress address) => navigation.NavigateTo(address.ToString());

    private bool Has(string columnId) => _columns.Any(column => column.Id == columnId);

    private void Open(string id)
    {
        if (!_open.Remove(id))
        {
            _open.Add(id);
        }
    }

    private void Choose(string id)
    {
        if (_allMatching)
        {
            _allMatching = false;
            _chosen.UnionWith(_rows.Select(row => row.Obj.Id));
        }

        if (!_chosen.Remove(id))
        {
            _chosen.Add(id);
        }
    }

    private void ChoosePage(ChangeEventArgs change)
    {
        _allMatching = false;
        if (change.Value is true)
        {
            _chosen.UnionWith(_rows.Select(row => row.Obj.Id));
        }
        else
        {
            _chosen.ExceptWith(_rows.Select(row => row.Obj.Id));
        }
    }

    private void ChooseNone()
    {
        _allMatching = false;
        _chosen.Clear();
    }

    private async Task StarAsync(SourceRow row)
    {
        var id = row.Obj.Id;
        Task SetAsync(bool on) => on
            ? star.HandleAsync(Viewer, id, ReadSourcePage.Favorites, null, null, CancellationToken.None)
            : unstar.HandleAsync(Viewer, id, ReadSourcePage.Favorites, null, CancellationToken.None);
        if (await toasts.TryAsync(() => SetAsync(!row.IsFavorite)))
        {
            _favorites = row.IsFavorite ? [.. _favorites.Where(one => one != id)] : [.. _favorites, id];
            Show(_rows.Select(one => one.Obj));
        }
    }

    private async Task ChooseColumnsAsync(IReadOnlyList<string> ids)
    {
        var before = Includes;
        _columns = SourceColumns.Of(ids);
        _ownColumns = [.. _columns.Select(column => column.Id)];
        if (Viewer.UserId is { } userId)
        {
            var kept = JsonSerializer.SerializeToElement(new Dictionary<string, object> { [SourceColumns.Preference] = new { columns = _ownColumns } });
            await toasts.TryAsync(() => update.HandleAsync(Viewer, userId, new UserChanges { Preferences = kept }, CancellationToken.None));
        }

        // Columns that a link brought are now one's own.
        if (_address.Columns is not null)
        {
            Go(_address.With("cols", null).AtPage(_address.Page));
        }
        else if (Includes != before)
        {
            await ReadAsync();
        }
    }

    private static List<string>? Kept(JsonElement? stored) =>
        stored is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty("columns", out var columns) && columns.ValueKind == JsonValueKind.Array
            ? [.. columns.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!)]
            : null;
}
