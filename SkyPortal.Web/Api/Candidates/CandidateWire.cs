using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api.Photometry;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Puts light curves to candidates in the form of the photometry routes, each point with its instrument.</summary>
internal static class CandidateWire
{
    /// <summary>The objects with their points, where there is photometry.</summary>
    public static IReadOnlyList<ObjRecord> WithPhotometry(IReadOnlyList<ObjRecord> objs, CandidatePhotometry? photometry)
    {
        if (photometry is null)
        {
            return objs;
        }

        var withAnnotations = photometry.View.Annotations is not null;
        var output = new PhotometryOutput(PhotometryFormat.Both, MagnitudeSystems.Ab, Owner: false, Streams: false, withAnnotations, Validations: false);
        var curves = photometry.View.Points.ToLookup(
            point => point.ObjId,
            point => new Dictionary<string, object?>(PhotometryWire.Row(point, photometry.View, output))
            {
                ["instrument"] = photometry.Instruments.GetValueOrDefault(point.InstrumentId),
            });
        return [.. objs.Select(obj => obj.With("photometry", curves[obj.Id]))];
    }
}
