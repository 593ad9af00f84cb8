using SkyPortal.Domain;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Web.Components.Shared;

/// <summary>A short word about what was done. The same word said twice is two toasts.</summary>
/// <param name="undo">Takes it back; null where that cannot be done.</param>
public sealed class Toast(string text, bool isError, Func<Task>? undo)
{
    /// <summary>The word.</summary>
    public string Text => text;

    /// <summary>Whether it says what was not done.</summary>
    public bool IsError => isError;

    /// <summary>Takes it back; null where that cannot be done.</summary>
    public Func<Task>? Undo => undo;
}

/// <summary>Tells a person what was done, and offers to undo it. One per circuit.</summary>
public sealed class ToastService(ILogger<ToastService> logger)
{
    private const int MostShown = 3;
    private readonly List<Toast> _toasts = [];

    /// <summary>The list changed. Raised on the circuit's own context.</summary>
    public event Action? Changed;

    /// <summary>What is shown, the oldest first.</summary>
    public IReadOnlyList<Toast> Shown => _toasts;

    /// <summary>Says that something was done; the answer can be dismissed.</summary>
    public Toast Done(string text, Func<Task>? undo = null) => Add(new Toast(text, false, undo));

    /// <summary>Says that something was not done.</summary>
    public void Failed(string text) => Add(new Toast(text, true, null));

    /// <summary>Removes a toast.</summary>
    public void Dismiss(Toast toast)
    {
        _toasts.Remove(toast);
        Changed?.Invoke();
    }

    /// <summary>
    /// Does something and says so; where it is refused or fails, says why instead. Returns whether it was done.
    /// </summary>
    public async Task<bool> TryAsync(Func<Task> action, string? done = null, Func<Task>? undo = null)
    {
        try
        {
            await action();
            if (done is not null)
            {
                Done(done, undo);
            }

            return true;
        }
        catch (Refusal refusal)
        {
            Failed(PlainWords.Of(refusal));
        }
        catch (OutsideException other)
        {
            Failed(other.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "An action of a page failed");
            Failed("This failed on the server and was not done. Try again.");
        }

        return false;
    }

    private Toast Add(Toast toast)
    {
        if (_toasts.Count == MostShown)
        {
            _toasts.RemoveAt(0);
        }

        _toasts.Add(toast);
        Changed?.Invoke();
        return toast;
    }
}
