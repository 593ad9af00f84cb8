using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A source that is like another one; degrees, AB magnitude.</summary>
/// <param name="Classifications">Classes that both have.</param>
/// <param name="Similarity">Above 0 to 1, see <see cref="ReadSimilarSources"/>.</param>
public sealed record SimilarSource(string ObjId, double? Ra, double? Dec, double? Redshift, double? PeakMagGlobal, string[] Classifications, double Similarity);

/// <summary>
/// Finds sources that are like one: they share a class with it (given by people; where it has none, every source will do) and
/// are near to it in five quantities. With x the quantity of either and s its scale, D² is the mean of ((x − x′) / s)² over redshift
/// (s = 0.02), peak magnitude (1 mag), rise and decay rate (0.1 and 0.05 mag per day) and the natural logarithm of the time from
/// first to last detection (0.5); a quantity that either lacks counts as one scale, and one at least must be there on both sides.
/// The similarity is exp(−D² / 2). It is looked for among the newest saves, so that a site of any size answers soon.
/// </summary>
public sealed class ReadSimilarSources(Contexts contexts, SourceOrder saves)
{
    /// <summary>How many of the newest saved sources are compared.</summary>
    public const int MostCompared = 10_000;

    // PostgreSQL refuses exponentials too small for a double.
    private const string MostExponent = "700";

    private const string Mine = "cl.obj_id = o.id and not cl.ml and (@sees_all or cl.group_ids && @viewer_groups) and coalesce(cl.probability, 1) > 0";

    private const string Features = """
        o.redshift as f1, p.peak_mag_global as f2, p.rise_rate as f3, p.decay_rate as f4,
        case when p.last_detected_mjd >= p.first_detected_mjd then ln(greatest(p.last_detected_mjd - p.first_detected_mjd, 0.01)) end as f5
        """;

    private const string Classes = $"""
        array(select distinct cl.classification from classifications cl join taxonomies x on x.id = cl.taxonomy_id and (@sees_all or x.group_ids && @viewer_groups) where {Mine})
        """;

    // Indexes objs (id), classifications (obj_id), photstats (obj_id). Statistics of which the viewer may not see every point do not count.
    private const string Sql = $"""
        with me as materialized (
            select {Classes} as classes, {Features}
            from objs o left join photstats p on p.obj_id = o.id and {ViewerSql.SeesPhotStats} where o.id = @id and {ViewerSql.SeesObj}),
        others as (
            select o.id, o.ra, o.dec, p.peak_mag_global, {Classes} as classes, {Features}
            from objs o left join photstats p on p.obj_id = o.id and {ViewerSql.SeesPhotStats}
            where o.id = any(@others) and o.id <> @id and {ViewerSql.SeesObj}),
        compared as (
            select t.id, t.ra, t.dec, t.f1, t.peak_mag_global, t.classes, me.classes as mine,
                   (coalesce(power((t.f1 - me.f1) / 0.02, 2), 1) + coalesce(power(t.f2 - me.f2, 2), 1) + coalesce(power((t.f3 - me.f3) / 0.1, 2), 1)
                    + coalesce(power((t.f4 - me.f4) / 0.05, 2), 1) + coalesce(power((t.f5 - me.f5) / 0.5, 2), 1)) / 5 as squares
            from others t, me
            where (cardinality(me.classes) = 0 or t.classes && me.classes)
              and num_nonnulls(t.f1 - me.f1, t.f2 - me.f2, t.f3 - me.f3, t.f4 - me.f4, t.f5 - me.f5) > 0)
        select t.id, t.ra, t.dec, t.f1, t.peak_mag_global,
               array(select unnest(t.classes) intersect select unnest(t.mine) order by 1),
               exp(-least(t.squares / 2, {MostExponent}))
        from compared t order by t.squares, t.id limit @most
        """;

    private const string SeenSql = $"select 1 from objs o where o.id = @id and {ViewerSql.SeesObj}";

    /// <summary>
    /// The most similar sources that the viewer sees, most similar first; null where the viewer does not see the object. Three statements.
    /// </summary>
    public async Task<IReadOnlyList<SimilarSource>?> HandleAsync(Viewer viewer, string objId, int most, CancellationToken ct, int among = MostCompared)
    {
        await using var seen = contexts.DataSource.CreateCommand(SeenSql).WithViewer(viewer).With("id", objId);
        if (await seen.ExecuteScalarAsync(ct) is null)
        {
            return null;
        }

        var newest = await saves.PageAsync(viewer, new SourceCriteria { NumPerPage = among }, null, ct);
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("id", objId).With("others", newest.ObjIds).With("most", most);
        return await command.ReadAllAsync(
            reader => new SimilarSource(
                reader.GetString(0), reader.Maybe<double?>(1), reader.Maybe<double?>(2), reader.Maybe<double?>(3), reader.Maybe<double?>(4), reader.GetFieldValue<string[]>(5), reader.GetDouble(6)),
            ct);
    }
}
