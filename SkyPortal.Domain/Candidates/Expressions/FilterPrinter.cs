using System.Globalization;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Writes a syntax tree as text of one line with no parentheses but those without which it would be read as another tree.</summary>
internal static class FilterPrinter
{
    // How tightly a piece binds, as in the parser: a piece stands bare where at least this much is asked for.
    private const int Loosest = 0;
    private const int All = 1;
    private const int Truth = 2;
    private const int Comparison = 3;
    private const int Default = 4;
    private const int Sum = 5;
    private const int Product = 6;
    private const int Prefix = 7;
    private const int Primary = 8;

    public static string Print(FilterSyntax syntax) => Print(syntax, Loosest);

    /// <summary>An operand of <c>and</c>, <c>or</c> or <c>not</c> as it must stand there.</summary>
    public static string PrintOperand(FilterSyntax syntax, bool ofOr) => Print(syntax, ofOr ? All : Truth);

    /// <summary>A text as it is written: quoted, with backslashes where they are needed.</summary>
    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>A number of zero or more as it is written; reads back as the same double.</summary>
    public static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return value > FilterRuntime.LargestExactInteger && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            ? value.ToString("E16", CultureInfo.InvariantCulture)
            : text;
    }

    private static string Print(FilterSyntax syntax, int wanted)
    {
        var text = Bare(syntax);
        return Level(syntax) >= wanted ? text : $"({text})";
    }

    private static int Level(FilterSyntax syntax) => syntax switch
    {
        ChainSyntax chain => chain.IsAnd ? All : Loosest,
        NotSyntax => Truth,
        BinarySyntax binary => binary.Operator switch
        {
            FilterOperator.Add or FilterOperator.Subtract => Sum,
            FilterOperator.Multiply or FilterOperator.Divide or FilterOperator.Remainder => Product,
            FilterOperator.Default => Default,
            _ => Comparison,
        },
        InSyntax or BetweenSyntax or NullTestSyntax => Comparison,
        NegateSyntax => Prefix,
        _ => Primary,
    };

    private static string Bare(FilterSyntax syntax) => syntax switch
    {
        NumberSyntax number => Number(number.Value),
        TextSyntax quoted => Quote(quoted.Value),
        TruthSyntax truth => truth.Value ? "true" : "false",
        NullSyntax => "null",
        PathSyntax path => string.Join('.', path.Names.Select(name => name.Value)),
        NegateSyntax negate => $"-{Print(negate.Operand, Prefix)}",
        NotSyntax not => $"not {Print(not.Operand, Truth)}",
        ChainSyntax chain => string.Join(chain.IsAnd ? " and " : " or ", chain.Operands.Select(operand => PrintOperand(operand, !chain.IsAnd))),
        BinarySyntax binary => Binary(binary),
        InSyntax list => $"{Print(list.Operand, Default)} {(list.Negated ? "not in" : "in")} [{string.Join(", ", list.Items.Select(item => Print(item, Default)))}]",
        BetweenSyntax between =>
            $"{Print(between.Operand, Default)} {(between.Negated ? "not between" : "between")} {Print(between.Low, Default)} and {Print(between.High, Default)}",
        NullTestSyntax test => $"{Print(test.Operand, Default)} {(test.Negated ? "is not null" : "is null")}",
        CallSyntax call => $"{call.Name.Value}({string.Join(", ", call.Arguments.Select(argument => Print(argument, Loosest)))})",
        _ => throw new InvalidOperationException($"Unhandled syntax {syntax.GetType().Name}."),
    };

    private static string Binary(BinarySyntax binary)
    {
        // Sums and products group from the left, ?? from the right; comparisons do not chain.
        var (left, right) = Level(binary) switch
        {
            Sum => (Sum, Product),
            Product => (Product, Prefix),
            Default => (Sum, Default),
            _ => (Default, Default),
        };
        return $"{Print(binary.Left, left)} {binary.Symbol.Value} {Print(binary.Right, right)}";
    }
}
