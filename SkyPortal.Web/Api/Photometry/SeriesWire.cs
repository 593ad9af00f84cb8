using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>How the data of series are answered.</summary>
internal enum SeriesDataFormat
{
    None,
    Json,

    /// <summary>A file in base64.</summary>
    Hdf5,
}

/// <summary>Series as they appear on the wire.</summary>
internal static class SeriesWire
{
    /// <summary>A row, with its data where they are read.</summary>
    public static async Task<Dictionary<string, object?>> RowAsync(SeriesRecord record, SeriesData data, SeriesDataFormat format, CancellationToken ct)
    {
        var series = record.Series;
        return new Dictionary<string, object?>
        {
            ["id"] = series.Id, ["created_at"] = series.CreatedAt, ["modified"] = series.Modified, ["obj_id"] = series.ObjId, ["series_name"] = series.SeriesName,
            ["series_obj_id"] = series.SeriesObjId, ["filter"] = series.Filter, ["channel"] = series.Channel, ["origin"] = series.Origin, ["filename"] = series.Filename,
            ["mjd_first"] = series.MjdFirst, ["mag_first"] = series.MagFirst, ["mjd_mid"] = series.MjdMid, ["mjd_last"] = series.MjdLast, ["mag_last"] = series.MagLast,
            ["mjd_last_detected"] = series.MjdLastDetected, ["mag_last_detected"] = series.MagLastDetected, ["is_detected"] = series.IsDetected, ["exp_time"] = series.ExpTime,
            ["frame_rate"] = series.FrameRate, ["num_exp"] = series.NumExp, ["time_stamp_alignment"] = series.TimeStampAlignment, ["ra"] = series.Ra, ["dec"] = series.Dec,
            ["ra_unc"] = series.RaUnc, ["dec_unc"] = series.DecUnc, ["limiting_mag"] = series.LimitingMag, ["ref_flux"] = series.RefFlux, ["ref_fluxerr"] = series.RefFluxerr,
            ["altdata"] = series.Altdata, ["instrument_id"] = series.InstrumentId, ["followup_request_id"] = series.FollowupRequestId, ["assignment_id"] = series.AssignmentId,
            ["owner_id"] = series.OwnerId, ["mean_mag"] = series.MeanMag, ["rms_mag"] = series.RmsMag, ["robust_mag"] = series.RobustMag, ["robust_rms"] = series.RobustRms,
            ["median_snr"] = series.MedianSnr, ["best_snr"] = series.BestSnr, ["worst_snr"] = series.WorstSnr, ["medians"] = series.Medians, ["maxima"] = series.Maxima,
            ["minima"] = series.Minima, ["stds"] = series.Stds, ["hash"] = series.Hash, ["autodelete"] = series.Autodelete,
            ["data"] = format switch
            {
                SeriesDataFormat.Json => SeriesData.ByName(await data.ReadAsync(series.FileHash, ct)),
                SeriesDataFormat.Hdf5 => SeriesData.ToHdf5(await data.ReadAsync(series.FileHash, ct)),
                _ => null,
            },
            ["group_ids"] = record.Groups.Select(group => group.Id), ["stream_ids"] = record.Streams.Select(stream => stream.Id), ["groups"] = record.Groups, ["streams"] = record.Streams,
        };
    }

    /// <summary>The exposures of a series, each with the columns of the series and what all of them share.</summary>
    public static IEnumerable<Dictionary<string, object?>> Points(SeriesCurve curve)
    {
        var (series, columns) = (curve.Series, curve.Columns);
        var snr = new SeriesStatistics(columns).SignalToNoise;
        for (var row = 0; row < columns.Count; row++)
        {
            var point = columns.All.ToDictionary(column => column.Name, column => column.At(row));
            point["mjd"] = columns.Mjd[row];
            point["id"] = series.Id;
            point["origin"] = series.Origin;
            point["obj_id"] = series.ObjId;
            point["ra"] = point.GetValueOrDefault("ra") ?? series.Ra;
            point["dec"] = point.GetValueOrDefault("dec") ?? series.Dec;
            point["ra_unc"] = point.GetValueOrDefault("ra_unc") ?? series.RaUnc;
            point["dec_unc"] = point.GetValueOrDefault("dec_unc") ?? series.DecUnc;
            point["filter"] = point.GetValueOrDefault("filter") ?? series.Filter;
            point["snr"] = double.IsFinite(snr[row]) ? snr[row] : null;
            point["instrument_id"] = series.InstrumentId;
            point["instrument"] = curve.InstrumentName;
            point["telescope"] = curve.TelescopeNickname;
            point["created_at"] = series.CreatedAt;
            yield return point;
        }
    }
}
