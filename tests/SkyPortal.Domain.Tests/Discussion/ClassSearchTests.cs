using SkyPortal.Domain.Discussion;
using Xunit;

namespace SkyPortal.Domain.Tests.Discussion;

public sealed class ClassSearchTests
{
    private static readonly ClassSearch Search = new(Node(
        "Root",
        [],
        Node("Tidal Disruption Event", ["TDE"]),
        Node("Ia", ["SN Ia", "SNIa"], Node("Ia-91T", []), Node("Ia-91bg", ["SN 1991bg-like"])),
        Node("Classical Nova", []),
        Node("RR Lyrae", ["RR Lyr"], Node("RRcl", ["RRCL"]), Node("RRc", [])),
        Node("Beta Cephei", ["β Cephei"])));

    [Theory]
    [InlineData("tde", "Tidal Disruption Event")]
    [InlineData("TDE", "Tidal Disruption Event")]
    [InlineData("tidal", "Tidal Disruption Event")]
    [InlineData("disruption", "Tidal Disruption Event")]
    [InlineData("ia", "Ia")]
    [InlineData("SN Ia", "Ia")]
    [InlineData("ia91b", "Ia-91bg")]
    [InlineData("Ia 91T", "Ia-91T")]
    [InlineData("nova", "Classical Nova")]
    [InlineData("cn", "Classical Nova")]
    [InlineData("clno", "Classical Nova")]
    [InlineData("rrl", "RR Lyrae")]
    [InlineData("rrc", "RRc")]
    [InlineData("β", "Beta Cephei")]
    public void Find_NameSynonymOrAbbreviation_PutsItFirst(string typed, string expected) =>
        Assert.Equal(expected, Search.Find(typed)[0].Class);

    [Fact]
    public void Find_Synonym_SaysWhichNameFitted() =>
        Assert.Equal("SN 1991bg-like", Search.Find("sn1991")[0].MatchedName);

    [Fact]
    public void Find_Match_TellsWhereTheClassStands()
    {
        var match = Search.Find("91T")[0];

        Assert.Equal(["Ia", "Ia-91T"], match.Path);
        Assert.Equal(Search.ShortKeys["Ia-91T"], match.ShortKey);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" - ")]
    public void Find_NothingTyped_GivesTheTreeInOrder(string? typed) =>
        Assert.Equal(["Root", "Tidal Disruption Event", "Ia"], Search.Find(typed, 3).Select(m => m.Class));

    [Fact]
    public void Find_NothingFits_GivesNothing() => Assert.Empty(Search.Find("qqq"));

    [Fact]
    public void Find_LimitBelowOne_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Search.Find("ia", 0));

    [Fact]
    public void ShortKeys_ManyClassesOfOneName_AreAllDifferentAndAllFirst()
    {
        var search = new ClassSearch(Node("A", [], [.. Enumerable.Range(0, 1500).Select(i => Node($"aaa {i:D4}", []))]));

        Assert.Equal(1501, search.ShortKeys.Count);
        Assert.Equal(1501, search.ShortKeys.Values.Distinct().Count());
        Assert.All(search.ShortKeys.Values, k => Assert.InRange(k.Length, 1, 3));
        Assert.Equal("aaa 1499", search.Find(search.ShortKeys["aaa 1499"])[0].Class);
    }

    [Fact]
    public void ShortKeys_NamesWithoutLatinLetters_StillGetOne()
    {
        var search = new ClassSearch(Node("Ω", [], Node("β", []), Node("?", [])));

        Assert.Equal(3, search.ShortKeys.Count);
        Assert.All(search.ShortKeys, p => Assert.Equal(p.Key, search.Find(p.Value)[0].Class));
    }

    private static TaxonomyNode Node(string name, string[] otherNames, params TaxonomyNode[] subclasses) =>
        new(name, otherNames, [], [], null, subclasses);
}
