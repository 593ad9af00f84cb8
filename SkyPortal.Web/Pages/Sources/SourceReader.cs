using Microsoft.AspNetCore.Components;
using SkyPortal.Domain.Access;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>Base of panels that read something of their own about a source: again whenever the source itself was read again.</summary>
public abstract class SourceReader : ComponentBase
{
    private SourceModel? _read;

    /// <summary>The source.</summary>
    [Parameter, EditorRequired]
    public required SourceModel Model { get; set; }

    /// <summary>To be called when something of the source was changed here.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    protected Viewer Viewer { get; set; } = Viewer.Nobody;

    /// <summary>Name of the source.</summary>
    protected string ObjId => Model.Obj.Id;

    /// <summary>Whether what it shows was read once.</summary>
    protected bool IsRead { get; private set; }

    /// <summary>Reads what it shows, and keeps it only where <paramref name="isNewest"/> still holds afterwards.</summary>
    protected abstract Task ReadAsync(Func<bool> isNewest);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_read, Model))
        {
            return;
        }

        var model = _read = Model;
        await ReadAsync(() => ReferenceEquals(model, _read));
        IsRead = true;
    }

    /// <summary>Reads it now.</summary>
    protected Task ReadAgainAsync()
    {
        var model = _read;
        return ReadAsync(() => ReferenceEquals(model, _read));
    }
}
