using SkyPortal.Domain.Discussion;
using Xunit;

namespace SkyPortal.Domain.Tests.Discussion;

public sealed class ClassProbabilitiesTests
{
    private static readonly TaxonomyNode Root = Node("Time-domain Source", Node("SN", Node("Ia", Node("Ia-91T"), Node("Ia-91bg")), Node("II")), Node("CV"));

    [Fact]
    public void Places_OfATree_HaveDepthsAndParentsWithoutTheRoot() =>
        Assert.Equal(
            [("SN", 0, -1), ("Ia", 1, 0), ("Ia-91T", 2, 1), ("Ia-91bg", 2, 1), ("II", 1, 0), ("CV", 0, -1)],
            new ClassProbabilities(Root).Places.Select(place => (place.Name, place.Depth, place.Parent)));

    [Fact]
    public void Set_AChildWithKin_RaisesThoseThatHoldItAndNoSibling()
    {
        var classes = new ClassProbabilities(Root);

        classes.Set(2, 0.6, withKin: true);
        classes.Set(3, 0.2, withKin: true);

        Assert.Equal([("SN", 0.6), ("Ia", 0.6), ("Ia-91T", 0.6), ("Ia-91bg", 0.2)], classes.Chosen);
    }

    [Fact]
    public void Set_AParentWithKin_ScalesThoseInIt()
    {
        var classes = new ClassProbabilities(Root);
        classes.Set(2, 0.6, withKin: true);
        classes.Set(3, 0.2, withKin: true);

        classes.Set(1, 0.3, withKin: true);

        Assert.Equal(0.6, classes[0]);
        Assert.Equal(0.3, classes[2], 12);
        Assert.Equal(0.1, classes[3], 12);
        classes.Set(0, 0, withKin: true);
        Assert.Empty(classes.Chosen);
    }

    [Theory]
    [InlineData(1.5, 1)]
    [InlineData(-1, 0)]
    [InlineData(double.NaN, 0)]
    public void Set_OutOfRangeAlone_IsBroughtIntoItAndTouchesNoOther(double given, double kept)
    {
        var classes = new ClassProbabilities(Root);

        classes.Set(4, given, withKin: false);

        Assert.Equal(kept, classes[4]);
        Assert.Equal(0, classes[0]);
    }

    private static TaxonomyNode Node(string name, params TaxonomyNode[] subclasses) => new(name, [], [], [], null, subclasses);
}
