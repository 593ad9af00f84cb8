using SkyPortal.Domain;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>Runs what a person asked for and says how it went.</summary>
internal static class SourceToasts
{
    /// <summary>Runs it; a refusal is shown and answered with false.</summary>
    public static async Task<bool> TryAsync(this ToastService toasts, Func<Task> act, string? done, Func<Task>? undo = null)
    {
        try
        {
            await act();
        }
        catch (Refusal refusal)
        {
            toasts.Failed(refusal.Message);
            return false;
        }

        if (done is not null)
        {
            toasts.Done(done, undo is null ? null : () => toasts.TryAsync(undo, null));
        }

        return true;
    }
}
