namespace SkyPortal.Domain.Candidates.Building;

/// <summary>A filter as a tree of conditions that a person can edit piece by piece. Made from text by <see cref="FilterTreeReader"/>.</summary>
public abstract class FilterNode
{
    /// <summary>Words beside the condition, without the leading #; lines are separated by line feeds. Empty where there are none.</summary>
    public string Comment { get; set; } = "";
}

/// <summary>Conditions of which all or any must hold.</summary>
public sealed class FilterGroup : FilterNode
{
    /// <summary>Whether all must hold; else any.</summary>
    public bool IsAll { get; set; } = true;

    /// <summary>Whether the whole is turned round: <c>not (...)</c>.</summary>
    public bool IsNegated { get; set; }

    /// <summary>The conditions, in order.</summary>
    public List<FilterNode> Items { get; } = [];
}

/// <summary>How a cut compares.</summary>
public enum FilterCutKind
{
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    NotEqual,
    Between,
    NotBetween,
    In,
    NotIn,
    IsNull,
    IsNotNull,
    IsTrue,
    IsFalse,
}

/// <summary>One quantity against one or more values: <c>candidate.drb &gt; 0.8</c>.</summary>
public sealed class FilterCut : FilterNode
{
    /// <summary>The quantity as it is written: a field, or one of <see cref="FilterQuantities"/>.</summary>
    public string Quantity { get; set; } = "";

    /// <summary>How it is compared.</summary>
    public FilterCutKind Kind { get; set; } = FilterCutKind.Greater;

    /// <summary>Whether the values are text; they are kept without quotes then, and numbers as they are written.</summary>
    public bool IsText { get; set; }

    /// <summary>Two values for a range, any number above zero for a list, none for tests of null and truth, else one.</summary>
    public List<string> Values { get; } = [];
}

/// <summary>A condition that is kept as text, since it says more than a cut can.</summary>
public sealed class FilterExpressionRow : FilterNode
{
    /// <summary>The condition as it was written, its comments included.</summary>
    public string Text { get; set; } = "";
}
