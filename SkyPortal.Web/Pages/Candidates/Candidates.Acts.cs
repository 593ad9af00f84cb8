using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Components.Candidates;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Candidates;

/// <summary>What is done on the scanning page, to one card or to several, and how it is taken back.</summary>
public sealed partial class Candidates
{
    private readonly Stack<(ScanAct Act, Toast Toast)> _done = new();
    private Task _underWay = Task.CompletedTask;
    private IReadOnlyList<string> _boxed = [];
    private ClassifyBox? _classifyBox;
    private TagBox? _tagBox;
    private string? _sliding;

    private string SharedWith => Find(_boxed) is { Count: > 0 } cards && cards.SelectMany(card => card.Passed).Select(filter => filter.GroupName).Distinct().ToList() is { Count: > 0 } names
        ? string.Join(", ", names)
        : "everybody";

    /// <summary>
    /// Does what a key or a button asks for, to one card or to several. The answer tells the browser that what it showed in advance
    /// may go.
    /// </summary>
    [JSInvokable]
    public async Task<bool> ActAsync(string[] objIds, string act, int[]? groupIds)
    {
        var cards = Find(objIds);
        if (cards.Count == 0)
        {
            return false;
        }

        if (act == "save" && cards.All(card => SaveTo(card, groupIds).Count == 0))
        {
            toasts.Failed($"{Named(cards)} {(cards.Count == 1 ? "was" : "were")} not saved: you may not save to the groups that scan {(cards.Count == 1 ? "it" : "them")}.");
            return false;
        }

        var none = CancellationToken.None;
        return await TryAsync(cards, () => (act, cards) switch
        {
            ("save", [var card]) => actions.SaveAsync(Viewer, card, SaveTo(card, groupIds), none),
            ("save", _) => ScanActions.ToAllAsync(cards, "Saved", card => SaveTo(card, groupIds) is { Count: > 0 } groups
                ? actions.SaveAsync(Viewer, card, groups, none)
                : throw Refusal.Forbidden("you may not save to the groups that scan them.")),
            ("unsave", [var card]) => _scope!.SaveGroups.FirstOrDefault(group => groupIds?.Contains(group.Id) == true) is { Name: not null } group
                ? actions.UnsaveAsync(Viewer, card, group, none)
                : throw Refusal.Forbidden("you may not save to that group."),
            ("reject", [var card]) => actions.ToggleAsync(Viewer, card, ScanListNames.Rejected, none),
            ("interesting", [var card]) => actions.ToggleAsync(Viewer, card, ScanListNames.Interesting, none),
            ("reject", _) => ScanActions.ToAllAsync(cards, "Rejected", card => actions.ListAsync(Viewer, card, ScanListNames.Rejected, true, none)),
            ("interesting", _) => ScanActions.ToAllAsync(cards, "Marked as interesting", card => actions.ListAsync(Viewer, card, ScanListNames.Interesting, true, none)),
            _ => throw Refusal.Invalid($"There is no act {act}."),
        });
    }

    /// <summary>Takes back the last act and tells on which object it was.</summary>
    [JSInvokable]
    public async Task<string?> UndoAsync()
    {
        var undone = await InOrderAsync<ScanAct?>(async () =>
        {
            if (!_done.TryPop(out var last))
            {
                toasts.Done("There is nothing to undo");
                return null;
            }

            toasts.Dismiss(last.Toast);
            await toasts.TryAsync(() => TakeBackAsync(last), $"Undone: {char.ToLowerInvariant(last.Act.Text[0])}{last.Act.Text[1..]}");
            return last.Act;
        });
        if (undone is not null)
        {
            await RefreshAsync(undone.ObjIds);
        }

        return undone?.ObjIds[0];
    }

