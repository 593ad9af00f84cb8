using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>How points count for a mean position.</summary>
public enum PositionWeights
{
    /// <summary>By the square of their signal to noise.</summary>
    SignalToNoiseSquared,

    /// <summary>By the inverse of the variance of their positions; points without uncertainties do not count.</summary>
    InverseVariance,
}

/// <summary>Which points make a mean position.</summary>
/// <param name="InstrumentIds">Instruments; null for all.</param>
/// <param name="StreamIds">Streams; null for any.</param>
/// <param name="StreamOnly">Only points that belong to a stream.</param>
/// <param name="MinSignalToNoise">Points must be above it; above 0.</param>
public sealed record PositionCriteria(int[]? InstrumentIds, int[]? StreamIds, bool StreamOnly, double MinSignalToNoise, PositionWeights Weights);

/// <summary>A position as it appears on the wire: degrees; the separation from the catalogued position in arcseconds.</summary>
public sealed record PositionRecord(
    double? Ra, double? Dec, double? GalLon, double? GalLat, double? Ebv, double? Separation, double? DiscoveryRa, double? DiscoveryDec);

/// <summary>Finds the mean position of an object's detections.</summary>
public sealed class ReadPosition(ReadObjs objs, ReadPhotometry photometry, Catalogs.DustMap dust)
{
    /// <summary>
    /// The weighted centroid (see <see cref="WeightedCentroid"/>) of the detections that the viewer sees, without forced photometry;
    /// the position of the object where there are none. Null where the viewer does not see the object.
    /// </summary>
    public async Task<PositionRecord?> HandleAsync(Viewer viewer, string objId, PositionCriteria criteria, CancellationToken ct)
    {
        if (!(await objs.ForAsync(viewer, [objId], ct)).TryGetValue(objId, out var obj))
        {
            return null;
        }

        if (obj is not { Ra: { } ra, Dec: { } dec })
        {
            return new PositionRecord(obj.Ra, obj.Dec, null, null, null, null, obj.Ra, obj.Dec);
        }

        var catalogued = new SkyPosition(ra, dec);
        var points = (await photometry.OfObjectAsync(viewer, objId, ct)).Points;
        var mean = WeightedCentroid.Of(catalogued, points.Where(point => Counts(point, criteria)).SelectMany(point => Weigh(point, criteria.Weights))) ?? catalogued;
        var galactic = mean.ToGalactic();
        return new PositionRecord(
            mean.RaDegrees, mean.DecDegrees, galactic.LongitudeDegrees, galactic.LatitudeDegrees, dust.ColourExcessMag(mean), catalogued.SeparationDegrees(mean) * 3600, ra, dec);
    }

    private static bool Counts(PointRecord point, PositionCriteria criteria) =>
        point.Flux / point.Fluxerr > criteria.MinSignalToNoise
        && !point.Origin.Contains("fp", StringComparison.OrdinalIgnoreCase)
        && (criteria.InstrumentIds is null || criteria.InstrumentIds.Contains(point.InstrumentId))
        && (criteria.StreamIds is null || criteria.StreamIds.Intersect(point.StreamIds).Any())
        && (!criteria.StreamOnly || point.StreamIds.Length > 0);

    private static IEnumerable<WeightedPosition> Weigh(PointRecord point, PositionWeights weights)
    {
        if (point is not { Ra: { } ra, Dec: { } dec } || !SkyPosition.TryCreate(ra, dec, out var position, out _))
        {
            return [];
        }

        if (weights == PositionWeights.SignalToNoiseSquared)
        {
            var snr = point.Flux!.Value / point.Fluxerr;
            return [new WeightedPosition(position, snr * snr, snr * snr)];
        }

        return point is { RaUnc: > 0 and var raUnc, DecUnc: > 0 and var decUnc }
            ? [new WeightedPosition(position, 1 / (raUnc * raUnc), 1 / (decUnc * decUnc))]
            : [];
    }
}
