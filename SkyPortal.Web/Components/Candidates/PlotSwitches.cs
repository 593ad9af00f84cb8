namespace SkyPortal.Web.Components.Candidates;

/// <summary>What the light curves of the cards show.</summary>
/// <param name="Limits">Upper limits.</param>
/// <param name="Forced">Forced photometry.</param>
/// <param name="Matched">Points of the objects that are tied to it as the same thing in the sky.</param>
public sealed record PlotSwitches(bool Limits = true, bool Forced = true, bool Matched = false)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static PlotSwitches Parse(string? text)
    {
        var words = (text ?? "").Split(',');
        return new PlotSwitches(!words.Contains("-limits"), !words.Contains("-forced"), words.Contains("matched"));
    }

    /// <summary>What is otherwise than usual; null where nothing is.</summary>
    public override string? ToString()
    {
        string?[] words = [Limits ? null : "-limits", Forced ? null : "-forced", Matched ? "matched" : null];
        return words.Any(word => word is not null) ? string.Join(',', words.OfType<string>()) : null;
    }
}
