using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>The curve of dust.</summary>
public sealed class DustExtinctionTests
{
    // The formulas of Gordon et al. (2023) written once more with numpy: np.polyval and Drude profiles, for R(V) = 3.1.
    [Theory]
    [InlineData(1000, 5.068979494908078)]
    [InlineData(2175, 3.173340857110583)]
    [InlineData(2500, 2.324963041373573)]
    [InlineData(3100, 1.7883705219177262)]
    [InlineData(4400, 1.301136940350034)]
    [InlineData(5500, 0.9839277812484856)]
    [InlineData(8000, 0.581429083600647)]
    [InlineData(10000, 0.3899033932815461)]
    [InlineData(22000, 0.10160462279221782)]
    [InlineData(50000, 0.028551560317005065)]
    [InlineData(100000, 0.08241997242688513)]
    public void Relative_OfAWavelength_IsThePublishedCurve(double wavelengthAngstrom, double expected) =>
        Assert.Equal(expected, DustExtinction.Relative(wavelengthAngstrom)!.Value, 12);

    [Theory]
    [InlineData(900)]
    [InlineData(330_000)]
    [InlineData(double.NaN)]
    public void Relative_OutsideOfTheCurve_IsUnknown(double wavelengthAngstrom) => Assert.Null(DustExtinction.Relative(wavelengthAngstrom));

    [Fact]
    public void Magnitudes_OfAColourExcess_AreTheCurveTimesTheTotalExtinction() =>
        Assert.Equal(0.1 * 3.1 * 0.9839277812484856, DustExtinction.Magnitudes(5500, 0.1)!.Value, 12);
}
