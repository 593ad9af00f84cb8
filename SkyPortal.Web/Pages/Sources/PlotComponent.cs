using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>Base of panels with one plot: gives its model to a script of the page whenever what is drawn differs.</summary>
public abstract class PlotComponent : ComponentBase, IAsyncDisposable
{
    private IJSObjectReference? _module;
    private Func<object>? _model;
    private string? _drawn;
    private bool _isShown;
    private bool _isGone;

    /// <summary>Where the plot lies.</summary>
    protected ElementReference Plot { get; set; }

    /// <summary>Path of the script, which exports draw and remove.</summary>
    protected abstract string Script { get; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>Says what is drawn after the next rendering; the model is made anew then.</summary>
    protected void Show(Func<object> model, bool isShown) => (_model, _isShown) = (model, isShown);

    /// <summary>Keeps values by name in the page's address; none for a name whose state is as usual. Nothing is kept before the first drawing.</summary>
    protected async Task KeepInAddressAsync(Dictionary<string, string[]> values)
    {
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("keepInAddress", values);
            }
        }
        catch (Exception error) when (_isGone && error is JSException or JSDisconnectedException or ObjectDisposedException)
        {
            // Left meanwhile.
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isShown || _model is null || _isGone)
        {
            return;
        }

        var model = JsonSerializer.Serialize(_model(), JsonSerializerOptions.Web);
        if (_drawn == model)
        {
            return;
        }

        _drawn = model;
        try
        {
            _module ??= await Js.InvokeAsync<IJSObjectReference>("import", "/" + Assets[Script]);
            await _module.InvokeVoidAsync("draw", Plot, "/" + Assets["lib/plotly/plotly.min.js"], model);
        }
        catch (Exception error) when (_isGone && error is JSException or JSDisconnectedException or ObjectDisposedException)
        {
            // Left while it was drawn.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isGone = true;
        GC.SuppressFinalize(this);
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("remove", Plot);
                await _module.DisposeAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException)
        {
            // The page is closed, and the plot with it.
        }
    }
}
