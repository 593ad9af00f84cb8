using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>The read policy of points for hand-written statements, which name the table <c>point</c>.</summary>
internal static class PhotometryAccess
{
    /// <summary>The same as <see cref="PhotometryPointPolicy"/>; parameters 1 to 4 of the statement.</summary>
    public const string Predicate = "($1 or point.group_ids && $2 or point.stream_ids && $3 or point.owner_id = $4)";

    /// <summary>Adds the four parameters.</summary>
    public static void AddViewer(this NpgsqlCommand command, Viewer viewer)
    {
        command.Parameters.AddWithValue(viewer.SeesAll);
        command.Parameters.AddWithValue(viewer.GroupIds);
        command.Parameters.AddWithValue(viewer.StreamIds);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)viewer.UserId ?? DBNull.Value });
    }
}
