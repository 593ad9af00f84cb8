using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>A region of the sky as statements use it. Index objs (healpix).</summary>
/// <param name="Key">Tells it from others.</param>
/// <param name="Region">The region.</param>
internal sealed record SkyMapPlace(string Key, SkyRegion Region)
{
    // Beyond a twentieth of the sky the objects within are too many to begin with.
    private const double NarrowSquareDegrees = 41_253 / 20.0;

    /// <summary>SQL of the array of the names of all objects within; of <see cref="Bounds"/>. It is worked out once in a statement.</summary>
    public const string Ids = """
        array(select near.id from unnest(@sky_first, @sky_past) as sky (first, past)
              cross join lateral (select o.id from objs o where o.healpix >= sky.first and o.healpix < sky.past offset 0) near)
        """;

    /// <summary>SQL of whether the object <c>o</c> lies within; of <see cref="Whole"/>.</summary>
    public const string Holds = "o.healpix <@ @sky_whole";

    /// <summary>Whether a statement should begin with the objects within.</summary>
    public bool IsNarrow { get; } = Region.AreaSquareDegrees < NarrowSquareDegrees;

    /// <summary>Parameters of <see cref="Ids"/>.</summary>
    public IEnumerable<NpgsqlParameter> Bounds =>
    [
        new("sky_first", NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = Array.ConvertAll(Region.Ranges, range => range.Start) },
        new("sky_past", NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = Array.ConvertAll(Region.Ranges, range => range.End) },
    ];

    /// <summary>Parameter of <see cref="Holds"/>.</summary>
    public NpgsqlParameter Whole => new("sky_whole", NpgsqlDbType.BigIntMultirange)
    {
        Value = Array.ConvertAll(Region.Ranges, range => new NpgsqlRange<long>(range.Start, true, range.End, false)),
    };

    /// <summary>Whether a parameter is one of these; <see cref="Key"/> tells them apart in short.</summary>
    public static bool IsIts(NpgsqlParameter parameter) => parameter.ParameterName.StartsWith("sky_", StringComparison.Ordinal);
}
