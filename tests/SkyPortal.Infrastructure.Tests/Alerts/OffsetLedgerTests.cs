using SkyPortal.Infrastructure.Alerts.Streams;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Alerts;

/// <summary>Which offsets may be committed, whatever the order in which batches end.</summary>
public sealed class OffsetLedgerTests
{
    private static readonly PartitionId One = new("topic", 0);
    private static readonly PartitionId Two = new("topic", 1);
    private readonly OffsetLedger _ledger = new(TimeProvider.System);

    [Fact]
    public void ToCommit_LaterBatchEndsFirst_WaitsForTheEarlier()
    {
        _ledger.Assign([One]);
        var (first, second) = (Begin(One, 5, 6), Begin(One, 7));

        _ledger.Finish(second);
        Assert.DoesNotContain(_ledger.ToCommit(), offset => offset.Offset > 5);
        _ledger.Finish(first);

        Assert.Equal([new PartitionOffset(One, 8)], _ledger.ToCommit());
        _ledger.Committed(_ledger.ToCommit());
        Assert.Empty(_ledger.ToCommit());
    }

    [Fact]
    public void Finish_AfterThePartitionWent_OffersNothing()
    {
        _ledger.Assign([One, Two]);
        var batch = _ledger.Begin([Message(One, 3), Message(Two, 9)]);

        _ledger.Drop([One]);
        _ledger.Finish(batch);

        Assert.Equal([new PartitionOffset(Two, 10)], _ledger.ToCommit());
        // Assigned again it begins afresh; what ended belongs to the former time.
        _ledger.Assign([One]);
        Assert.Equal([new PartitionOffset(Two, 10)], _ledger.ToCommit());
    }

    [Fact]
    public void Begin_MessageOfAPartitionThatWent_IsLeftOut()
    {
        _ledger.Assign([Two]);

        Assert.Equal([Two], _ledger.Begin([Message(One, 1), Message(Two, 1)]).Messages.Select(message => message.Partition));
    }

    [Fact]
    public void Finish_AfterARewind_DoesNotCommitAheadOfIt()
    {
        _ledger.Assign([One]);
        var stale = Begin(One, 100);

        _ledger.Rewind(new PartitionOffset(One, 10));
        _ledger.Finish(stale);
        Assert.Empty(_ledger.ToCommit());
        _ledger.Finish(Begin(One, 10, 11));

        Assert.Equal([new PartitionOffset(One, 12)], _ledger.ToCommit());
    }

    [Fact]
    public void Standings_Packets_AreCountedOnce()
    {
        _ledger.Assign([One]);
        _ledger.Place([new PartitionOffset(One, 4)]);
        _ledger.Finish(Begin(One, 4, 5, 6));

        var standing = Assert.Single(_ledger.Standings());
        Assert.Equal((7L, 3L), (standing.NextOffset, standing.NewPackets));
        Assert.Equal(0, Assert.Single(_ledger.Standings()).NewPackets);
    }

    [Fact]
    public async Task AwaitIdle_BatchEndsMeanwhile_IsTrue()
    {
        _ledger.Assign([One]);
        var batch = Begin(One, 1);

        Assert.False(_ledger.AwaitIdle([One], TimeSpan.FromMilliseconds(1)));
        var ending = Task.Run(() => _ledger.Finish(batch), TestContext.Current.CancellationToken);
        Assert.True(_ledger.AwaitIdle([One], TimeSpan.FromSeconds(30)));
        await ending;
    }

    private PacketBatch Begin(PartitionId partition, params long[] offsets) => _ledger.Begin([.. offsets.Select(offset => Message(partition, offset))]);

    private static StreamMessage Message(PartitionId partition, long offset) => new(partition, offset, default, new byte[1]);
}
