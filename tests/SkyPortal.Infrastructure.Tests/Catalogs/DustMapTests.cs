using Microsoft.Extensions.Logging.Abstractions;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Tests.Formats;
using SkyPortal.Infrastructure.Tests.Operations;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Catalogs;

/// <summary>The map of dust, on small maps whose pixels tell where they are.</summary>
public sealed class DustMapTests
{
    private const int Side = 64;

    // Schlegel et al. (1998), appendix C: x = N/2 sqrt(1 - n sin b) cos l + (N - 1)/2, y = -n N/2 sqrt(1 - n sin b) sin l + (N - 1)/2;
    // the radius is that of astropy's projection GLON-ZEA.
    [Theory]
    [InlineData(30, 40, 48.06318555594719, 21.937240360636167)]
    [InlineData(200, 5, 2.770098393620845, 41.95682901811877)]
    [InlineData(30, -40, 48.06318555594719, 41.06275963936383)]
    [InlineData(310, -80, 34.03529489086622, 28.478553205524438)]
    public void ColourExcess_OfADirection_IsThatOfItsPlaceOnTheMap(double longitudeDegrees, double latitudeDegrees, double x, double y)
    {
        using var folder = new TemporaryFolder();
        var pixels = Enumerable.Range(0, Side * Side).Select(index => (float)((index % Side) + (1000 * (index / Side)))).ToArray();
        var file = FitsFile.Unit($"SIMPLE  = T;BITPIX  = -32;NAXIS   = 2;NAXIS1  = {Side};NAXIS2  = {Side}", FitsFile.Floats(pixels));
        File.WriteAllBytes(Path.Combine(folder.Path, "SFD_dust_4096_ngp.fits"), file);
        File.WriteAllBytes(Path.Combine(folder.Path, "SFD_dust_4096_sgp.fits"), file);
        using var map = new DustMap(folder.Path, NullLogger<DustMap>.Instance);

        var excess = map.ColourExcessMag(new GalacticPosition(longitudeDegrees, latitudeDegrees).ToIcrs());

        Assert.True(map.IsThere);
        Assert.Equal(x + (1000 * y), excess!.Value, 3);
    }

    [Fact]
    public void ColourExcess_WithoutMaps_IsUnknown()
    {
        using var folder = new TemporaryFolder();
        using var map = new DustMap(folder.Path, NullLogger<DustMap>.Instance);

        Assert.Null(map.ColourExcessMag(new SkyPosition(10, 20)));
    }

    [Fact]
    public void ColourExcess_OfAMapThatIsNone_IsUnknown()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "SFD_dust_4096_ngp.fits"), "no map");
        using var map = new DustMap(folder.Path, NullLogger<DustMap>.Instance);

        Assert.False(map.IsThere);
    }
}
