using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates.Building;

public class FilterPrinterTests
{
    [Theory]
    [InlineData("(mag<19)", "mag < 19")]
    [InlineData("((a.b)+1)*2-(3-4)", "(a.b + 1) * 2 - (3 - 4)")]
    [InlineData("(x and y) or z", "x and y or z")]
    [InlineData("x and (y or z)", "x and (y or z)")]
    [InlineData("(x and y) and z", "(x and y) and z")]
    [InlineData("not (not x)", "not not x")]
    [InlineData("not (x > 1)", "not x > 1")]
    [InlineData("not (x or y)", "not (x or y)")]
    [InlineData("(a ?? b) ?? c", "(a ?? b) ?? c")]
    [InlineData("a ?? (b ?? c)", "a ?? b ?? c")]
    [InlineData("-(-x)", "--x")]
    [InlineData("-(a + b)", "-(a + b)")]
    [InlineData("(a in [1,2]) == true", "(a in [1, 2]) == true")]
    [InlineData("band == 'it\\'s \"g\"'", "band == \"it's \\\"g\\\"\"")]
    [InlineData("x NOT IN [ 1 ] AND y IS  NOT NULL # why", "x not in [1] and y is not null")]
    [InlineData("x != null", "x != null")]
    [InlineData("1e300 > 5e-324", "1E+300 > 5E-324")]
    public void Print_Text_HasNoBracketThatItCouldDoWithout(string text, string expected) =>
        Assert.Equal(expected, FilterPrinter.Print(FilterParser.Parse(text)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Print_RandomTree_ReadsBackAsTheSameTree(int seed)
    {
        var random = new RandomFilters(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var tree = random.Tree(1 + (round % 5));
            var text = FilterPrinter.Print(tree);
            Assert.True(FilterTrees.Same(tree, FilterParser.Parse(text)), text);
        }
    }

    [Fact]
    public void Print_RandomTree_EachPairOfBracketsIsNeeded()
    {
        var random = new RandomFilters(4);
        for (var round = 0; round < 1_000; round++)
        {
            var tree = random.Tree(3);
            var text = FilterPrinter.Print(tree);
            foreach (var (open, close) in Groups(text))
            {
                var without = text.Remove(close, 1).Remove(open, 1).Insert(open, " ");
                Assert.False(Reads(without) is { } other && FilterTrees.Same(tree, other), $"{text} is also {without}");
            }
        }
    }

    [Fact]
    public void Quantities_EachComputedOne_IsInThePrintersFormAndCompiles()
    {
        foreach (var environment in new[] { FilterEnvironment.Ztf, FilterEnvironment.Lsst })
        {
            foreach (var quantity in FilterQuantities.Of(environment))
            {
                Assert.Equal(quantity.Expression, FilterPrinter.Print(FilterParser.Parse(quantity.Expression)));
                Assert.Empty(FilterCompiler.Check(new FilterDefinition($"isnull({quantity.Expression})"), environment).Select(error => $"{quantity.Expression}: {error.Message}"));
            }
        }
    }

    private static FilterSyntax? Reads(string text)
    {
        try
        {
            return FilterParser.Parse(text);
        }
        catch (FilterSyntaxException)
        {
            return null;
        }
    }

    /// <summary>Brackets that group, outside quotes; those of calls follow a name at once.</summary>
    private static IEnumerable<(int Open, int Close)> Groups(string text)
    {
        var open = new Stack<(int At, bool Groups)>();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
            {
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] == '(')
            {
                open.Push((i, i == 0 || !(char.IsAsciiLetterOrDigit(text[i - 1]) || text[i - 1] == '_')));
            }
            else if (!quoted && text[i] == ')' && open.Pop() is { Groups: true } pair)
            {
                yield return (pair.At, i);
            }
        }
    }
}
