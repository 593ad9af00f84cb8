namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// A filter's text cannot be compiled. The message names what is wrong; the position says where.
/// It is the only exception that compiling a filter's text throws.
/// </summary>
public sealed class FilterSyntaxException : Exception
{
    internal FilterSyntaxException(string message, string text, FilterSpan span)
        : this(message, text, span, annotation: null)
    {
    }

    private FilterSyntaxException(string message, string text, FilterSpan span, string? annotation)
        : base(message)
    {
        Text = text;
        Span = span;
        Annotation = annotation;
        (Line, Column) = Locate(text, span.Offset);
    }

    /// <summary>The text that was compiled.</summary>
    public string Text { get; }

    /// <summary>Where in <see cref="Text"/> the error lies.</summary>
    public FilterSpan Span { get; }

    /// <summary>Line of the error, from 1.</summary>
    public int Line { get; }

    /// <summary>Column of the error in its line, from 1.</summary>
    public int Column { get; }

    /// <summary>Name of the annotation whose text is wrong; null where it is the filter's condition.</summary>
    public string? Annotation { get; }

    internal FilterSyntaxException ForAnnotation(string annotation) => new(Message, Text, Span, annotation);

    private static (int Line, int Column) Locate(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