    /// <summary>Notes that cards were looked at.</summary>
    [JSInvokable]
    public async Task SeenAsync(string[] objIds)
    {
        try
        {
            await markSeen.HandleAsync(Viewer, objIds, CancellationToken.None);
            _tally.Seen(objIds);
            _counters?.Draw();
            _ = CountSoonAsync();
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "Marks of candidates that were seen were lost");
            // A lost mark costs a second look at most; it must not stop anybody.
        }
    }

    /// <summary>The browser has opened the box for a class.</summary>
    [JSInvokable]
    public async Task OpenClassifyAsync(string[] objIds)
    {
        _boxed = objIds;
        StateHasChanged();
        await _classifyBox!.OpenAsync();
    }

    /// <summary>The browser has opened the box for a tag.</summary>
    [JSInvokable]
    public async Task OpenTagsAsync(string[] objIds)
    {
        _boxed = objIds;
        StateHasChanged();
        await _tagBox!.OpenAsync();
    }

    private async Task ClassifyAsync((ClassSuggestion Class, double? Probability) chosen)
    {
        await _script!.CallAsync("closeBoxes");
        var cards = Find(_boxed);
        await TryAsync(cards, () => cards is [var card]
            ? actions.ClassifyAsync(Viewer, card, chosen.Class, chosen.Probability, CancellationToken.None)
            : ScanActions.ToAllAsync(cards, $"Classified as {chosen.Class.Match.Class}", one => actions.ClassifyAsync(Viewer, one, chosen.Class, chosen.Probability, CancellationToken.None)));
    }

    /// <summary>Gives the classes of a shortcut to one card or to several.</summary>
    [JSInvokable]
    public async Task<bool> ShortcutAsync(string[] objIds, string name)
    {
        var cards = Find(objIds);
        return _shortcuts.FirstOrDefault(known => known.Name == name) is { } shortcut && await TryAsync(cards, () => cards is [var card]
            ? actions.ClassifyAsync(Viewer, card, shortcut, CancellationToken.None)
            : ScanActions.ToAllAsync(cards, $"Classified as {string.Join(", ", shortcut.Classes)}", one => actions.ClassifyAsync(Viewer, one, shortcut, CancellationToken.None)));
    }

    private async Task SlideAsync()
    {
        await _script!.CallAsync("closeBoxes");
        _sliding = _boxed.FirstOrDefault();
    }

    private Task ClassifiedAsync((string Classes, IReadOnlyList<long> Ids) made)
    {
        var objId = _sliding!;
        _sliding = null;
        return TryAsync(Find([objId]), () => Task.FromResult(actions.Classified(objId, made.Classes, made.Ids)));
    }

    private async Task TagAsync(TagOptionRecord option)
    {
        await _script!.CallAsync("closeBoxes");
        var cards = Find(_boxed);
        await TryAsync(cards, () => cards is [var card]
            ? actions.TagAsync(Viewer, card, option, CancellationToken.None)
            : ScanActions.ToAllAsync(cards, $"Tagged {option.Name}", one => actions.TagAsync(Viewer, one, option, CancellationToken.None)));
    }

    private Task UntagAsync(ObjTagRecord tag) => TryAsync(Find([tag.ObjId]), () => actions.UntagAsync(Viewer, tag, CancellationToken.None));

    private async Task<bool> TryAsync(IReadOnlyList<ScanCard> cards, Func<Task<ScanAct>> doIt)
    {
        if (cards.Count == 0)
        {
            return false;
        }

        string[] ids = [.. cards.Select(card => card.Obj.Id)];
        try
        {
            await InOrderAsync(async () =>
            {
                var act = await doIt();
                if (act.Undo is not null)
                {
                    _done.Push((act, toasts.Done(act.Text, () => UndoFromToastAsync(act))));
                }
                else
                {
                    toasts.Done(act.Text);
                }

                return act;
            });
            await markSeen.HandleAsync(Viewer, ids, CancellationToken.None);
            _tally.Seen(ids);
            await RefreshAsync(ids);
            return true;
        }
        catch (Refusal refusal)
        {
            toasts.Failed($"{Named(cards)} {(cards.Count == 1 ? "was left as it was" : "were left as they were")}: {refusal.Message}");
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogError(error, "An act on a candidate failed");
            toasts.Failed($"{Named(cards)} {(cards.Count == 1 ? "was left as it was" : "were left as they were")}: the database did not answer. Try again.");
        }

        await RefreshAsync(ids);
        return false;
    }

    // What could not be taken back since the database did not answer can be tried again.
    private async Task TakeBackAsync((ScanAct Act, Toast Toast) done)
    {
        try
        {
            await done.Act.Undo!(Viewer);
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            _done.Push(done);
            throw;
        }
    }

    private async Task UndoFromToastAsync(ScanAct act)
    {
        try
        {
            await InOrderAsync(async () =>
            {
                var others = _done.Where(kept => !ReferenceEquals(kept.Act, act)).Reverse().ToList();
                if (others.Count < _done.Count)
                {
                    var own = _done.First(kept => ReferenceEquals(kept.Act, act));
                    _done.Clear();
                    others.ForEach(_done.Push);
                    await TakeBackAsync(own);
                }

                return act;
            });
        }
        finally
        {
            await RefreshAsync(act.ObjIds);
        }
    }

    // Keys come faster than the database answers: acts are done in the order in which they were asked for, so that the last one asked
    // for is the first that is taken back.
    private Task<T> InOrderAsync<T>(Func<Task<T>> doIt)
    {
        var done = AfterAsync(_underWay, doIt);
        _underWay = done;
        return done;
    }

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> doIt)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return await doIt();
    }

    private static string Named(IReadOnlyList<ScanCard> cards) => cards is [var card] ? card.Obj.Id : Plural.Of(cards.Count, "object");

    // Named groups may be any to which the viewer may save; else it goes to those whose filters it passed.
    private List<(int Id, string Name)> SaveTo(ScanCard card, int[]? groupIds) =>
        groupIds is null or [] ? SaveGroups(card) : [.. _scope!.SaveGroups.Where(group => groupIds.Contains(group.Id))];

    private List<(int Id, string Name)> SaveGroups(ScanCard card) =>
    [
        .. card.Passed.Select(filter => (filter.GroupId, filter.GroupName)).Distinct()
            .Where(group => Viewer.SeesAll || Viewer.SaveGroupIds.Contains(group.GroupId)),
    ];
}
