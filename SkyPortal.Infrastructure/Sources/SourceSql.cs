using System.Globalization;
using System.Text.Json;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A sort as SQL.</summary>
/// <param name="By">Expression over the object <c>o</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Join">What the expression needs besides.</param>
internal sealed record SortSql(string By, string Type, string Join = "");

/// <summary>The statements of a list of sources. Each answers name, sort value as text and what tells equal values apart.</summary>
internal sealed class SourceSql(Viewer viewer, SourceCriteria criteria)
{
    // North galactic pole of B1950 in J2000: right ascension 192.85948, declination 27.12825 degrees; longitude of the celestial
    // pole 122.93192 degrees.
    private const string SinGalLat = "(sind(o.dec) * sind(27.12825) + cosd(o.dec) * cosd(27.12825) * cosd(o.ra - 192.85948))";

    private const string GalLon = """
        (select turn.degrees - 360 * floor(turn.degrees / 360) from (select 122.93192 - atan2d(
            cosd(o.dec) * sind(o.ra - 192.85948),
            sind(o.dec) * cosd(27.12825) - cosd(o.dec) * sind(27.12825) * cosd(o.ra - 192.85948)) as degrees) turn)
        """;

    private const string Stats = $"left join photstats p on p.obj_id = o.id and {ViewerSql.SeesPhotStats}";

    private const string NewestClass = """
        left join (
            select distinct on (k.obj_id) k.obj_id, k.classification from classifications k join taxonomies x on x.id = k.taxonomy_id
            where @sees_all or (k.group_ids && @viewer_groups and x.group_ids && @viewer_groups)
            order by k.obj_id, k.created_at desc, k.id desc) sk on sk.obj_id = o.id
        """;

    private readonly SourceConditions _conditions = new(viewer, criteria);

    /// <summary>Conditions, whose parameters the statements use.</summary>
    public SourceConditions Conditions => _conditions;

    /// <summary>Whether nothing but groups and times of saves is asked for, newest or oldest first.</summary>
    public bool IsPlain => criteria is { Sort: SourceSort.SavedAt, SavedBefore: null, SavedByViewer: false } && _conditions.Obj.Length == 0;

    /// <summary>Tells orders apart.</summary>
    public string Order => string.Create(
        CultureInfo.InvariantCulture, $"{(WalksSaves ? "saves" : criteria.Sort.ToString())} {string.Join('.', criteria.SortPath)} {(criteria.Ascending ? "asc" : "desc")}");

    private bool WalksSaves => IsPlain || (criteria.Sort == SourceSort.SavedAt && !_conditions.IsSelective);

    private string Direction => criteria.Ascending ? "asc" : "desc";

    /// <summary>The objects in order; behind a cursor where there is one.</summary>
    public string Page(SourceCursor? behind) => WalksSaves ? Newest(behind) : Sorted(behind);

    /// <summary>Counts all. An object saved once in the scope is one row of it; otherwise grouping hashes the names, count(distinct) would sort them.</summary>
    public string Count() => _conditions.Obj.Length > 0
        ? $"select count(*) from objs o where {ViewerSql.SeesObj} and exists (select 1 from sources s where s.obj_id = o.id and {_conditions.Save("s")}){_conditions.Obj}"
        : criteria.GroupIds is [_]
            ? $"select count(*) from sources s where {_conditions.Save("s")}"
            : $"select count(*) from (select 1 from sources s where {_conditions.Save("s")} group by s.obj_id) h";

