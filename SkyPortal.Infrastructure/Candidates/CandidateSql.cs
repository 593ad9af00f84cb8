using System.Globalization;
using System.Text;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>The statements that find a page of candidates. They are made of constants; every value is a parameter.</summary>
internal static class CandidateSql
{
    /// <summary>Up to so many passings a window is read as a whole.</summary>
    public const int MostNarrow = 40_000;

    private const string NotShown = " and c.obj_id <> all(@shown)";

    /// <summary>
    /// A page of a narrow window: number of its passings, of objects that answer, name and newest passing. It always gives a row, the
    /// page's columns null where the page is empty; a window that is too wide gives the number of passings alone. Needs
    /// ix_candidates_filter_id_passed_at_obj_id, from which alone it reads.
    /// </summary>
    public static string Narrow(CandidateConditions conditions, IReadOnlyList<AnnotationSort> sorts, bool leavesOutShown) => $"""
        with passed as materialized (
            select c.obj_id, max(c.passed_at) as newest, count(*) as passings
            from (select c.obj_id, c.passed_at from candidates c where c.filter_id = any(@filters){conditions.Window} limit @most + 1) c
            group by c.obj_id),
        matching as materialized (
            select c.obj_id, c.newest from passed c where (select sum(p.passings) from passed p) <= @most{conditions.OfObject})
        select counts.passings, counts.objects, page.obj_id, page.newest
        from (select (select coalesce(sum(p.passings), 0)::bigint from passed p) as passings, (select count(*) from matching) as objects) counts
        left join (
            select c.obj_id, c.newest, row_number() over () as place
            from (
                select c.obj_id, c.newest from matching c{Joins(sorts)}
                where true{(leavesOutShown ? NotShown : "")}
                order by {Order(sorts)}
                limit @take offset @skip) c) page on true
        order by page.place
        """;

    /// <summary>A page of a window that is too wide to be read as a whole: name and newest passing.</summary>
    public static string Wide(CandidateConditions conditions, IReadOnlyList<AnnotationSort> sorts, bool leavesOutShown) =>
        sorts.Count == 0 ? NewestFirst(conditions, leavesOutShown ? NotShown : "") : ByAnnotation(conditions, sorts, leavesOutShown ? NotShown : "");

    // An object on the page is, for some filter, among that filter's first skip + take objects: no more need be read of any.
    // Needs ix_candidates_filter_id_passed_at_obj_id; the anti-join uses ix_candidates_obj_id_filter_id_passed_at.
    private static string NewestFirst(CandidateConditions conditions, string notShown) => $"""
        select h.obj_id, max(h.passed_at) as newest
        from unnest(@filters) as f (filter_id)
        cross join lateral (
            select c.obj_id, c.passed_at
            from candidates c
            where c.filter_id = f.filter_id{conditions.Sql}{notShown}
              and not exists (
                select 1 from candidates n
                where n.obj_id = c.obj_id and n.filter_id = c.filter_id and n.passed_at > c.passed_at{conditions.WindowOf("n")})
            order by c.passed_at desc, c.obj_id
            limit @skip + @take) h
        group by h.obj_id
        order by newest desc, h.obj_id
        limit @take offset @skip
        """;

    private static string ByAnnotation(CandidateConditions conditions, IReadOnlyList<AnnotationSort> sorts, string notShown) => $"""
        select c.obj_id, c.newest
        from (
            select c.obj_id, max(c.passed_at) as newest
            from candidates c
            where c.filter_id = any(@filters){conditions.Window}
            group by c.obj_id) c{Joins(sorts)}
        where true{conditions.OfObject}{notShown}
        order by {Order(sorts)}
        limit @take offset @skip
        """;

    // Index annotations (obj_id, origin).
    private static string Joins(IReadOnlyList<AnnotationSort> sorts)
    {
        var sql = new StringBuilder();
        for (var i = 0; i < sorts.Count; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"""

                left join lateral (
                    select nullif(a.data -> @sort{i}_key, 'null') as value, true as found
                    from annotations a
                    where a.obj_id = c.obj_id and a.origin = @sort{i}_origin and (@sort_all or a.group_ids && @sort_groups)
                    limit 1) s{i} on true
                """);
        }

        return sql.ToString();
    }

    // Objects with an annotation of the origin come first; without the key, or with null, last among them.
    private static string Order(IReadOnlyList<AnnotationSort> sorts)
    {
        var sql = new StringBuilder();
        for (var i = 0; i < sorts.Count; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"s{i}.found, s{i}.value {(sorts[i].Descending ? "desc" : "asc")} nulls last, ");
        }

        return sql.Append("c.newest desc, c.obj_id").ToString();
    }
}
