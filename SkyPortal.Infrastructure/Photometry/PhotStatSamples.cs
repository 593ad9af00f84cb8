using System.Globalization;
using System.Text.Json;
using Npgsql;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Reads what the statistics need of points.</summary>
internal static class PhotStatSamples
{
    /// <summary>Columns, in the order in which <see cref="ReadAsync"/> takes them, of the table <c>point</c>.</summary>
    public const string Columns =
        "point.obj_id, point.mjd, point.filter, point.flux, point.fluxerr, point.origin, "
        + "point.original_user_data ->> 'limiting_mag', point.original_user_data ->> 'magsys', point.created_at";

    /// <summary>The current row.</summary>
    public static async Task<(string ObjId, StatSample Sample, DateTime CreatedAt)> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var filter = reader.GetString(2);
        var limit = await reader.IsDBNullAsync(6, ct) ? null : reader.GetString(6);
        var system = await reader.IsDBNullAsync(7, ct) ? MagnitudeSystems.Ab : reader.GetString(7);
        var flux = await reader.IsDBNullAsync(3, ct) ? (double?)null : reader.GetDouble(3);
        var sample = new StatSample(reader.GetDouble(1), filter, flux, reader.GetDouble(4), reader.GetString(5), AbLimit(limit, system, filter));
        return (reader.GetString(0), sample, reader.GetDateTime(8));
    }

    /// <summary>The sample of a point that was just written.</summary>
    public static StatSample Of(PhotometryPoint point)
    {
        var given = point.OriginalUserData;
        var limit = given?.TryGetProperty("limiting_mag", out var mag) == true && mag.ValueKind == JsonValueKind.Number ? mag.GetDouble() : (double?)null;
        var system = given?.TryGetProperty("magsys", out var name) == true && name.ValueKind == JsonValueKind.String ? name.GetString()! : MagnitudeSystems.Ab;
        return new StatSample(point.Mjd, point.Filter, point.Flux, point.Fluxerr, point.Origin, limit is { } value ? AbLimit(value, system, point.Filter) : null);
    }

    private static double? AbLimit(double mag, string system, string filter) =>
        double.IsFinite(mag) && MagnitudeSystems.TryZeroPointOffsetMag(system, filter, out var offsetMag, out _) ? mag - offsetMag : null;

    private static double? AbLimit(string? limit, string system, string filter) =>
        double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out var mag) ? AbLimit(mag, system, filter) : null;
}
