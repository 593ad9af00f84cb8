using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Web.Api.Alerts;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Alerts;

/// <summary>The search of the alert archive. Its links and forms work as plain HTML, too: so it is served to who is not signed in.</summary>
public sealed partial class AlertsPage(
    AlertQueryReader queries, SearchAlerts search, OpenArchive openArchive, NavigationManager navigation, IJSRuntime js, ILogger<AlertsPage> logger) : IAsyncDisposable
{
    private static readonly (string Seconds, string Word)[] Windows = [("3600", "hour"), ("86400", "24 h"), ("259200", "3 d"), ("604800", "7 d"), ("2592000", "30 d")];
    private static readonly string[] Bands = ["g", "r", "i"];
    private AlertAddress _address = AlertAddress.Parse("http://site/alerts");
    private Viewer _reader = Viewer.Nobody;
    private AlertPage? _page;
    private (string Uri, Viewer Viewer)? _shown;
    private PageScript? _script;
    private string? _typed;
    private string? _error;
    private bool _isReading;

    private string Count => _page is null ? ""
        : _page.IsAtLeast ? $"more than {_page.Total.ToString("N0", CultureInfo.InvariantCulture)} alerts"
        : _page.Total == 1 ? "1 alert" : $"{_page.Total.ToString("N0", CultureInfo.InvariantCulture)} alerts";

    private string Place
    {
        get
        {
            var first = ((_address.Page - 1L) * AlertCriteria.UsualPerPage) + 1;
            var last = first + _page!.Alerts.Count - 1;
            return string.Create(CultureInfo.InvariantCulture, $"{first:N0} to {last:N0}{(_page.IsAtLeast ? "" : $" of {_page.Total:N0}")}");
        }
    }

    private string Why => _address.IsFiltered
        ? "No alert that you may read fits all of these conditions. Take one away, or widen the time."
        : _reader.StreamIds.Length == 0 && !_reader.SeesAll
            ? "Alerts are for the members of the stream that brought them. A site administrator can give you one."
            : "Alerts appear here as soon as a stream of this site brings the first.";

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
    protected override void OnInitialized() => navigation.LocationChanged += OnMoved;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => FollowAsync();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = new PageScript(js, "./Pages/Alerts/AlertsPage.razor.js", Gone);
            await _script.StartAsync();
        }

        await _script!.CallAsync("shown");
    }

    // A change of the query alone sets no parameter.
    private void OnMoved(object? sender, LocationChangedEventArgs moved)
    {
        if (new Uri(moved.Location).AbsolutePath == AlertAddress.Path)
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

        var mine = (navigation.Uri, Viewer);
        (_shown, _address) = (mine, AlertAddress.Parse(navigation.Uri));
        _typed = _address["objectId"];
        _isReading = true;
        try
        {
            _reader = Viewer.IsAuthenticated ? Viewer : await openArchive.HandleAsync(Gone) ?? Viewer;
            var page = await search.HandleAsync(_reader, await queries.ReadAsync(_reader, _address.Values, Gone), Gone);
            if (_shown == mine)
            {
                (_page, _error) = (page, null);
            }
        }
        catch (Exception error) when (error is Refusal or OutsideException)
        {
            (_page, _error) = (null, error.Message);
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogError(error, "The alert archive could not be read");
            _error = "The archive cannot be read just now. Reload the page to try again; nothing is lost.";
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

    private void FindAsync()
    {
        var text = _typed?.Trim() ?? "";
        Go(SkyPosition.TryParse(text, out var place)
            ? _address.With(new Dictionary<string, string?> { ["objectId"] = null, ["cone"] = string.Create(CultureInfo.InvariantCulture, $"{place.RaDegrees:0.######},{place.DecDegrees:0.######},0.00139") })
            : _address.With("objectId", text));
    }

    // The quick choices say so themselves.
    private bool IsShown(string words) =>
        (_address["time__since"] is { } since && Windows.Any(window => window.Seconds == since) && words == AlertConditionFields.Words("time__since", since))
        || (_address["filter"] is { } band && Bands.Contains(band) && words == AlertConditionFields.Words("filter", band))
        || (_address["score__gte"] == "0.65" && words == AlertConditionFields.Words("score__gte", "0.65"));

    private void Go(AlertAddress address) => navigation.NavigateTo(address.ToString());
}
