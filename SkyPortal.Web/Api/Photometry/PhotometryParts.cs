using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>What is done with points on their way to a file.</summary>
/// <param name="Output">How they are answered.</param>
/// <param name="Extinction">With what they would be without the dust of the Milky Way.</param>
/// <param name="Deduplicate">Of points of the same time and filter, the newest alone.</param>
/// <param name="PeriodDays">With their phase in this period, days; null for none.</param>
internal sealed record PhotometryShape(PhotometryOutput Output, bool Extinction, bool Deduplicate, double? PeriodDays);

/// <summary>Makes rows of very many points, part by part.</summary>
public sealed class PhotometryParts(ReadPhotometry read, ReadPhotometryAnnotations annotations, ReadPhotometryValidations validations, AddExtinction extinction)
{
    /// <summary>The points of objects by time.</summary>
    internal async IAsyncEnumerable<List<Dictionary<string, object?>>> OfObjectsAsync(
        Viewer viewer, string[] objIds, PhotometryShape shape, [EnumeratorCancellation] CancellationToken ct)
    {
        var source = read.BatchesOfObjectsAsync(viewer, objIds, ct);
        await foreach (var batch in shape.Deduplicate ? NewestAsync(source) : source)
        {
            var view = shape.Output.Annotations ? await annotations.AddToAsync(viewer, batch, ct) : batch;
            view = shape.Output.Validations ? await validations.AddToAsync(viewer, view, ct) : view;
            var rows = PhotometryWire.Rows(view, shape.Output);
            if (shape.Extinction)
            {
                await extinction.AddToAsync(viewer, rows, ct);
            }

            if (shape.PeriodDays is { } period)
            {
                rows.ForEach(row => row["phase"] = Phase((double)row["mjd"]!, period));
            }

            yield return rows;
        }
    }

    /// <summary>The part of a cycle that has passed, 0 to 1, of cycles that begin at MJD 0.</summary>
    internal static double Phase(double mjd, double periodDays) => (mjd / periodDays) - Math.Floor(mjd / periodDays);

    /// <summary>Of points of the same time and filter, the one that was made last.</summary>
    internal static IReadOnlyList<PointRecord> Newest(IEnumerable<PointRecord> points) =>
        [.. points.GroupBy(point => (point.Mjd, point.Filter)).Select(alike => alike.MaxBy(point => (point.CreatedAt, point.Id))!)];

    // The points come by time: those of the last time of a part wait for the next part, which may hold more of that time.
    private static async IAsyncEnumerable<PhotometryView> NewestAsync(IAsyncEnumerable<PhotometryView> batches)
    {
        PhotometryView? held = null;
        await foreach (var batch in batches)
        {
            var points = (held?.Points ?? []).Concat(batch.Points).ToList();
            var last = points[^1].Mjd;
            var view = held is null ? batch : Merged(held, batch);
            if (points[0].Mjd < last)
            {
                yield return view with { Points = Newest(points.Where(point => point.Mjd < last)) };
            }

            held = view with { Points = [.. points.Where(point => point.Mjd == last)] };
        }

        if (held is not null)
        {
            yield return held with { Points = Newest(held.Points) };
        }
    }

    private static PhotometryView Merged(PhotometryView one, PhotometryView other) => other with
    {
        Groups = Both(one.Groups, other.Groups),
        Streams = Both(one.Streams, other.Streams),
        Owners = Both(one.Owners, other.Owners),
    };

    private static Dictionary<int, T> Both<T>(IReadOnlyDictionary<int, T> one, IReadOnlyDictionary<int, T> other) =>
        one.Concat(other).DistinctBy(item => item.Key).ToDictionary(item => item.Key, item => item.Value);
}

/// <summary>A list of points in the envelope, written part by part as it is read.</summary>
internal sealed class PhotometryListReply(IAsyncEnumerable<PhotometryView> parts, PhotometryOutput output) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        var any = false;
        await foreach (var part in parts.WithCancellation(ct))
        {
            if (!any)
            {
                await BeginAsync(response, ct);
            }

            foreach (var row in PhotometryWire.Rows(part, output))
            {
                await response.Body.WriteAsync(any ? ","u8.ToArray() : [], ct);
                any = true;
                await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(row, ApiJson.Options), ct);
            }
        }

        if (!any)
        {
            await BeginAsync(response, ct);
        }

        await response.WriteAsync($"],\"version\":\"{ApiResults.Version}\"}}", Encoding.UTF8, ct);
    }

    /// <summary>Bandpasses for which a magnitude system has no zero point.</summary>
    public static IReadOnlyList<string> Without(string magSystem) =>
        [.. Bandpasses.AllowedNames.Where(name => !MagnitudeSystems.TryZeroPointOffsetMag(magSystem, name, out _, out _))];

    private static Task BeginAsync(HttpResponse response, CancellationToken ct)
    {
        response.ContentType = "application/json";
        return response.WriteAsync("{\"status\":\"success\",\"data\":[", Encoding.UTF8, ct);
    }
}
