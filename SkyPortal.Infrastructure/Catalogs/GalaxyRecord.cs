using Npgsql;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Reads galaxies from the columns of their table, in the form in which they appear on the wire.</summary>
public static class GalaxyRecord
{
    /// <summary>Columns of numbers that a catalog may give, besides the position.</summary>
    public static IReadOnlyList<string> Numbers { get; } =
    [
        "distmpc", "distmpc_unc", "redshift", "redshift_error", "sfr_fuv", "sfr_w4", "mstar", "magb", "magk", "mag_fuv", "mag_nuv", "mag_w1", "mag_w2", "mag_w3", "mag_w4",
        "a", "b2a", "pa", "btc",
    ];

    /// <summary>Columns of <see cref="Read"/> for a table under the alias <c>g</c>.</summary>
    public static string Columns { get; } =
        $"g.id, g.created_at, g.modified, g.catalog_id, g.name, g.alt_name, g.ra, g.dec, g.healpix, {string.Join(", ", Numbers.Select(name => $"g.{name}"))}";

    /// <summary>Number of columns.</summary>
    public static int Width => 9 + Numbers.Count;

    /// <summary>A galaxy by wire name; null where the row is (an outer join).</summary>
    public static Dictionary<string, object?>? Read(NpgsqlDataReader reader, int at = 0)
    {
        if (reader.IsDBNull(at))
        {
            return null;
        }

        var galaxy = new Dictionary<string, object?>
        {
            ["id"] = reader.GetInt32(at),
            ["created_at"] = reader.GetDateTime(at + 1),
            ["modified"] = reader.GetDateTime(at + 2),
            ["catalog_id"] = reader.GetInt32(at + 3),
            ["name"] = reader.GetString(at + 4),
            ["alt_name"] = reader.Maybe<string>(at + 5),
            ["ra"] = reader.GetDouble(at + 6),
            ["dec"] = reader.GetDouble(at + 7),
            ["healpix"] = reader.GetInt64(at + 8),
        };
        for (var i = 0; i < Numbers.Count; i++)
        {
            galaxy[Numbers[i]] = reader.Maybe<double?>(at + 9 + i);
        }

        return galaxy;
    }
}
