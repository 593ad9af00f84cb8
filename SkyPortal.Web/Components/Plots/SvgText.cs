using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace SkyPortal.Web.Components.Plots;

/// <summary>A text of an SVG picture. Razor keeps the element "text" for itself.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Horizontal place.</summary>
    [Parameter, EditorRequired]
    public required string X { get; set; }

    /// <summary>Place of the baseline.</summary>
    [Parameter, EditorRequired]
    public required string Y { get; set; }

    /// <summary>What is written.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>start, middle or end.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>Class of the element.</summary>
    [Parameter]
    public string Class { get; set; } = "tick";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "text-anchor", Anchor);
        builder.AddContent(5, Text);
        builder.CloseElement();
    }
}
