namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Bounds that keep a filter's text cheap to compile and its evaluation cheap to run.</summary>
public static class FilterLimits
{
    /// <summary>Longest text of one expression [characters].</summary>
    public const int TextLength = 16_384;

    /// <summary>Most literals, names, operators and calls in one expression.</summary>
    public const int Nodes = 1_000;

    /// <summary>Deepest nesting of parentheses, calls and prefix operators.</summary>
    public const int Depth = 64;

    /// <summary>Deepest nesting of aggregates within aggregates.</summary>
    public const int AggregateDepth = 2;

    /// <summary>Most annotations of one filter.</summary>
    public const int Annotations = 50;

    /// <summary>Longest name of an annotation [characters].</summary>
    public const int AnnotationNameLength = 64;

    /// <summary>
    /// Most array elements that one evaluation of a filter visits, its annotations included. A filter that
    /// would visit more does not pass, and its outcome says so.
    /// </summary>
    public const int VisitedElements = 1_000_000;
}
