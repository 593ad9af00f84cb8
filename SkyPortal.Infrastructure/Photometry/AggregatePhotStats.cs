using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>A number of the statistics that may be an axis.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Label">Its name for people, with the unit.</param>
public sealed record PhotStatField(string Value, string Label);

/// <summary>What is asked of the statistics of many objects.</summary>
/// <param name="XField">Name of the first axis; null to ask for the fields alone.</param>
/// <param name="YField">Name of the second axis; null to ask for the fields alone.</param>
/// <param name="ZField">Name of the third axis; null for none.</param>
/// <param name="Classifications">Classes of which an object has one; null for any object.</param>
/// <param name="LeastProbability">Least probability of such a class, 0 to 1; null for any.</param>
/// <param name="GroupId">The group that the objects are saved to; null for any of the viewer's.</param>
/// <param name="ObjIds">The objects; null for all.</param>
/// <param name="MaxMatches">Most objects that are answered.</param>
public sealed record PhotStatAggregate(
    string? XField, string? YField, string? ZField, string[]? Classifications, double? LeastProbability, int? GroupId, string[]? ObjIds, int MaxMatches);

/// <summary>An object with two or three of its statistics; times in MJD (UTC), position in degrees.</summary>
public sealed record PhotStatPoint(
    string Id, double? Ra, double? Dec, double? Redshift, string? Classification, double? FirstDetectedMjd, double? PeakMjd, string? TnsDiscoveryDate, double X, double Y)
{
    /// <summary>The third statistic; null where there is none.</summary>
    public double? Z { get; init; }

    /// <summary>Whether the third statistic was asked for.</summary>
    public bool HasZ { get; init; }
}

/// <summary>Objects with their statistics.</summary>
/// <param name="Fields">What may be asked for.</param>
/// <param name="Points">The objects, by name.</param>
/// <param name="Truncated">Whether there are more than were asked for.</param>
public sealed record PhotStatPoints(IReadOnlyList<PhotStatField> Fields, IReadOnlyList<PhotStatPoint> Points, bool Truncated);

/// <summary>
/// The statistics of many objects beside each other, in one statement. Objects are those that are saved to a group of the viewer's;
/// one of whose points some are hidden from the viewer is left out, as its statistics would tell of those.
/// </summary>
public sealed class AggregatePhotStats(Contexts contexts)
{
    /// <summary>Objects that are answered where no number is given.</summary>
    public const int UsualMatches = 20_000;

    /// <summary>Most objects that are ever answered.</summary>
    public const int MostMatches = 100_000;

    private static readonly PhotStatField[] Fields =
    [
        new("num_obs_global", "Number of observations"),
        new("num_det_global", "Number of detections"),
        new("first_detected_mjd", "First detection [MJD]"),
        new("first_detected_mag", "First detection [AB mag]"),
        new("last_detected_mjd", "Last detection [MJD]"),
        new("last_detected_mag", "Last detection [AB mag]"),
        new("peak_mjd_global", "Peak [MJD]"),
        new("peak_mag_global", "Peak [AB mag]"),
        new("mean_mag_global", "Mean [AB mag]"),
        new("faintest_mag_global", "Faintest detection [AB mag]"),
        new("deepest_limit_global", "Deepest limit [AB mag]"),
        new("rise_rate", "Rise [mag/day]"),
        new("decay_rate", "Decay [mag/day]"),
        new("mag_rms_global", "Scatter [mag]"),
        new("time_to_non_detection", "From last non-detection to first detection [days]"),
    ];

    // Classes carry two rules: their own groups and those of their taxonomy. The surest is named, of equals the newest.
    private const string SeenClasses = """
        from classifications c join taxonomies t on t.id = c.taxonomy_id
        where c.obj_id = o.id and (@sees_all or c.group_ids && @viewer_groups and t.group_ids && @viewer_groups)
          and (@classes::text[] is null or c.classification = any(@classes)) and (@least::double precision is null or c.probability >= @least)
        """;

    /// <summary>Reads them; refuses fields that are none and groups that are not the viewer's.</summary>
    public async Task<PhotStatPoints> HandleAsync(Viewer viewer, PhotStatAggregate wanted, CancellationToken ct)
    {
        Check("xField", wanted.XField);
        Check("yField", wanted.YField);
        Check("zField", wanted.ZField);
        if (wanted.GroupId is { } group && !viewer.SeesAll && !viewer.GroupIds.Contains(group))
        {
            throw Refusal.Invalid($"Invalid group_id: {group} is not one of your groups.");
        }

        if (wanted.XField is null || wanted.YField is null)
        {
            return new PhotStatPoints(Fields, [], false);
        }

        await using var command = contexts.DataSource.CreateCommand(Sql(wanted)).WithViewer(viewer).With("most", wanted.MaxMatches + 1);
        command.Parameters.Add(new NpgsqlParameter("classes", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)wanted.Classifications ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("least", NpgsqlDbType.Double) { Value = (object?)wanted.LeastProbability ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("group", NpgsqlDbType.Integer) { Value = (object?)wanted.GroupId ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("obj_ids", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)wanted.ObjIds ?? DBNull.Value });
        var points = await command.ReadAllAsync(
            reader => new PhotStatPoint(
                reader.GetString(0), reader.Maybe<double?>(1), reader.Maybe<double?>(2), reader.Maybe<double?>(3), reader.Maybe<string>(4),
                reader.Maybe<double?>(5), reader.Maybe<double?>(6), reader.Maybe<string>(7), reader.GetDouble(8), reader.GetDouble(9))
            {
                Z = reader.Maybe<double?>(10),
                HasZ = wanted.ZField is not null,
            },
            ct);
        return new PhotStatPoints(Fields, [.. points.Take(wanted.MaxMatches)], points.Count > wanted.MaxMatches);
    }

    // The names of fields are those of columns, and checked against the list.
    private static string Sql(PhotStatAggregate wanted) => $"""
        select o.id, o.ra, o.dec, o.redshift, (select c.classification {SeenClasses} order by c.probability desc nulls last, c.id desc limit 1),
               p.first_detected_mjd, p.peak_mjd_global, o.tns_info ->> 'discoverydate',
               p.{wanted.XField}::double precision, p.{wanted.YField}::double precision, {(wanted.ZField is null ? "null" : $"p.{wanted.ZField}")}::double precision
        from photstats p join objs o on o.id = p.obj_id
        where {ViewerSql.SeesObj} and {ViewerSql.SeesPhotStats}
          and exists (
              select 1 from sources s
              where s.obj_id = o.id and s.active and (@sees_all or s.group_id = any(@viewer_groups)) and (@group is null or s.group_id = @group))
          and (@obj_ids::text[] is null or o.id = any(@obj_ids))
          and (@classes::text[] is null and @least::double precision is null or exists (select 1 {SeenClasses}))
          and p.{wanted.XField} is not null and p.{wanted.YField} is not null
        order by o.id limit @most
        """;

    private static void Check(string parameter, string? field)
    {
        if (field is not null && !Array.Exists(Fields, known => known.Value == field))
        {
            throw Refusal.Invalid($"Invalid {parameter}: {field}");
        }
    }
}
