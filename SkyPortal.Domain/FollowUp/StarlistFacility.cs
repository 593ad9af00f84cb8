using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Domain.FollowUp;

/// <summary>An observatory whose star lists are written, and which offset stars suit it.</summary>
/// <param name="Name">Name on the wire.</param>
/// <param name="RadiusDegrees">How far from the target its acquisition camera reaches.</param>
/// <param name="MagLimit">Faintest star, Gaia RP.</param>
/// <param name="MagMin">Brightest star, Gaia RP.</param>
/// <param name="MinSepArcsec">Nearest star to the target.</param>
public sealed record StarlistFacility(string Name, double RadiusDegrees, double MagLimit, double MagMin, double MinSepArcsec)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<StarlistFacility> All { get; } =
    [
        new("Keck", 2.0 / 60, 18.5, 11, 4),
        new("P200", 2.0 / 60, 18, 10, 5),
        new("P200-NGPS", 2.0 / 60, 18, 10, 5),
        new("Shane", 2.5 / 60, 17, 10, 5),
    ];

    /// <summary>The facility of a name; null where there is none.</summary>
    public static StarlistFacility? Find(string name) => All.FirstOrDefault(facility => facility.Name == name);
}

/// <summary>A star of a catalogue.</summary>
/// <param name="Id">Name in its catalogue.</param>
/// <param name="Position">ICRS at the epoch.</param>
/// <param name="EpochYears">Julian year of the position.</param>
/// <param name="PmRaMasPerYear">Proper motion in right ascension times the cosine of the declination; 0 where not known.</param>
/// <param name="PmDecMasPerYear">Proper motion in declination; 0 where not known.</param>
/// <param name="ParallaxMas">Parallax; null where not known.</param>
/// <param name="Mag">Magnitude: Gaia RP (Vega), or the r band of the ZTF's reference.</param>
public sealed record CatalogStar(
    string Id, SkyPosition Position, double EpochYears, double PmRaMasPerYear, double PmDecMasPerYear, double? ParallaxMas, double Mag)
{
    private const double RadiansPerMas = Math.PI / 180 / 3_600_000;

    /// <summary>
    /// Where the star stands at a moment: moved along a straight line through space without motion along the sight, as in The
    /// Hipparcos and Tycho Catalogues (ESA SP-1200), volume 1, section 1.5.5.
    /// </summary>
    public SkyPosition At(Mjd moment)
    {
        var years = ((moment.UtcDays - 51_544.5) / 365.25) + 2000 - EpochYears;
        var (sinRa, cosRa) = Math.SinCos(Position.RaDegrees * Math.PI / 180);
        var (sinDec, cosDec) = Math.SinCos(Position.DecDegrees * Math.PI / 180);
        var east = PmRaMasPerYear * years * RadiansPerMas;
        var north = PmDecMasPerYear * years * RadiansPerMas;
        return SkyPosition.FromUnitVector(UnitVector.FromComponents(
            (cosDec * cosRa) - (east * sinRa) - (north * sinDec * cosRa),
            (cosDec * sinRa) + (east * cosRa) - (north * sinDec * sinRa),
            sinDec + (north * cosDec)));
    }
}
