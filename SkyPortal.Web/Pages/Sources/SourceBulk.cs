using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>How far a deed for many sources is.</summary>
/// <param name="Done">Sources that were gone through.</param>
/// <param name="Changed">Those of them that were changed.</param>
/// <param name="Refusals">Why some were not, each reason once.</param>
public sealed record BulkProgress(int Done, int Total, int Changed, IReadOnlyCollection<string> Refusals);

/// <summary>
/// Does one thing for many sources, one after the other, each with its way back. Refusals come from the verbs and stop nothing;
/// what was done before somebody cancels stays, and can be undone.
/// </summary>
public sealed class SourceBulk(
    SearchSources search, SaveSource save, UnsaveSource unsave, LabelSource label, UnlabelSource unlabel, Classify classify, DeleteClassification declassify,
    TagObject tag, UntagObject untag, ReadObjGroups groups, ReadObjLabels labels)
{
    /// <summary>Most sources of one deed.</summary>
    public const int Most = 20_000;

    private const int Batch = 500;
    private static readonly SourceListIncludes NamesOnly = new() { Nested = false, Fields = new HashSet<string> { "id" } };

    /// <summary>Names of all that match; refuses more than <see cref="Most"/>.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        var ids = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await search.HandleAsync(viewer, criteria with { Cursor = cursor, PageNumber = 1, NumPerPage = Batch }, NamesOnly, null, ct);
            if (page.TotalMatches > Most)
            {
                throw Refusal.Invalid($"{page.TotalMatches:N0} sources match; at most {Most:N0} can be changed at once. Narrow the list.");
            }

            ids.AddRange(page.Sources.Select(source => source.Id));
            cursor = page.NextCursor;
        }

        return ids;
    }

    /// <summary>Saves to a group; undoing unsaves what was not saved to it before.</summary>
    public async Task<Func<Viewer, Task>?> SaveAsync(Viewer viewer, string objId, int groupId, CancellationToken ct)
    {
        if ((await groups.ForAsync(viewer, [objId], SaveKind.Active, ct))[objId].Any(group => group.Id == groupId))
        {
            return null;
        }

        await save.HandleAsync(viewer, new SaveRequest(objId, new ObjChanges(), [groupId]), ct);
        return by => unsave.HandleAsync(by, objId, groupId, CancellationToken.None);
    }

    /// <summary>Marks as looked at for a group; undoing takes the mark away where it is new.</summary>
    public async Task<Func<Viewer, Task>?> LabelAsync(Viewer viewer, string objId, int groupId, CancellationToken ct)
    {
        if ((await labels.ForAsync(viewer, [objId], ct))[objId].Any(row => row.Label.GroupId == groupId && row.Label.LabellerId == viewer.UserId))
        {
            return null;
        }

        await label.HandleAsync(viewer, objId, [groupId], ct);
        return by => unlabel.HandleAsync(by, objId, [groupId], CancellationToken.None);
    }

    /// <summary>Puts a word of the vocabulary on it, for a group; undoing hides it from the group where it did not see it before.</summary>
    public async Task<Func<Viewer, Task>?> TagAsync(Viewer viewer, string objId, int optionId, int groupId, CancellationToken ct)
    {
        var put = await tag.HandleAsync(viewer, optionId, objId, [groupId], ct);
        return put.AddedGroupIds.Length == 0 ? null : by => untag.HandleAsync(by, put.Id, put.AddedGroupIds, CancellationToken.None);
    }

    /// <summary>Classifies for a group.</summary>
    public async Task<Func<Viewer, Task>?> ClassifyAsync(Viewer viewer, string objId, ClassSuggestion suggestion, int groupId, CancellationToken ct)
    {
        var id = await classify.HandleAsync(viewer, new NewClassification(objId, suggestion.Match.Class, suggestion.TaxonomyId) { GroupIds = [groupId] }, ct);
        return by => declassify.HandleAsync(by, id, label: false, CancellationToken.None);
    }

    /// <summary>
    /// Goes through the sources, and tells now and then how far it is. The answers take back what was done, the last first.
    /// </summary>
    public static async Task<(BulkProgress Progress, Stack<Func<Viewer, Task>> Undo)> RunAsync(
        IReadOnlyList<string> ids, Func<string, CancellationToken, Task<Func<Viewer, Task>?>> act, Func<BulkProgress, Task> tell, CancellationToken ct)
    {
        var undo = new Stack<Func<Viewer, Task>>();
        var refusals = new SortedSet<string>(StringComparer.Ordinal);
        var done = 0;
        foreach (var id in ids)
        {
            if (ct.IsCancellationRequested)
            {
                break;
            }

            try
            {
                if (await act(id, CancellationToken.None) is { } back)
                {
                    undo.Push(back);
                }
            }
            catch (Refusal refusal)
            {
                refusals.Add(refusal.Message.Replace(id, "…", StringComparison.Ordinal));
            }

            if (++done % 10 == 0 || done == ids.Count)
            {
                await tell(new BulkProgress(done, ids.Count, undo.Count, refusals));
            }
        }

        return (new BulkProgress(done, ids.Count, undo.Count, refusals), undo);
    }
}
