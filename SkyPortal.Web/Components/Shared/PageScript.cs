using Microsoft.JSInterop;

namespace SkyPortal.Web.Components.Shared;

/// <summary>The script of a page: started once the page is drawn, called as long as that is open, stopped with it. A page that is left meanwhile does not fail for it.</summary>
/// <param name="js">The browser.</param>
/// <param name="address">Address of the module, which has the functions start and stop.</param>
/// <param name="gone">Cancelled when the page is closed.</param>
internal sealed class PageScript(IJSRuntime js, string address, CancellationToken gone) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>Whether it was started and the page is open.</summary>
    public bool IsUp => _module is not null && !gone.IsCancellationRequested;

    /// <summary>Loads the module and starts it.</summary>
    public Task StartAsync(params object?[] arguments) => UnlessGoneAsync(async () =>
    {
        var module = await js.InvokeAsync<IJSObjectReference>("import", address);
        if (gone.IsCancellationRequested)
        {
            await module.DisposeAsync();
            return;
        }

        _module = module;
        await module.InvokeVoidAsync("start", arguments);
    });

    /// <summary>Calls a function of the module; does nothing where it is not up.</summary>
    public Task CallAsync(string function, params object?[] arguments) => UnlessGoneAsync(async () =>
    {
        if (IsUp)
        {
            await _module!.InvokeVoidAsync(function, arguments);
        }
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is { } module)
            {
                _module = null;
                await module.InvokeVoidAsync("stop");
                await module.DisposeAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException)
        {
            // The tab is gone, and the script with it.
        }
    }

    private async Task UnlessGoneAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (gone.IsCancellationRequested && error is ObjectDisposedException or JSException or JSDisconnectedException)
        {
            // Left before it was up: the page that is there now must not fail for it.
        }
    }
}
