namespace SkyPortal.Web.Components.Shared;

/// <summary>A short message at the edge of the page, with a way back where there is one.</summary>
/// <param name="Text">What happened.</param>
/// <param name="IsError">Whether it failed.</param>
/// <param name="Undo">Takes it back; null where it cannot be.</param>
public sealed record Toast(string Text, bool IsError, Func<Task>? Undo);

/// <summary>Shows toasts on the page of one circuit.</summary>
public sealed class ToastService
{
    /// <summary>A toast is to be shown.</summary>
    public event Action<Toast>? Shown;

    /// <summary>Says that something was done.</summary>
    public void Done(string text, Func<Task>? undo = null) => Shown?.Invoke(new Toast(text, false, undo));

    /// <summary>Says that something failed.</summary>
    public void Failed(string text) => Shown?.Invoke(new Toast(text, true, null));
}
