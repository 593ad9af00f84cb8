namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Compares syntax trees without regard to where their pieces stand in the text.</summary>
internal static class FilterTrees
{
    public static bool Same(FilterSyntax left, FilterSyntax right) => (left, right) switch
    {
        (NumberSyntax a, NumberSyntax b) => a.Value.Equals(b.Value),
        (TextSyntax a, TextSyntax b) => a.Value == b.Value,
        (TruthSyntax a, TruthSyntax b) => a.Value == b.Value,
        (NullSyntax, NullSyntax) => true,
        (PathSyntax a, PathSyntax b) => a.Names.Select(name => name.Value).SequenceEqual(b.Names.Select(name => name.Value)),
        (NegateSyntax a, NegateSyntax b) => Same(a.Operand, b.Operand),
        (NotSyntax a, NotSyntax b) => Same(a.Operand, b.Operand),
        (ChainSyntax a, ChainSyntax b) => a.IsAnd == b.IsAnd && Same(a.Operands, b.Operands),
        (BinarySyntax a, BinarySyntax b) => a.Operator == b.Operator && Same(a.Left, b.Left) && Same(a.Right, b.Right),
        (InSyntax a, InSyntax b) => a.Negated == b.Negated && Same(a.Operand, b.Operand) && Same(a.Items, b.Items),
        (BetweenSyntax a, BetweenSyntax b) => a.Negated == b.Negated && Same(a.Operand, b.Operand) && Same(a.Low, b.Low) && Same(a.High, b.High),
        (NullTestSyntax a, NullTestSyntax b) => a.Negated == b.Negated && Same(a.Operand, b.Operand),
        (CallSyntax a, CallSyntax b) => a.Name.Value == b.Name.Value && Same(a.Arguments, b.Arguments),
        _ => false,
    };

    private static bool Same(IReadOnlyList<FilterSyntax> left, IReadOnlyList<FilterSyntax> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => Same(pair.First, pair.Second));
}
