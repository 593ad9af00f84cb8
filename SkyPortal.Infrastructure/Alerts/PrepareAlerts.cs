using System.Globalization;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Alerts.Scores;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What became of a packet before the database was asked: ready to write, or rejected.</summary>
/// <param name="Name">Name of the packet.</param>
/// <param name="Decoded">The packet; null where it was rejected.</param>
/// <param name="StreamIds">Streams whose members may read it.</param>
/// <param name="Reason">Why it was rejected.</param>
internal sealed record DecodeResult(string Name, DecodedAlert? Decoded, int[] StreamIds, string? Reason);

/// <summary>The part of the ingest that needs no database, on all processors.</summary>
internal static class PrepareAlerts
{
    /// <summary>Longest time by which an exposure lies ahead of the site's clock [d]; what lies later would be its newest night for long.</summary>
    public const double MostDaysAhead = 1;

    /// <summary>Decodes packets, each on its own: a bad one has no effect on its neighbours.</summary>
    public static async Task<DecodeResult[]> DecodeAsync(
        AlertDecoder decoder, StreamRule stream, StreamRules streams, IReadOnlyList<AlertPacket> packets, DateTime now, CancellationToken ct)
    {
        var results = new DecodeResult[packets.Count];
        var latestMjd = Mjd.DaysOf(now) + MostDaysAhead;
        await Parallel.ForAsync(0, packets.Count, Options(ct), async (i, cancel) =>
        {
            try
            {
                var alert = await decoder.DecodeAsync(packets[i], cancel);
                var ids = streams.StreamsOf(alert.Survey, alert.Programme);
                results[i] = alert.Survey != stream.Survey
                    ? new DecodeResult(packets[i].Name, null, [], $"It is of {alert.Survey}, and the stream '{stream.Name}' takes {stream.Collection}.")
                    : alert.Mjd > latestMjd
                    ? new DecodeResult(packets[i].Name, null, [], string.Create(CultureInfo.InvariantCulture, $"Its time, MJD {alert.Mjd}, lies more than {MostDaysAhead} day ahead of this site's clock."))
                    : ids.Length == 0
                        ? new DecodeResult(packets[i].Name, null, [], $"No stream of this site covers programme {alert.Programme} of {alert.Survey}.")
                        : new DecodeResult(packets[i].Name, alert, ids, null);
            }
            catch (PacketFormatException error)
            {
                results[i] = new DecodeResult(packets[i].Name, null, [], error.Message);
            }
        });
        return results;
    }

    /// <summary>Tries packets against the filters and makes their rows.</summary>
    public static async Task<PreparedAlert[]> PrepareAsync(
        IngestDirectory directory, IReadOnlyList<DecodeResult> decoded, NearSources near, DateTime now, CancellationToken ct)
    {
        var prepared = new PreparedAlert[decoded.Count];
        var upload = Guid.CreateVersion7(new DateTimeOffset(now, TimeSpan.Zero));
        await Parallel.ForAsync(0, decoded.Count, Options(ct), (i, _) =>
        {
            prepared[i] = Prepare(directory, decoded[i], near, i, upload, now);
            return ValueTask.CompletedTask;
        });
        return prepared;
    }

    private static PreparedAlert Prepare(IngestDirectory directory, DecodeResult decoded, NearSources near, int place, Guid upload, DateTime now)
    {
        var alert = decoded.Decoded!;
        var filters = directory.Filters.Where(filter => decoded.StreamIds.Contains(filter.Stream.Id));
        var position = new SkyPosition(alert.RaDegrees, alert.DecDegrees);
        var healpix = Healpix.PixelOf(Healpix.MaxOrder, position);
        var watches = directory.Watches.Find(position, healpix, alert.ObjId);
        var passings = IngestFilters.Apply(filters, alert, watches, near, place);
        var points = new List<PhotometryPoint>(alert.Photometry.Count);
        var dropped = 0;
        foreach (var measurement in alert.Photometry)
        {
            var streams = directory.Streams.StreamsOf(alert.Survey, measurement.Programme);
            if (streams.Length == 0 || !directory.Instruments.TryGetValue(alert.Survey, out var instrument))
            {
                dropped++;
                continue;
            }

            points.Add(new PhotometryPoint
            {
                ObjId = alert.ObjId,
                InstrumentId = instrument,
                Filter = measurement.Filter,
                Mjd = measurement.Mjd,
                Flux = measurement.FluxMicroJansky,
                Fluxerr = measurement.FluxerrMicroJansky,
                Origin = measurement.Origin,
                Ra = measurement.RaDegrees,
                Dec = measurement.DecDegrees,
                UploadId = upload,
                OwnerId = directory.OwnerId,
                StreamIds = streams,
                CreatedAt = now,
                Modified = now,
            });
        }

        var cutouts = passings.Count > 0 ? Cutouts.Drawable(alert.Packet) : [];
        var fields = SearchedFields.Of(alert, programme => !decoded.StreamIds.Except(directory.Streams.StreamsOf(alert.Survey, programme)).Any());
        return new PreparedAlert(alert, decoded.StreamIds, healpix, passings, points, dropped, cutouts, fields)
        {
            Watches = watches,
            Scores = ScoringModels.Score(directory.Models, alert, passings),
        };
    }

    private static ParallelOptions Options(CancellationToken ct) =>
        new() { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
}
