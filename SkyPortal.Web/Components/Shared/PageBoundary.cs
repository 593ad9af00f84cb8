using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using SkyPortal.Domain;

namespace SkyPortal.Web.Components.Shared;

/// <summary>Shows a refusal in its own words, and any other failure of a page without its details; the frame stays usable.</summary>
public sealed class PageBoundary : ErrorBoundary
{
    [Inject]
    private ILogger<PageBoundary> Logger { get; set; } = default!;

    /// <inheritdoc/>
    protected override Task OnErrorAsync(Exception exception)
    {
        if (exception is not Refusal)
        {
            Logger.LogError(exception, "A page failed");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        var (title, detail) = CurrentException is Refusal refusal
            ? (refusal.Kind switch
            {
                RefusalKind.NotFound => "This is not there, or not for you",
                RefusalKind.Forbidden => "You may not do this",
                _ => "This does not work",
            }, refusal.Message)
            : ("This page failed", "What was saved is kept. Try again; if it fails again, tell the site's administrator the time at which it did.");
        builder.OpenComponent<ErrorState>(1);
        builder.AddComponentParameter(2, nameof(ErrorState.Title), title);
        builder.AddComponentParameter(3, nameof(ErrorState.Hint), detail);
        builder.AddComponentParameter(4, nameof(ErrorState.Retry), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }
}