    /// <summary>
    /// Whether the values in a cursor can be those of the order. What the database would refuse costs it a prepared statement, and the
    /// next who needs that would be refused, too.
    /// </summary>
    public bool Accepts(SourceCursor cursor) => WalksSaves
        ? IsValue("timestamptz", cursor.Value) && long.TryParse(cursor.Tie, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        : cursor.Value is null || IsValue(Sort().Type, cursor.Value);

    // Walks the index sources (saved_at), or (group_id, saved_at) for one group, and takes each object at its newest save.
    private string Newest(SourceCursor? behind)
    {
        var newest = criteria.GroupIds is [_]
            ? ""
            : $"and not exists (select 1 from sources n where n.obj_id = s.obj_id and {_conditions.Save("n")} and (n.saved_at, n.id) > (s.saved_at, s.id))";
        var from = behind is null
            ? ""
            : $"and (s.saved_at, s.id) {(criteria.Ascending ? ">" : "<")} ({Text(behind.Value)}::timestamptz, {Text(behind.Tie)}::bigint)";
        return $"""
            select s.obj_id, s.saved_at::text, s.id::text from sources s join objs o on o.id = s.obj_id
            where {_conditions.Save("s")} {newest} {from} and {ViewerSql.SeesObj}{_conditions.Obj}
            order by s.saved_at {Direction}, s.id {Direction} limit @limit offset @offset
            """;
    }

    private string Sorted(SourceCursor? behind)
    {
        var sort = Sort();
        var from = behind switch
        {
            null => "",
            { Value: null } => $" and {sort.By} is null and o.id > {Text(behind.Tie)}",
            _ => $" and ({sort.By} {(criteria.Ascending ? ">" : "<")} {Text(behind.Value)}::{sort.Type} or {sort.By} is null or {sort.By} = {Text(behind.Value)}::{sort.Type} and o.id > {Text(behind.Tie)})",
        };
        return $"""
            select o.id, ({sort.By})::text, o.id from objs o {sort.Join}
            where {ViewerSql.SeesObj} and exists (select 1 from sources s where s.obj_id = o.id and {_conditions.Save("s")}){_conditions.Obj}{from}
            order by {sort.By} {Direction} nulls last, o.id limit @limit offset @offset
            """;
    }

    private SortSql Sort() => criteria.Sort switch
    {
        SourceSort.SavedAt => new($"(select max(s.saved_at) from sources s where s.obj_id = o.id and {_conditions.Save("s")})", "timestamptz"),
        SourceSort.Id => new("o.id", "text"),
        SourceSort.Alias => new("o.alias", "text[]"),
        SourceSort.Origin => new("o.origin", "text"),
        SourceSort.Ra => new("o.ra", "double precision"),
        SourceSort.Dec => new("o.dec", "double precision"),
        SourceSort.GalLon => new(GalLon, "double precision"),
        SourceSort.GalLat => new(SinGalLat, "double precision"),
        SourceSort.Redshift => new("o.redshift", "double precision"),
        SourceSort.TnsName => new("o.tns_name", "text"),
        SourceSort.MpcName => new("o.mpc_name", "text"),
        SourceSort.Classification => new("sk.classification", "text", NewestClass),
        SourceSort.PeakMag => new("p.peak_mag_global", "double precision", Stats),
        SourceSort.LatestMag => new("p.last_detected_mag", "double precision", Stats),
        SourceSort.Detections => new("p.num_det_global", "integer", Stats),
        SourceSort.Favorites => new("exists (select 1 from listings w where w.obj_id = o.id and w.user_id = @viewer_user and w.list_name = 'favorites')", "boolean"),
        SourceSort.Annotation => new(
            $"""
            (select a.data -> {Text(criteria.SortPath[1])} from annotations a
             where a.obj_id = o.id and a.origin = {Text(criteria.SortPath[0])} and (@sees_all or a.group_ids && @viewer_groups))
            """,
            "jsonb"),
        _ => new($"o.altdata #> {_conditions.Parameter(NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.SortPath)}", "jsonb"),
    };

    private static bool IsValue(string type, string? value) => type switch
    {
        "double precision" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
        "integer" => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "boolean" => value is "true" or "false",
        "timestamptz" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "jsonb" => IsJson(value),
        _ => value is not null,
    };

    private static bool IsJson(string? value)
    {
        try
        {
            using var json = JsonDocument.Parse(value ?? "");
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string Text(string? value) => _conditions.Parameter(NpgsqlDbType.Text, value!);
}
