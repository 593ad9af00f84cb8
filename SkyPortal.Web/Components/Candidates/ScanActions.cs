using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>Something that a scanner did.</summary>
/// <param name="ObjId">To which object.</param>
/// <param name="Text">What, for people.</param>
/// <param name="Undo">Takes it back; null where nothing was changed.</param>
public sealed record ScanAct(string ObjId, string Text, Func<Viewer, Task>? Undo);

/// <summary>What a scanner can do with a card, each with its way back. Refusals come from the verbs.</summary>
public sealed class ScanActions(
    SaveSource save, UnsaveSource unsave, AddToList addToList, RemoveFromList removeFromList, Classify classify, DeleteClassification declassify)
{
    /// <summary>Saves to groups; undoing unsaves from those to which it was not saved before.</summary>
    public async Task<ScanAct> SaveAsync(Viewer viewer, ScanCard card, IReadOnlyList<(int Id, string Name)> groups, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var names = string.Join(", ", groups.Select(group => group.Name));
        var fresh = groups.Select(group => group.Id).Except(card.Saves.Select(group => group.Id)).ToArray();
        if (fresh.Length == 0)
        {
            return new ScanAct(id, $"{id} is already saved to {names}", null);
        }

        await save.HandleAsync(viewer, new SaveRequest(id, new ObjChanges(), fresh), ct);
        return new ScanAct(id, $"Saved {id} to {names}", async by =>
        {
            foreach (var group in fresh)
            {
                await unsave.HandleAsync(by, id, group, CancellationToken.None);
            }
        });
    }

    /// <summary>Puts it on one of the viewer's lists, or takes it off where it is on it.</summary>
    public async Task<ScanAct> ToggleAsync(Viewer viewer, ScanCard card, string listName, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var isReject = listName == ScanListNames.Rejected;
        if (isReject ? card.Marks.IsRejected : card.Marks.IsInteresting)
        {
            await removeFromList.HandleAsync(viewer, id, listName, null, ct);
            return new ScanAct(id, isReject ? $"{id} is no longer rejected" : $"{id} is no longer marked as interesting", by => addToList.HandleAsync(by, id, listName, null, null, CancellationToken.None));
        }

        await addToList.HandleAsync(viewer, id, listName, null, null, ct);
        return new ScanAct(id, isReject ? $"Rejected {id}{(card.Saves.Count > 0 ? ", which stays saved" : "")}" : $"Marked {id} as interesting", by => removeFromList.HandleAsync(by, id, listName, null, CancellationToken.None));
    }

    /// <summary>Classifies, for the groups that scan it.</summary>
    public async Task<ScanAct> ClassifyAsync(Viewer viewer, ScanCard card, ClassSuggestion suggestion, double? probability, CancellationToken ct)
    {
        var id = card.Obj.Id;
        var request = new NewClassification(id, suggestion.Match.Class, suggestion.TaxonomyId) { Probability = probability, GroupIds = [.. card.ScannedGroupIds] };
        var classification = await classify.HandleAsync(viewer, request, ct);
        return new ScanAct(id, $"Classified {id} as {suggestion.Match.Class}", by => declassify.HandleAsync(by, classification, label: false, CancellationToken.None));
    }
}
