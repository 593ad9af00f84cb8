namespace SkyPortal.Domain.Candidates.Expressions;

internal enum FilterTokenKind
{
    End,
    Number,
    Text,
    Name,
    Keyword,
    Symbol,
}

/// <summary>A token; <paramref name="Value"/> is the decoded text, lower-case for keywords.</summary>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Value, double Number, FilterSpan Span)
{
    public bool Is(string symbolOrKeyword) =>
        Kind is FilterTokenKind.Symbol or FilterTokenKind.Keyword && Value == symbolOrKeyword;
}
