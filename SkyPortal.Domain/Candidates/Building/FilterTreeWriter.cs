using System.Text;
using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Candidates.Building;

/// <summary>Writes a tree of conditions as text: one line for each condition of the root, comments above.</summary>
public static class FilterTreeWriter
{
    private const string Indent = "    ";
    private const int LongestShortGroup = 70;

    /// <summary>Writes it. Empty groups and cuts without a quantity are left out; the text is empty where nothing is left.</summary>
    public static string Write(FilterGroup root)
    {
        var lines = new Lines();
        if (root.IsNegated && !IsEmpty(root))
        {
            Node(lines, root, joint: "", depth: 0);
        }
        else
        {
            Comments(lines, root.Comment, 0);
            Items(lines, root, 0);
        }

        return lines.ToString();
    }

    /// <summary>One condition as text, on its own.</summary>
    public static string Write(FilterNode node)
    {
        var lines = new Lines();
        Node(lines, node, "", 0);
        return lines.ToString();
    }

    /// <summary>The conditions of the root of a text: all of them must hold. One condition where the text has but one.</summary>
    /// <exception cref="FilterSyntaxException">The text is not an expression or exceeds a limit.</exception>
    public static IReadOnlyList<string> Clauses(string text) => FilterParser.Parse(text) switch
    {
        ChainSyntax { IsAnd: true } chain => [.. chain.Operands.Select(FilterPrinter.Print)],
        var syntax => [FilterPrinter.Print(syntax)],
    };

    private static bool IsEmpty(FilterNode node) => node switch
    {
        FilterGroup group => group.Items.All(IsEmpty),
        FilterExpressionRow row => row.Text.Trim().Length == 0,
        FilterCut cut => cut.Quantity.Length == 0,
        _ => false,
    };

    private static void Items(Lines lines, FilterGroup group, int depth)
    {
        var joint = "";
        foreach (var item in group.Items.Where(item => !IsEmpty(item)))
        {
            Node(lines, item, joint, depth, group);
            joint = group.IsAll ? "and " : "or ";
        }
    }

    private static void Node(Lines lines, FilterNode node, string joint, int depth, FilterGroup? parent = null)
    {
        Comments(lines, node.Comment, depth);
        switch (node)
        {
            case FilterGroup group:
                Group(lines, group, joint, depth, parent);
                break;
            case FilterCut cut:
                lines.Add(depth, joint + FilterCuts.Write(cut));
                break;
            case FilterExpressionRow row:
                Expression(lines, row.Text.Trim(), joint, depth, parent);
                break;
        }
    }

    private static void Group(Lines lines, FilterGroup group, string joint, int depth, FilterGroup? parent)
    {
        var items = group.Items.Where(item => !IsEmpty(item)).ToList();
        if (!group.IsNegated && items is [var only])
        {
            // A group of one says what its one condition says.
            Node(lines, only, joint, depth, parent);
            return;
        }

        var before = joint + (group.IsNegated ? "not " : "");
        var lone = new Lines();
        Items(lone, group, 0);
        if (lone.Joined is { Length: <= LongestShortGroup } line)
        {
            lines.Add(depth, $"{before}({line})");
        }
        else
        {
            lines.Add(depth, before + "(");
            Items(lines, group, depth + 1);
            lines.Add(depth, ")");
        }
    }

    private static void Expression(Lines lines, string text, string joint, int depth, FilterGroup? parent)
    {
        var needsBrackets = NeedsBrackets(text, parent is { IsAll: false });
        var body = needsBrackets ? $"({text}{(text.Contains('#', StringComparison.Ordinal) ? "\n" : "")})" : text;
        lines.Add(depth, joint + body);
    }

    /// <summary>Whether the text would be read otherwise beside its neighbours.</summary>
    private static bool NeedsBrackets(string text, bool ofOr)
    {
        try
        {
            // What is in brackets already is a chain too, but begins with one.
            return FilterParser.Parse(text) is ChainSyntax { IsAnd: var isAnd } chain && !(isAnd && ofOr) && !IsBracketed(chain, text);
        }
        catch (FilterSyntaxException)
        {
            return false;
        }
    }

    private static bool IsBracketed(ChainSyntax chain, string text) => chain.Span.Offset < chain.Operands[0].Span.Offset && text[chain.Span.Offset] == '(';

    private static void Comments(Lines lines, string comment, int depth)
    {
        foreach (var line in comment.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            lines.Add(depth, $"# {line}");
        }
    }

    private sealed class Lines
    {
        private readonly StringBuilder _text = new();
        private int _count;

        /// <summary>All in one line; null where a comment ends one.</summary>
        public string? Joined => _text.ToString() is var text && !text.Contains('#', StringComparison.Ordinal) && !text.Contains("\n ", StringComparison.Ordinal) ? text.ReplaceLineEndings(" ") : null;

        public void Add(int depth, string line)
        {
            if (_count++ > 0)
            {
                _text.Append('\n');
            }

            _text.Insert(_text.Length, Indent, depth).Append(line);
        }

        public override string ToString() => _text.ToString();
    }
}
