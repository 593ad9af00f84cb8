using System.Globalization;
using System.Text;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>The statements that find a page of candidates. They are made of constants; every value is a parameter.</summary>
internal static class CandidateSql
{
    /// <summary>Beginning of the part of the window that is read.</summary>
    public const string Since = "since";

    private const string NotShown = " and c.obj_id <> all(@shown)";

    /// <summary>
    /// A page of the newest objects that passed since a time. Where it is full, it is the page of the whole window: what passed last
    /// before that time comes after all of these. At a place every object is looked at anyway, and their number comes along. Needs ix_candidates_filter_id_passed_at_obj_id, from which alone it reads.
    /// </summary>
    public static string Newest(CandidateConditions conditions, bool leavesOutShown, bool hasSince) => $"""
        select c.obj_id, c.newest{(conditions.IsOfAPlace ? ", count(*) over ()" : "")}
        from ({conditions.Passed(hasSince ? $" and c.passed_at >= @{Since}" : "")}) c
        where true{conditions.OfObject}{(leavesOutShown ? NotShown : "")}
        order by c.newest desc, c.obj_id
        limit @take offset @skip
        """;

    /// <summary>A page in the order of annotations, for which the whole window is read. Index annotations (obj_id, origin).</summary>
    public static string ByAnnotation(CandidateConditions conditions, IReadOnlyList<AnnotationSort> sorts, bool leavesOutShown)
    {
        var (joins, order) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < sorts.Count; i++)
        {
            joins.Append(CultureInfo.InvariantCulture, $"""

                left join lateral (
                    select nullif(a.data -> @sort{i}_key, 'null') as value, true as found
                    from annotations a
                    where a.obj_id = c.obj_id and a.origin = @sort{i}_origin and (@sort_all or a.group_ids && @sort_groups)
                    limit 1) s{i} on true
                """);
            // Objects with an annotation of the origin come first; without the key, or with null, last among them.
            order.Append(CultureInfo.InvariantCulture, $"s{i}.found, s{i}.value {(sorts[i].Descending ? "desc" : "asc")} nulls last, ");
        }

        return $"""
            select c.obj_id, c.newest
            from ({conditions.Passed()}) c{joins}
            where true{conditions.OfObject}{(leavesOutShown ? NotShown : "")}
            order by {order}c.newest desc, c.obj_id
            limit @take offset @skip
            """;
    }
}
