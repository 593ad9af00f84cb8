using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Domain.FollowUp;

/// <summary>A star from which one can step to a target.</summary>
/// <param name="Star">As catalogued.</param>
/// <param name="Position">Where it stands at the time of observation.</param>
/// <param name="EastArcsec">Step from the star to the target, positive towards the east.</param>
/// <param name="NorthArcsec">Step from the star to the target, positive towards the north.</param>
/// <param name="DistanceArcsec">Length of the step.</param>
/// <param name="PositionAngleDegrees">Direction of the step, east of north.</param>
public sealed record OffsetStar(CatalogStar Star, SkyPosition Position, double EastArcsec, double NorthArcsec, double DistanceArcsec, double PositionAngleDegrees)
{
    /// <summary>The step from a star to a target.</summary>
    public static OffsetStar Towards(SkyPosition target, CatalogStar star, SkyPosition position)
    {
        var (east, north) = TangentPlane.OffsetsArcsec(position, target);
        return new OffsetStar(star, position, east, north, position.SeparationDegrees(target) * 3600, position.PositionAngleDegrees(target));
    }
}

/// <summary>Which stars of a catalogue serve as offset stars.</summary>
/// <param name="RadiusDegrees">Largest distance from the target.</param>
/// <param name="MagMin">Brightest star.</param>
/// <param name="MagLimit">Faintest star.</param>
/// <param name="MinSepArcsec">Smallest distance from the target.</param>
public sealed record OffsetStarRules(double RadiusDegrees, double MagMin, double MagLimit, double MinSepArcsec)
{
    /// <summary>How much fainter than the limit a catalogue is searched, so that faint neighbours of a star are known.</summary>
    public const double DeeperMag = 1.5;

    private const double TargetItselfArcsec = 0.5;
    private const double IsolationArcsec = 2;
    private const double MaxParallaxMas = 250;
    private const double WiderBy = 1.3;
    private const double MoreMag = 1;

    /// <summary>Rules that more stars pass: a wider search, and a magnitude more at both ends.</summary>
    public OffsetStarRules Relaxed() => this with { RadiusDegrees = RadiusDegrees * WiderBy, MagMin = MagMin - MoreMag, MagLimit = MagLimit + MoreMag };

    /// <summary>
    /// The stars that serve, the nearest first: bright but not too bright, not near the target nor each other nor another star of the
    /// catalogue, and not so near to us that their place is uncertain. What lies on the target is taken as the target itself.
    /// </summary>
    /// <param name="stars">Stars of the catalogue, with where they stand at the time of observation.</param>
    /// <param name="count">Most stars.</param>
    public IReadOnlyList<OffsetStar> Select(SkyPosition target, IReadOnlyList<(CatalogStar Star, SkyPosition Position)> stars, int count)
    {
        var others = stars.Where(one => one.Star.Mag <= MagLimit + DeeperMag && target.SeparationDegrees(one.Position) * 3600 > TargetItselfArcsec).ToList();
        return [.. others
            .Where(one => one.Star.Mag >= MagMin && one.Star.Mag <= MagLimit && !(one.Star.ParallaxMas >= MaxParallaxMas))
            .Select(one => OffsetStar.Towards(target, one.Star, one.Position))
            .Where(one => one.DistanceArcsec >= MinSepArcsec && one.DistanceArcsec <= RadiusDegrees * 3600)
            .Where(one => others.TrueForAll(other => ReferenceEquals(other.Star, one.Star) || other.Position.SeparationDegrees(one.Position) * 3600 >= IsolationArcsec))
            .OrderBy(one => one.DistanceArcsec).ThenBy(one => one.Star.Id, StringComparer.Ordinal)
            .Take(count)];
    }
}
