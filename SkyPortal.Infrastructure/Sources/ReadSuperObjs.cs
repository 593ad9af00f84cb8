using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>An object of a super-object; degrees, ICRS.</summary>
public sealed record SuperObjPart(string Id, double? Ra, double? Dec);

/// <summary>A super-object as it appears on the wire, with those of its objects that the viewer sees.</summary>
public sealed record SuperObjRecord(int Id, string? Name, bool IsRoid, DateTime CreatedAt, IReadOnlyList<SuperObjPart> Objs);

/// <summary>Another object of a super-object of an object; degrees, ICRS.</summary>
/// <param name="Separation">Arcseconds; null where a position is missing.</param>
public sealed record AssociatedObj(string ObjId, double? Ra, double? Dec, double? Separation, int SuperObjId, string? SuperObjName);

/// <summary>Which super-objects are asked for; null for no condition.</summary>
/// <param name="NamePart">Part of the name, whatever its case.</param>
/// <param name="ObjId">One of its objects.</param>
public sealed record SuperObjCriteria(int? Id, string? NamePart, bool? IsRoid, string? ObjId);

/// <summary>Reads super-objects and what they tie together.</summary>
public sealed class ReadSuperObjs(Contexts contexts)
{
    private const int MostRows = 10_000;

    // Indexes obj_to_super_obj (super_obj_id, obj_id) and (obj_id).
    private const string Sql = $"""
        select s.id, s.name, s.is_roid, s.created_at, o.id, o.ra, o.dec
        from (
            select * from super_objs s
            where (@sees_all or s.created_by_id = @viewer_user
                   or exists (select 1 from obj_to_super_obj m join objs o on o.id = m.obj_id where m.super_obj_id = s.id and {ViewerSql.SeesObj}))
              and (@id is null or s.id = @id) and (@part is null or s.name ilike @part) and (@roid is null or s.is_roid = @roid)
              and (@obj is null or exists (select 1 from obj_to_super_obj m join objs o on o.id = m.obj_id where m.super_obj_id = s.id and o.id = @obj and {ViewerSql.SeesObj}))
            order by s.id limit @most) s
        left join (obj_to_super_obj m join objs o on o.id = m.obj_id and {ViewerSql.SeesObj}) on m.super_obj_id = s.id
        order by s.id, o.id
        """;

    private const string AssociatedSql = $"""
        select o.id, o.ra, o.dec, s.id, s.name, mine.obj_id
        from obj_to_super_obj mine join super_objs s on s.id = mine.super_obj_id
        join obj_to_super_obj m on m.super_obj_id = s.id and m.obj_id <> mine.obj_id join objs o on o.id = m.obj_id
        where mine.obj_id = any(@objs) and {ViewerSql.SeesObj}
        order by s.id, o.id
        """;

    /// <summary>Super-objects of which the viewer sees an object, or which they made, oldest first. One statement.</summary>
    public async Task<IReadOnlyList<SuperObjRecord>> HandleAsync(Viewer viewer, SuperObjCriteria criteria, CancellationToken ct)
    {
        var part = criteria.NamePart is null
            ? null
            : $"%{criteria.NamePart.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer)
            .With("most", MostRows)
            .Maybe("id", NpgsqlDbType.Integer, criteria.Id)
            .Maybe("part", NpgsqlDbType.Text, part)
            .Maybe("roid", NpgsqlDbType.Boolean, criteria.IsRoid)
            .Maybe("obj", NpgsqlDbType.Text, criteria.ObjId);
        var rows = await command.ReadAllAsync(
            reader => (
                Id: reader.GetInt32(0), Name: reader.Maybe<string>(1), IsRoid: reader.GetBoolean(2), At: reader.GetDateTime(3),
                Part: reader.IsDBNull(4) ? null : new SuperObjPart(reader.GetString(4), reader.Maybe<double?>(5), reader.Maybe<double?>(6))),
            ct);
        return [.. rows.GroupBy(row => (row.Id, row.Name, row.IsRoid, row.At))
            .Select(parts => new SuperObjRecord(parts.Key.Id, parts.Key.Name, parts.Key.IsRoid, parts.Key.At, [.. parts.Select(row => row.Part).OfType<SuperObjPart>()]))];
    }

    /// <summary>By object, the other objects of its super-objects that the viewer sees. That the viewer sees the objects is the caller's part. One statement.</summary>
    public async Task<ILookup<string, AssociatedObj>> AssociatedAsync(Viewer viewer, IReadOnlyCollection<ObjRecord> objs, CancellationToken ct)
    {
        var places = objs.DistinctBy(obj => obj.Id).ToDictionary(obj => obj.Id, obj => obj is { Ra: { } ra, Dec: { } dec } ? new SkyPosition(ra, dec) : (SkyPosition?)null);
        await using var command = contexts.DataSource.CreateCommand(AssociatedSql).WithViewer(viewer).With("objs", places.Keys.ToArray());
        var rows = await command.ReadAllAsync(
            reader =>
            {
                var (mine, ra, dec) = (reader.GetString(5), reader.Maybe<double?>(1), reader.Maybe<double?>(2));
                var separation = places[mine] is { } center && ra is { } lon && dec is { } lat ? center.SeparationDegrees(new SkyPosition(lon, lat)) * 3600 : (double?)null;
                return (Mine: mine, Other: new AssociatedObj(reader.GetString(0), ra, dec, separation, reader.GetInt32(3), reader.Maybe<string>(4)));
            },
            ct);
        return rows.ToLookup(row => row.Mine, row => row.Other);
    }

    /// <summary>The object's name and those of the objects tied to it that the viewer sees.</summary>
    public async Task<string[]> WithAssociatedAsync(Viewer viewer, string objId, CancellationToken ct) =>
        [.. (await AssociatedAsync(viewer, [new ObjRecord { Id = objId }], ct))[objId].Select(other => other.ObjId).Prepend(objId).Distinct()];
}
