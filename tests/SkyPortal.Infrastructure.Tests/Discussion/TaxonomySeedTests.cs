using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Discussion;

public sealed class TaxonomySeedTests
{
    private static readonly TaxonomySeed Seed = TaxonomySeed.ReadAll(ProductData.Folder).Single(s => s.Name == "Sitewide Taxonomy");

    [Fact]
    public void ReadAll_ProductData_HoldsTheTimeDomainClasses()
    {
        Assert.Equal("1.0", Seed.Version);
        Assert.Equal("Time-domain Source", Seed.Hierarchy.Class);
        Assert.Equal(175, Seed.Hierarchy.AllowedClasses().Count);
        Assert.Superset(
            new HashSet<string>
            {
                "Supernova", "Ia", "Ia-91bg", "IIn", "Ic-BL", "Cataclysmic", "kilonova", "AM CVn", "Eclipsing", "Algol",
                "Eruptive", "YSO", "Pulsating", "RR Lyrae", "RRab", "Rotating", "Pulsar", "Nonstellar", "AGN", "BL Lac",
                "Tidal Disruption Event", "microlensing", "lens with planet",
            },
            Seed.Hierarchy.AllowedClasses().ToHashSet());
    }

    [Fact]
    public void ShortKeys_WholeSeed_ReachEveryClassInThreeKeystrokes()
    {
        var search = new ClassSearch(Seed.Hierarchy);

        foreach (var name in Seed.Hierarchy.AllowedClasses())
        {
            var key = search.ShortKeys[name];
            Assert.InRange(key.Length, 1, 3);
            Assert.Equal(name, search.Find(key)[0].Class);
        }

        Assert.Equal(search.ShortKeys.Count, search.ShortKeys.Values.Distinct().Count());
        Assert.Equal(search.ShortKeys, new ClassSearch(Seed.Hierarchy).ShortKeys);
    }

    [Theory]
    [InlineData("Ia", "Ia")]
    [InlineData("tde", "Tidal Disruption Event")]
    [InlineData("SNII", "II-norm")]
    [InlineData("rrl", "RR Lyrae")]
    [InlineData("kn", "kilonova")]
    [InlineData("agn", "AGN")]
    [InlineData("lbv", "S Doradus")]
    [InlineData("iax", "Ia-02cx")]
    [InlineData("91bg", "Ia-91bg")]
    [InlineData("mira", "Mira")]
    public void Find_WhatAstronomersType_PutsItFirst(string typed, string expected) =>
        Assert.Equal(expected, new ClassSearch(Seed.Hierarchy).Find(typed)[0].Class);
}
