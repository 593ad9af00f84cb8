using System.Runtime.ExceptionServices;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>Something that a scanner did.</summary>
/// <param name="ObjIds">To which objects; at least one.</param>
/// <param name="Text">What, for people.</param>
/// <param name="Undo">Takes it back; null where nothing was changed.</param>
public sealed record ScanAct(IReadOnlyList<string> ObjIds, string Text, Func<Viewer, Task>? Undo);

/// <summary>What a scanner can do with a card, each with its way back. Refusals come from the verbs.</summary>
public sealed class ScanActions(
    SaveSource save, UnsaveSource unsave, AddToList addToList, RemoveFromList removeFromList, FindClasses findClasses, Classify classify, DeleteClassification declassify,
    TagObject tag, UntagObject untag)
{
    private const string NoAnswer = "the database did not answer.";

    /// <summary>
    /// Does the same to several cards, one after another; what one of them is refused, or a fault of the database, leaves the others. One
    /// way back for all that was done, which goes on in the same way and can be tried again after a fault. Refuses where nothing was done.
    /// </summary>
    public static async Task<ScanAct> ToAllAsync(IReadOnlyList<ScanCard> cards, string verb, Func<ScanCard, Task<ScanAct>> doOne)
    {
        var acts = new List<ScanAct>();
        var refused = new List<string>();
        foreach (var card in cards)
        {
            try
            {
                acts.Add(await doOne(card));
            }
            catch (Exception error) when (error is Refusal || DatabaseFault.Is(error))
            {
                refused.Add(error is Refusal ? error.Message : NoAnswer);
            }
        }

        if (acts.Count == 0)
        {
            throw Refusal.Invalid(refused[0]);
        }

        var changes = acts.Where(act => act.Undo is not null).Reverse().ToList();
        var text = $"{verb} {Plural.Of(acts.Count, "object")}" + (refused.Count > 0 ? $", but not {Plural.Of(refused.Count, "other")}: {refused[0]}" : "");
        return new ScanAct([.. cards.Select(card => card.Obj.Id)], text, changes.Count == 0 ? null : by => UndoAsync(changes, by));
    }

    // What was taken back is not taken back again; what was refused would be refused again.
    private static async Task UndoAsync(List<ScanAct> changes, Viewer by)
    {
        var refused = new List<string>();
        Exception? fault = null;
        foreach (var act in changes.ToList())
        {
            try
            {
                await act.Undo!(by);
                changes.Remove(act);
            }
            catch (Refusal refusal)
            {
                refused.Add($"{act.ObjIds[0]}: {refusal.Message}");
                changes.Remove(act);
            }
            catch (Exception error) when (DatabaseFault.Is(error))
            {
                fault = error;
            }
        }

        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        if (refused.Count > 0)
        {
            throw Refusal.Invalid($"{Plural.Of(refused.Count, "object")} stayed as {(refused.Count == 1 ? "it is" : "they are")}; {refused[0]}");
        }
    }

    /// <summary>Saves to groups; undoing unsaves from those to which it was not saved before.</summary>
    public async Task<ScanAct> SaveAsync(Viewer viewer, ScanCard card, IReadOnlyList<(int Id, string Name)> groups, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var names = string.Join(", ", groups.Select(group => group.Name));
        var fresh = groups.Select(group => group.Id).Except(card.Saves.Select(group => group.Id)).ToArray();
        if (fresh.Length == 0)
        {
            return new ScanAct([id], $"{id} is already saved to {names}", null);
        }

        await save.HandleAsync(viewer, new SaveRequest(id, new ObjChanges(), fresh), ct);
        return new ScanAct([id], $"Saved {id} to {names}", async by =>
        {
            foreach (var group in fresh)
            {
                await unsave.HandleAsync(by, id, group, CancellationToken.None);
            }
        });
    }

    /// <summary>Takes it out of a group to which it is saved; undoing saves it there again.</summary>
    public async Task<ScanAct> UnsaveAsync(Viewer viewer, ScanCard card, (int Id, string Name) group, CancellationToken ct)
    {
        var id = card.Obj.Id;
        await unsave.HandleAsync(viewer, id, group.Id, ct);
        return new ScanAct([id], $"{id} is no longer saved to {group.Name}", by => save.HandleAsync(by, new SaveRequest(id, new ObjChanges(), [group.Id]), CancellationToken.None));
    }

    /// <summary>Puts it on one of the viewer's lists, or takes it off where it is on it.</summary>
    public Task<ScanAct> ToggleAsync(Viewer viewer, ScanCard card, string listName, CancellationToken ct) =>
        ListAsync(viewer, card, listName, listName == ScanListNames.Rejected ? !card.Marks.IsRejected : !card.Marks.IsInteresting, ct);

    /// <summary>Puts it on one of the viewer's lists, or takes it off.</summary>
    public async Task<ScanAct> ListAsync(Viewer viewer, ScanCard card, string listName, bool on, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var isReject = listName == ScanListNames.Rejected;
        if (on == (isReject ? card.Marks.IsRejected : card.Marks.IsInteresting))
        {
            return new ScanAct([id], $"{id} is as it was", null);
        }

        if (!on)
        {
            await removeFromList.HandleAsync(viewer, id, listName, null, ct);
            return new ScanAct([id], isReject ? $"{id} is no longer rejected" : $"{id} is no longer marked as interesting", by => addToList.HandleAsync(by, id, listName, null, null, CancellationToken.None));
        }

        await addToList.HandleAsync(viewer, id, listName, null, null, ct);
        return new ScanAct([id], isReject ? $"Rejected {id}{(card.Saves.Count > 0 ? ", which stays saved" : "")}" : $"Marked {id} as interesting", by => removeFromList.HandleAsync(by, id, listName, null, CancellationToken.None));
    }

    /// <summary>Classifies, for the groups that scan it.</summary>
    public async Task<ScanAct> ClassifyAsync(Viewer viewer, ScanCard card, ClassSuggestion suggestion, double? probability, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var request = new NewClassification(id, suggestion.Match.Class, suggestion.TaxonomyId) { Probability = probability, GroupIds = [.. card.ScannedGroupIds] };
        return Classified(id, suggestion.Match.Class, [await classify.HandleAsync(viewer, request, ct)]);
    }

    /// <summary>Gives it all classes of a shortcut, or none of them, for the groups that scan it.</summary>
    public async Task<ScanAct> ClassifyAsync(Viewer viewer, ScanCard card, ClassShortcut shortcut, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var classes = await findClasses.HandleAsync(viewer, shortcut.Classes, ct);
        var ids = await classify.HandleAsync(viewer, [.. classes.Select(known => new NewClassification(id, known.Name, known.TaxonomyId) { GroupIds = [.. card.ScannedGroupIds] })], ct);
        return Classified(id, string.Join(", ", shortcut.Classes), ids);
    }

    /// <summary>The act of classes that were given; undoing deletes them.</summary>
    public ScanAct Classified(string objId, string classes, IReadOnlyList<long> ids) => new([objId], $"Classified {objId} as {classes}", async by =>
    {
        foreach (var id in ids)
        {
            await declassify.HandleAsync(by, id, label: false, CancellationToken.None);
        }
    });

    /// <summary>Puts a tag on it, for the groups that scan it.</summary>
    public async Task<ScanAct> TagAsync(Viewer viewer, ScanCard card, TagOptionRecord option, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var put = await tag.HandleAsync(viewer, option.Id, id, [.. card.ScannedGroupIds], ct);
        return put.AddedGroupIds.Length == 0
            ? new ScanAct([id], $"{id} has the tag {option.Name} already", null)
            : new ScanAct([id], $"Tagged {id} {option.Name}", by => untag.HandleAsync(by, put.Id, put.AddedGroupIds, CancellationToken.None));
    }

    /// <summary>Takes a tag away; undoing puts it back for the groups that saw it.</summary>
    public async Task<ScanAct> UntagAsync(Viewer viewer, ObjTagRecord taken, CancellationToken ct)
    {
        var groups = await untag.HandleAsync(viewer, taken.Id, null, ct);
        return new ScanAct([taken.ObjId], $"Took the tag {taken.Name} from {taken.ObjId}", by => tag.HandleAsync(by, taken.ObjtagoptionId, taken.ObjId, groups, CancellationToken.None));
    }
}
