using Microsoft.AspNetCore.Components;
using SkyPortal.Web.Components.Panels;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>The parts of a source that are read only while a panel that shows them is open.</summary>
[Flags]
public enum SourceParts
{
    /// <summary>The object, its groups and classes, which the header shows.</summary>
    None = 0,
    Photometry = 1,
    Spectra = 2,
    Thumbnails = 4,
    Annotations = 8,
}

/// <summary>What a panel is given.</summary>
/// <param name="Points">Photometry as plots show it; the same list as long as no point changes.</param>
/// <param name="Changed">To be called when something of the source was changed here.</param>
public sealed record SourceView(SourceModel Model, IReadOnlyList<PlotPoint> Points, EventCallback Changed);

/// <summary>A panel of the page of a source.</summary>
/// <param name="Id">Name under which its place is kept; it never changes.</param>
/// <param name="Title">Title, as in the panel's own heading; shown where the panel is folded or hidden.</param>
/// <param name="Column">First of the 12 columns, from 0, until a person moves it.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows of 24 pixels.</param>
/// <param name="Needs">Parts of the source that it shows; what it reads by itself is not named.</param>
/// <param name="Body">The panel; built only while it is open.</param>
public sealed record SourcePanel(string Id, string Title, int Column, int Width, int Height, SourceParts Needs, RenderFragment<SourceView> Body)
{
    /// <summary>Folded until a person opens it.</summary>
    public bool IsFolded { get; init; }

    /// <summary>Whether it has nothing to show but a line that says so; it takes <see cref="EmptyRows"/> then.</summary>
    public Func<SourceModel, bool> IsEmpty { get; init; } = _ => false;

    /// <summary>Rows that are enough while it has nothing to show.</summary>
    public int EmptyRows { get; init; } = 3;

    /// <summary>Where it lies until a person moves it.</summary>
    public PanelPlace Start => new(Id, Column, 0, Width, Height, IsFolded);
}
