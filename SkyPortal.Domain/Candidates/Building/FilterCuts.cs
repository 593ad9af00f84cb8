using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Candidates.Building;

/// <summary>Between pieces of syntax and cuts.</summary>
internal static class FilterCuts
{
    private static readonly (FilterCutKind Kind, string Symbol)[] Comparisons =
    [
        (FilterCutKind.Less, "<"), (FilterCutKind.AtMost, "<="), (FilterCutKind.Greater, ">"), (FilterCutKind.AtLeast, ">="),
        (FilterCutKind.Equal, "=="), (FilterCutKind.NotEqual, "!="),
    ];

    /// <summary>The cut that a condition is; null where it is none.</summary>
    public static FilterCut? Read(FilterSyntax syntax, string text) => syntax switch
    {
        PathSyntax or CallSyntax => Of(syntax, FilterCutKind.IsTrue, []),
        NotSyntax { Operand: PathSyntax or CallSyntax } not => Of(not.Operand, FilterCutKind.IsFalse, []),
        NullTestSyntax test => Of(test.Operand, test.Negated ? FilterCutKind.IsNotNull : FilterCutKind.IsNull, []),
        BetweenSyntax between => Of(between.Operand, between.Negated ? FilterCutKind.NotBetween : FilterCutKind.Between, [between.Low, between.High], text),
        InSyntax list => Of(list.Operand, list.Negated ? FilterCutKind.NotIn : FilterCutKind.In, list.Items, text),
        BinarySyntax binary when Array.Find(Comparisons, item => item.Symbol == binary.Symbol.Value) is { Symbol: not null } found =>
            Of(binary.Left, found.Kind, [binary.Right], text),
        _ => null,
    };

    /// <summary>The condition that a cut is.</summary>
    public static string Write(FilterCut cut)
    {
        var values = cut.Values.Select(value => cut.IsText ? FilterPrinter.Quote(value) : value.Trim()).ToList();
        return cut.Kind switch
        {
            FilterCutKind.IsTrue => cut.Quantity,
            FilterCutKind.IsFalse => $"not {cut.Quantity}",
            FilterCutKind.IsNull => $"{cut.Quantity} is null",
            FilterCutKind.IsNotNull => $"{cut.Quantity} is not null",
            FilterCutKind.Between => $"{cut.Quantity} between {values.ElementAtOrDefault(0)} and {values.ElementAtOrDefault(1)}",
            FilterCutKind.NotBetween => $"{cut.Quantity} not between {values.ElementAtOrDefault(0)} and {values.ElementAtOrDefault(1)}",
            FilterCutKind.In => $"{cut.Quantity} in [{string.Join(", ", values)}]",
            FilterCutKind.NotIn => $"{cut.Quantity} not in [{string.Join(", ", values)}]",
            _ => $"{cut.Quantity} {Comparisons.Single(item => item.Kind == cut.Kind).Symbol} {values.ElementAtOrDefault(0)}",
        };
    }

    private static FilterCut? Of(FilterSyntax quantity, FilterCutKind kind, IReadOnlyList<FilterSyntax> values, string text = "")
    {
        var printed = FilterPrinter.Print(quantity);
        var isText = values.Count > 0 && values.All(value => value is TextSyntax);
        if (!(quantity is PathSyntax || FilterQuantities.IsKnown(printed)) || !(isText || values.All(IsNumber)))
        {
            return null;
        }

        var cut = new FilterCut { Quantity = printed, Kind = kind, IsText = isText };
        cut.Values.AddRange(values.Select(value => value is TextSyntax quoted ? quoted.Value : Digits(value, text)));
        return cut;
    }

    private static bool IsNumber(FilterSyntax syntax) => syntax is NumberSyntax or NegateSyntax { Operand: NumberSyntax };

    // As they were written, so that 0.80 stays 0.80.
    private static string Digits(FilterSyntax syntax, string text) => syntax switch
    {
        NegateSyntax negate => "-" + Digits(negate.Operand, text),
        _ => text.Substring(syntax.Span.Offset, syntax.Span.Length) is var digits && digits.StartsWith('(') ? FilterPrinter.Print(syntax) : digits,
    };
}
