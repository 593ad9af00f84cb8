using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates.Building;

public class FilterTreeTests
{
    [Fact]
    public void Read_Text_ShowsCutsGroupsAndWhatIsLeft()
    {
        var root = FilterTreeReader.Read("""
            # Young and real
            candidate.drb > 0.80 # the newer score
            and not is_moving
            and (band in ["g", "r"] or snr between 5 and -1)
            and not (star_distance_arcsec < 2 and star_galaxy_score > 0.5)
            and count(history, is_detection and is_positive) >= 2
            # ratio
            and mag / magerr > 3
            """);

        Assert.True(root.IsAll);
        Assert.Equal(6, root.Items.Count);
        var drb = Assert.IsType<FilterCut>(root.Items[0]);
        Assert.Equal(("candidate.drb", FilterCutKind.Greater, "0.80", "Young and real\nthe newer score"), (drb.Quantity, drb.Kind, drb.Values[0], drb.Comment));
        Assert.Equal(("is_moving", FilterCutKind.IsFalse), (((FilterCut)root.Items[1]).Quantity, ((FilterCut)root.Items[1]).Kind));
        var any = Assert.IsType<FilterGroup>(root.Items[2]);
        Assert.False(any.IsAll);
        Assert.True(((FilterCut)any.Items[0]).IsText);
        Assert.Equal(["g", "r"], ((FilterCut)any.Items[0]).Values);
        Assert.Equal(["5", "-1"], ((FilterCut)any.Items[1]).Values);
        Assert.True(Assert.IsType<FilterGroup>(root.Items[3]) is { IsNegated: true, IsAll: true, Items.Count: 2 });
        Assert.Equal("count(history, is_detection and is_positive)", ((FilterCut)root.Items[4]).Quantity);
        var left = Assert.IsType<FilterExpressionRow>(root.Items[5]);
        Assert.Equal(("mag / magerr > 3", "ratio"), (left.Text, left.Comment));
    }

    [Fact]
    public void Write_Tree_GivesOneLinePerConditionWithItsComment()
    {
        var root = FilterTreeReader.Read("drb>.5 and (mag<19 or is_moving) and not(ra<1 or dec<1) # far\n and abs(mag)>3");

        Assert.Equal(
            """
            drb > .5
            and (mag < 19 or is_moving)
            and not (
                ra < 1
                # far
                or dec < 1
            )
            and abs(mag)>3
            """.ReplaceLineEndings("\n"),
            FilterTreeWriter.Write(root));
    }

    [Fact]
    public void Write_GroupsOfOneAndNone_AreLeftOut()
    {
        var root = new FilterGroup();
        root.Items.Add(new FilterGroup());
        var one = new FilterGroup { IsAll = false };
        one.Items.Add(new FilterCut { Quantity = "mag", Kind = FilterCutKind.Less, Values = { "19" } });
        root.Items.Add(one);
        root.Items.Add(new FilterExpressionRow { Text = "is_moving or drb > 1 # odd" });

        var text = FilterTreeWriter.Write(root);

        Assert.Equal("mag < 19\nand (is_moving or drb > 1 # odd\n)", text);
        FilterParser.Parse(text);
        Assert.Equal("", FilterTreeWriter.Write(new FilterGroup()));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void ReadThenWrite_RandomText_IsTheSameTreeWithTheSameComments(int seed)
    {
        var random = new RandomFilters(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var text = random.Text(1 + (round % 6));
            var written = FilterTreeWriter.Write(FilterTreeReader.Read(text));
            Assert.True(FilterTrees.Same(FilterParser.Parse(text), FilterParser.Parse(written)), $"{text}\n--\n{written}");
            Assert.Equal(Comments(text), Comments(written));
            Assert.Equal(written, FilterTreeWriter.Write(FilterTreeReader.Read(written)));
        }
    }

    [Fact]
    public void ReadThenWrite_RandomTree_IsTheSameTree()
    {
        var random = new RandomFilters(14);
        for (var round = 0; round < 2_000; round++)
        {
            var tree = random.Tree(1 + (round % 5));
            var written = FilterTreeWriter.Write(FilterTreeReader.Read(FilterPrinter.Print(tree)));
            Assert.True(FilterTrees.Same(tree, FilterParser.Parse(written)), $"{FilterPrinter.Print(tree)}\n--\n{written}");
        }
    }

    [Fact]
    public void Clauses_Text_AreTheConditionsThatMustAllHold()
    {
        Assert.Equal(["drb > 0.5", "mag < 19 or ra > 1", "is_moving"], FilterTreeWriter.Clauses("(drb>0.5) and (mag<19 or ra>1) and is_moving"));
        Assert.Equal(["drb > 0.5 or mag < 19"], FilterTreeWriter.Clauses("drb > 0.5 or mag < 19"));
    }

    private static List<string> Comments(string text)
    {
        FilterParser.Parse(text, out var comments);
        return [.. comments.Select(span => text.Substring(span.Offset + 1, span.Length - 1).Trim()).Order(StringComparer.Ordinal)];
    }
}
