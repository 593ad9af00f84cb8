using SkyPortal.Domain.Candidates.Building;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates.Building;

public class FilterDiffTests
{
    [Fact]
    public void Lines_TwoTexts_KeepsWhatTheyShare() => Assert.Equal(
        [new(DiffKind.Same, "a"), new(DiffKind.Removed, "b"), new(DiffKind.Added, "x"), new(DiffKind.Same, "c"), new(DiffKind.Added, "d")],
        FilterDiff.Lines("a\nb\nc", "a\r\nx\r\nc\r\nd"));

    [Fact]
    public void Clauses_InAnotherOrder_AreTheSame() => Assert.Empty(FilterDiff.Clauses("mag < 19 and (drb>0.5) and is_positive", "is_positive and drb > 0.5 and mag<19 # same"));

    [Fact]
    public void Clauses_OtherValuesOfAQuantity_ArePaired() => Assert.Equal(
        [new("mag < 19", "mag < 18"), new("is_moving", null), new(null, "ra > 3 or dec > 3")],
        FilterDiff.Clauses("mag < 19 and is_moving", "mag < 18 and (ra > 3 or dec > 3)"));

    [Fact]
    public void Clauses_OfNoText_AreAllNew() => Assert.Equal([new ClauseChange(null, "mag < 18")], FilterDiff.Clauses(null, "mag < 18"));
}
