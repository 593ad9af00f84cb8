using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Components.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>What is done to several cards, how it is taken back, and what the page counts of it meanwhile.</summary>
public sealed class ScanActsTests
{
    private static readonly ScanList List = new("list", "key", ["a", "b", "c"], [1], [1], new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc));

    [Fact]
    public async Task ToAll_OneRefusedAndOneLost_TheOthersAreDoneAndTakenBack()
    {
        var undone = new List<string>();
        var act = await ScanActions.ToAllAsync([Card("a"), Card("b"), Card("c")], "Saved", card => card.Obj.Id switch
        {
            "a" => throw Refusal.Invalid("not yours."),
            "b" => throw new NpgsqlException("gone"),
            var id => Task.FromResult(Done(id, undone)),
        });

        Assert.Equal("Saved 1 object, but not 2 others: not yours.", act.Text);
        await act.Undo!(Viewer.Nobody);
        Assert.Equal(["c"], undone);
    }

    [Fact]
    public async Task ToAll_AllLost_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => ScanActions.ToAllAsync([Card("a")], "Saved", _ => throw new NpgsqlException("gone")));

        Assert.Contains("did not answer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_RefusedForOne_GoesOnWithTheOthersAndTells()
    {
        var undone = new List<string>();
        var act = await ScanActions.ToAllAsync([Card("a"), Card("b"), Card("c")], "Saved", card => Task.FromResult(
            card.Obj.Id == "b" ? new ScanAct(["b"], "b", _ => throw Refusal.Invalid("no such source.")) : Done(card.Obj.Id, undone)));

        var refusal = await Assert.ThrowsAsync<Refusal>(() => act.Undo!(Viewer.Nobody));

        Assert.Equal(["c", "a"], undone);
        Assert.Equal("1 object stayed as it is; b: no such source.", refusal.Message);
    }

    [Fact]
    public async Task Undo_AfterAFault_GoesOnWhereItStood()
    {
        var (undone, isDown) = (new List<string>(), true);
        var act = await ScanActions.ToAllAsync([Card("a"), Card("b")], "Saved", card => Task.FromResult(
            card.Obj.Id == "a" ? new ScanAct(["a"], "a", _ => isDown ? throw new NpgsqlException("gone") : Done("a", undone).Undo!(Viewer.Nobody)) : Done(card.Obj.Id, undone)));
        await Assert.ThrowsAsync<NpgsqlException>(() => act.Undo!(Viewer.Nobody));
        isDown = false;

        await act.Undo!(Viewer.Nobody);

        Assert.Equal(["b", "a"], undone);
    }

    [Fact]
    public void Tally_BetweenCounts_AddsWhatTheCardsTell()
    {
        var tally = new ScanTally();
        tally.Note(Card("a"), List);
        Assert.Null(tally.Progress);
        tally.Take(new ScanProgress(10, 2, 3, 1, 1, 6, true), List, [Card("a"), Card("b")]);

        tally.Seen(["a"]);
        tally.Note(Card("b", rejected: true), List);

        Assert.Equal(new ScanProgress(10, 3, 4, 1, 2, 4, true), tally.Progress);
        // A card that was read before it was looked at does not take the look back; the next count has all of it.
        tally.Note(Card("a"), List);
        Assert.Equal(3, tally.Progress!.Seen);
        tally.Take(new ScanProgress(10, 3, 4, 1, 2, 4, true), List, [Card("a"), Card("b", rejected: true)]);
        Assert.Equal(new ScanProgress(10, 3, 4, 1, 2, 4, true), tally.Progress);
        tally.Seen(["a"]);
        Assert.Equal(3, tally.Progress!.Seen);
    }

    [Fact]
    public void Tally_ACardOfAnotherPage_CountsAsItWasFirstRead()
    {
        var tally = new ScanTally();
        tally.Take(new ScanProgress(10, 0, 0, 0, 0, 10, true), List, []);

        tally.Note(Card("c", seen: true), List);
        Assert.Equal(0, tally.Progress!.Seen);
        tally.Note(Card("c", seen: true, rejected: true), List);

        Assert.Equal((0, 1, 10), (tally.Progress!.Seen, tally.Progress.Rejected, tally.Progress.Left));
    }

    private static ScanAct Done(string id, List<string> undone) => new([id], id, _ =>
    {
        undone.Add(id);
        return Task.CompletedTask;
    });

    private static ScanCard Card(string id, bool seen = false, bool rejected = false) => new()
    {
        Obj = new ObjRecord { Id = id },
        Thumbnails = new Dictionary<string, ThumbnailRecord>(),
        Points = [],
        Annotations = [],
        Saves = [],
        Classifications = [],
        Passed = [],
        Marks = new ScanMarks(seen ? List.At : null, [], rejected, false),
        Trend = null,
        Tags = [],
        Matched = [],
        MatchedPoints = [],
    };
}
