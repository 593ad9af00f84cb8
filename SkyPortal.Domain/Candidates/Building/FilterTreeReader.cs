using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Candidates.Building;

/// <summary>
/// Reads a filter's text into conditions that a builder can show. What a cut cannot say becomes a row of text, so that nothing is
/// lost; comments stay with the condition beside which they stand.
/// </summary>
public static class FilterTreeReader
{
    // Deeper groups are rare and would not fit a screen; they are shown as text.
    private const int DeepestGroup = 6;

    /// <summary>Reads a text. The root is always a group, of one condition where the text has but one.</summary>
    /// <exception cref="FilterSyntaxException">The text is not an expression or exceeds a limit.</exception>
    public static FilterGroup Read(string text)
    {
        var syntax = FilterParser.Parse(text, out var comments);
        return new Reading(text).Root(syntax, comments);
    }

    private sealed class Reading(string text)
    {
        private readonly List<(FilterSpan Span, FilterNode Node)> _leaves = [];

        public FilterGroup Root(FilterSyntax syntax, IReadOnlyList<FilterSpan> comments)
        {
            var root = syntax is ChainSyntax chain ? Group(chain, 1) : new FilterGroup();
            if (root.Items.Count == 0)
            {
                root.Items.Add(Node(syntax, 1));
            }

            foreach (var comment in comments)
            {
                Place(comment);
            }

            return root;
        }

        private FilterGroup Group(ChainSyntax chain, int depth)
        {
            var group = new FilterGroup { IsAll = chain.IsAnd };
            group.Items.AddRange(chain.Operands.Select(operand => Node(operand, depth)));
            return group;
        }

        private FilterNode Node(FilterSyntax syntax, int depth)
        {
            if (FilterCuts.Read(syntax, text) is { } cut)
            {
                return Leaf(cut, syntax.Span);
            }

            switch (syntax)
            {
                case ChainSyntax chain when depth < DeepestGroup:
                    return Group(chain, depth + 1);
                case NotSyntax { Operand: ChainSyntax chain } when depth < DeepestGroup:
                    var negated = Group(chain, depth + 1);
                    negated.IsNegated = true;
                    return negated;
                case NotSyntax not when depth < DeepestGroup && not.Operand is not NotSyntax:
                    var single = new FilterGroup { IsNegated = true };
                    single.Items.Add(Node(not.Operand, depth + 1));
                    return single;
                default:
                    var span = WithoutBrackets(syntax);
                    return Leaf(new FilterExpressionRow { Text = text.Substring(span.Offset, span.Length) }, span);
            }
        }

        private FilterNode Leaf(FilterNode node, FilterSpan span)
        {
            _leaves.Add((span, node));
            return node;
        }

        /// <summary>Where a condition stands without brackets about the whole of it; they are written again where they are needed.</summary>
        private FilterSpan WithoutBrackets(FilterSyntax syntax)
        {
            var span = syntax.Span;
            while (text[span.Offset] == '(' && text[span.End - 1] == ')')
            {
                try
                {
                    var inner = FilterParser.Parse(text.Substring(span.Offset + 1, span.Length - 2));
                    if (!FilterTrees.Same(syntax, inner))
                    {
                        break;
                    }

                    span = new FilterSpan(span.Offset + 1 + inner.Span.Offset, inner.Span.Length);
                }
                catch (FilterSyntaxException)
                {
                    // The first bracket and the last are of two pairs.
                    break;
                }
            }

            return span;
        }

        /// <summary>A comment belongs to the leaf that it stands in, to the one that ends on its line, else to the next, else to the last.</summary>
        private void Place(FilterSpan comment)
        {
            var within = _leaves.FindIndex(leaf => leaf.Span.Offset <= comment.Offset && comment.End <= leaf.Span.End);
            if (within >= 0 && _leaves[within].Node is FilterExpressionRow)
            {
                return;
            }

            var before = _leaves.FindLastIndex(leaf => leaf.Span.End <= comment.Offset);
            var after = _leaves.FindIndex(leaf => leaf.Span.Offset >= comment.End);
            var isBeside = before >= 0 && text.IndexOf('\n', _leaves[before].Span.End, comment.Offset - _leaves[before].Span.End) < 0;
            var node = _leaves[within >= 0 ? within : isBeside || after < 0 ? before : after].Node;
            var words = text.Substring(comment.Offset + 1, comment.Length - 1).Trim();
            node.Comment = node.Comment.Length == 0 ? words : $"{node.Comment}\n{words}";
        }
    }
}
