using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>The read policy of points for hand-written statements, which name the table <c>point</c>.</summary>
internal static class PhotometryAccess
{
    /// <summary>
    /// The same as <see cref="PhotometryPointPolicy"/> for points of objects that the viewer may see; parameters 1 to 4 of the
    /// statement. That the object is seen is checked once for a light curve, or by <see cref="SeesObj"/>.
    /// </summary>
    public const string Predicate = "($1 or point.group_ids && $2 or point.stream_ids && $3 or point.owner_id = $4)";

    /// <summary>Whether the viewer may see the object of the point; the same parameters.</summary>
    public const string SeesObj = "($1 or exists (select 1 from objs o where o.id = point.obj_id and (o.group_ids && $2 or o.created_by_id = $4)))";

    /// <summary>Adds the four parameters.</summary>
    public static void AddViewer(this NpgsqlCommand command, Viewer viewer)
    {
        command.Parameters.AddWithValue(viewer.SeesAll);
        command.Parameters.AddWithValue(viewer.GroupIds);
        command.Parameters.AddWithValue(viewer.StreamIds);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)viewer.UserId ?? DBNull.Value });
    }
}
