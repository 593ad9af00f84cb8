using Microsoft.AspNetCore.Components;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Web.Components.Shared;

/// <summary>
/// Base of pages that show what changes: reads again when an update that concerns it arrives. A burst of updates makes one reading.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(120);
    private readonly List<IDisposable> _subscriptions = [];
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationToken _goneToken;

    /// <summary>Keeps the token at hand: it is asked for after the source is disposed, too.</summary>
    protected LiveComponent() => _goneToken = _gone.Token;

    /// <summary>On whose behalf the page acts; never null on an admitted page.</summary>
    [CascadingParameter]
    public Viewer Viewer { get; set; } = Viewer.Nobody;

    /// <summary>Cancelled when the page is closed.</summary>
    protected CancellationToken Gone => _goneToken;

    [Inject]
    private LiveUpdates Live { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    /// <summary>Reads again by <paramref name="read"/>, on the circuit, whenever a note that matters arrives, and after notes were missed. Call it once, on initialization.</summary>
    protected void OnUpdate(Func<LiveNote, bool> matters, Func<Task> read)
    {
        // While a page is rendered ahead of its circuit nobody hears.
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        var waiting = 0;
        _subscriptions.Add(Live.Subscribe(note => note.Kind == LiveUpdates.Missed || matters(note), told =>
        {
            if (Interlocked.Exchange(ref waiting, 1) == 0)
            {
                _ = ReadSoonAsync();
            }
        }));

        async Task ReadSoonAsync()
        {
            try
            {
                await Task.Delay(Burst, Clock, Gone);
                Interlocked.Exchange(ref waiting, 0);
                await InvokeAsync(async () =>
                {
                    await read();
                    StateHasChanged();
                });
            }
            catch (OperationCanceledException)
            {
                // The page is closed.
            }
            catch (Exception error)
            {
                await DispatchExceptionAsync(error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the subscriptions.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _subscriptions.ForEach(subscription => subscription.Dispose());
        if (!_gone.IsCancellationRequested)
        {
            _gone.Cancel();
            _gone.Dispose();
        }
    }
}
