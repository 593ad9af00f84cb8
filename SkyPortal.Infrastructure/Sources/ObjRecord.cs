using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// An object as it appears on the wire: its columns, and in <see cref="Parts"/> whatever else the reply hangs on it (internal
/// key, derived values, thumbnails, annotations and so on), each under its wire name.
/// </summary>
public sealed class ObjRecord
{
    /// <summary>Columns of <see cref="Read"/> for a table under the alias <c>o</c>.</summary>
    public const string Columns = """
        o.id, o.created_at, o.modified, o.ra, o.dec, o.ra_dis, o.dec_dis, o.ra_err, o.dec_err, o."offset", o.t0,
        o.redshift, o.redshift_error, o.redshift_origin, o.redshift_history, o.host_id, o.summary, o.summary_history, o.altdata,
        o.dist_nearest_source, o.mag_nearest_source, o.e_mag_nearest_source, o.transient, o.varstar, o.is_roid,
        o.mpc_name, o.tns_name, o.tns_info, o.score, o.origin, o.alias, o.healpix, o.detect_photometry_count, o.internal_key
        """;

    /// <summary>Number of columns.</summary>
    public const int Width = 34;

    public required string Id { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime Modified { get; init; }
    public double? Ra { get; init; }
    public double? Dec { get; init; }
    public double? RaDis { get; init; }
    public double? DecDis { get; init; }
    public double? RaErr { get; init; }
    public double? DecErr { get; init; }
    public double? Offset { get; init; }
    public double? T0 { get; init; }
    public double? Redshift { get; init; }
    public double? RedshiftError { get; init; }
    public string? RedshiftOrigin { get; init; }
    public JsonElement? RedshiftHistory { get; init; }
    public int? HostId { get; init; }
    public string? Summary { get; init; }
    public JsonElement? SummaryHistory { get; init; }
    public JsonElement? Altdata { get; init; }
    public double? DistNearestSource { get; init; }
    public double? MagNearestSource { get; init; }
    public double? EMagNearestSource { get; init; }
    public bool? Transient { get; init; }
    public bool? Varstar { get; init; }
    public bool? IsRoid { get; init; }
    public string? MpcName { get; init; }
    public string? TnsName { get; init; }
    public JsonElement? TnsInfo { get; init; }
    public double? Score { get; init; }
    public string? Origin { get; init; }
    public string[]? Alias { get; init; }
    public long? Healpix { get; init; }
    public int? DetectPhotometryCount { get; init; }

    /// <summary>Opaque key of live updates; on the wire only after <see cref="WithInternalKey"/>.</summary>
    [JsonIgnore]
    public Guid InternalKey { get; init; }

    /// <summary>What else the reply carries, by wire name.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Parts { get; } = [];

    /// <summary>Reads a row that has <see cref="Columns"/> from an ordinal on.</summary>
    public static ObjRecord Read(NpgsqlDataReader reader, int at = 0) => new()
    {
        Id = reader.GetString(at),
        CreatedAt = reader.GetDateTime(at + 1),
        Modified = reader.GetDateTime(at + 2),
        Ra = reader.Maybe<double?>(at + 3),
        Dec = reader.Maybe<double?>(at + 4),
        RaDis = reader.Maybe<double?>(at + 5),
        DecDis = reader.Maybe<double?>(at + 6),
        RaErr = reader.Maybe<double?>(at + 7),
        DecErr = reader.Maybe<double?>(at + 8),
        Offset = reader.Maybe<double?>(at + 9),
        T0 = reader.Maybe<double?>(at + 10),
        Redshift = reader.Maybe<double?>(at + 11),
        RedshiftError = reader.Maybe<double?>(at + 12),
        RedshiftOrigin = reader.Maybe<string>(at + 13),
        RedshiftHistory = reader.Maybe<JsonElement?>(at + 14),
        HostId = reader.Maybe<int?>(at + 15),
        Summary = reader.Maybe<string>(at + 16),
        SummaryHistory = reader.Maybe<JsonElement?>(at + 17),
        Altdata = reader.Maybe<JsonElement?>(at + 18),
        DistNearestSource = reader.Maybe<double?>(at + 19),
        MagNearestSource = reader.Maybe<double?>(at + 20),
        EMagNearestSource = reader.Maybe<double?>(at + 21),
        Transient = reader.Maybe<bool?>(at + 22),
        Varstar = reader.Maybe<bool?>(at + 23),
        IsRoid = reader.Maybe<bool?>(at + 24),
        MpcName = reader.Maybe<string>(at + 25),
        TnsName = reader.Maybe<string>(at + 26),
        TnsInfo = reader.Maybe<JsonElement?>(at + 27),
        Score = reader.Maybe<double?>(at + 28),
        Origin = reader.Maybe<string>(at + 29),
        Alias = reader.Maybe<string[]>(at + 30),
        Healpix = reader.Maybe<long?>(at + 31),
        DetectPhotometryCount = reader.Maybe<int?>(at + 32),
        InternalKey = reader.GetGuid(at + 33),
    };

    /// <summary>Adds the key by which live updates name the object.</summary>
    public ObjRecord WithInternalKey() => With("internal_key", InternalKey);

    /// <summary>
    /// Adds what follows from position and redshift: galactic coordinates in degrees; distances in megaparsec and the distance
    /// modulus, null where nothing tells them.
    /// </summary>
    public ObjRecord WithDerived()
    {
        var galactic = this is { Ra: { } ra, Dec: { } dec } ? new SkyPosition(ra, dec).ToGalactic() : (GalacticPosition?)null;
        var distance = ObjectDistance.Of(Redshift, Altdata);
        return With("gal_lon", galactic?.LongitudeDegrees)
            .With("gal_lat", galactic?.LatitudeDegrees)
            .With("luminosity_distance", distance.LuminosityDistanceMpc)
            .With("dm", distance.DistanceModulusMag)
            .With("angular_diameter_distance", distance.AngularDiameterDistanceMpc);
    }

    /// <summary>Adds a part under its wire name.</summary>
    public ObjRecord With(string name, object? part)
    {
        Parts[name] = part;
        return this;
    }
}
