namespace SkyPortal.Domain.Candidates.Expressions;

internal enum FilterOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Default,
}

internal abstract record FilterSyntax(FilterSpan Span);

internal sealed record NumberSyntax(double Value, FilterSpan Span) : FilterSyntax(Span);

internal sealed record TextSyntax(string Value, FilterSpan Span) : FilterSyntax(Span);

internal sealed record TruthSyntax(bool Value, FilterSpan Span) : FilterSyntax(Span);

internal sealed record NullSyntax(FilterSpan Span) : FilterSyntax(Span);

/// <summary>A path such as <c>candidate.drb</c>: its names with the position of each.</summary>
internal sealed record PathSyntax(IReadOnlyList<FilterToken> Names, FilterSpan Span) : FilterSyntax(Span);

internal sealed record NegateSyntax(FilterSyntax Operand, FilterSpan Span) : FilterSyntax(Span);

internal sealed record NotSyntax(FilterSyntax Operand, FilterSpan Span) : FilterSyntax(Span);

/// <summary>A run of <c>and</c> or of <c>or</c>, kept flat so that long lists of cuts do not nest.</summary>
internal sealed record ChainSyntax(bool IsAnd, IReadOnlyList<FilterSyntax> Operands, FilterSpan Span) : FilterSyntax(Span);

internal sealed record BinarySyntax(FilterOperator Operator, FilterToken Symbol, FilterSyntax Left, FilterSyntax Right, FilterSpan Span)
    : FilterSyntax(Span);

internal sealed record InSyntax(FilterSyntax Operand, IReadOnlyList<FilterSyntax> Items, bool Negated, FilterSpan Span)
    : FilterSyntax(Span);

internal sealed record BetweenSyntax(FilterSyntax Operand, FilterSyntax Low, FilterSyntax High, bool Negated, FilterSpan Span)
    : FilterSyntax(Span);

internal sealed record NullTestSyntax(FilterSyntax Operand, bool Negated, FilterSpan Span) : FilterSyntax(Span);

internal sealed record CallSyntax(FilterToken Name, IReadOnlyList<FilterSyntax> Arguments, FilterSpan Span) : FilterSyntax(Span);
