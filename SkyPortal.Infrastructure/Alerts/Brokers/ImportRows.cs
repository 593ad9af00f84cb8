using Npgsql;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Makes rows of what a broker measured, and leaves out what is here already.</summary>
public sealed class ImportRows(Contexts contexts, ArchiveInstruments instruments)
{
    /// <summary>Points as rows, and how many belong to no stream of this site.</summary>
    public async Task<(IReadOnlyList<PhotometryPoint> Rows, int Dropped)> OfAsync(IngestDirectory directory, string objId, BrokerAlert alert, CancellationToken ct)
    {
        var now = contexts.Clock.GetUtcNow();
        var upload = Guid.CreateVersion7(now);
        var rows = new List<PhotometryPoint>();
        var (dropped, keys) = (0, new Dictionary<string, int?>(StringComparer.Ordinal));
        foreach (var point in alert.Points)
        {
            var survey = BrokerScope.SurveyOf(point.Filter);
            var streams = directory.Streams.StreamsOf(survey, point.Programme);
            if (!keys.TryGetValue(survey, out var instrument))
            {
                keys[survey] = instrument = streams.Length == 0 ? null : await InstrumentAsync(directory, survey, ct);
            }

            if (streams.Length == 0 || instrument is not { } key)
            {
                dropped++;
                continue;
            }

            rows.Add(new PhotometryPoint
            {
                ObjId = objId,
                InstrumentId = key,
                Filter = point.Filter,
                Mjd = point.Mjd,
                Flux = point.FluxMicroJansky,
                Fluxerr = point.FluxerrMicroJansky,
                Origin = point.Origin,
                Ra = point.RaDegrees,
                Dec = point.DecDegrees,
                UploadId = upload,
                OwnerId = directory.OwnerId,
                StreamIds = streams,
                CreatedAt = now.UtcDateTime,
                Modified = now.UtcDateTime,
            });
        }

        return (rows, dropped);
    }

    private async Task<int?> InstrumentAsync(IngestDirectory directory, string survey, CancellationToken ct) =>
        directory.Instruments.TryGetValue(survey, out var known) ? known
        : survey switch
        {
            "ZTF" => await instruments.FindOrAddAsync(ArchiveInstrument.Ztf, ct),
            "LSST" => await instruments.FindOrAddAsync(ArchiveInstrument.Lsst, ct),
            _ => null,
        };

    /// <summary>
    /// The rows that are new of an object. The same measurement comes from several brokers, and from packets, with other last digits: it is
    /// the same where instrument, filter, origin and time to a microday are. One that its streams could not see yet is written all the same.
    /// </summary>
    public static async Task<IReadOnlyList<PhotometryPoint>> NewAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string objId, IReadOnlyList<PhotometryPoint> rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select instrument_id, filter, origin, mjd, flux is not null, stream_ids from photometry where obj_id = $1", connection, transaction);
        command.Parameters.AddWithValue(objId);
        var known = new Dictionary<(int, string, string, long), (bool IsDetection, int[] Streams)>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                known[(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), (long)Math.Round(reader.GetDouble(3) * 1e6))] = (reader.GetBoolean(4), reader.GetFieldValue<int[]>(5));
            }
        }

        return [.. rows.Where(row => !Enumerable.Range(-1, 3).Any(step =>
            known.TryGetValue((row.InstrumentId, row.Filter, row.Origin, (long)Math.Round(row.Mjd * 1e6) + step), out var same)
            && (same.IsDetection || row.Flux is null)
            && !row.StreamIds.Except(same.Streams).Any()))];
    }
}
