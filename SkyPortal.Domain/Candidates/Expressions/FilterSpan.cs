namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>A stretch of a filter's text.</summary>
/// <param name="Offset">Zero-based position of its first character (UTF-16 units).</param>
/// <param name="Length">Number of characters; zero at the end of the text.</param>
public readonly record struct FilterSpan(int Offset, int Length)
{
    /// <summary>Position just after the last character.</summary>
    public int End => Offset + Length;

    /// <summary>The smallest stretch that covers both.</summary>
    public static FilterSpan Cover(FilterSpan first, FilterSpan last) =>
        new(first.Offset, Math.Max(first.End, last.End) - first.Offset);
}
