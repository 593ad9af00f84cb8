using System.Diagnostics;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Photometry;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Points reach the table once, and the writer says which are new.</summary>
public sealed class PhotometryWriterTests(SiteFixture site, ITestOutputHelper output) : IClassFixture<SiteFixture>
{
    private readonly PhotometryWriter _writer = new();

    [Fact]
    public async Task WriteAsync_DuplicatesInBatchAndTable_KeepTheFirstId()
    {
        var (objId, instrumentId) = await ArrangeAsync();
        var one = Point(objId, instrumentId, 58000, 10);
        var limit = Point(objId, instrumentId, 58001, null);

        var first = await WriteAsync([one, limit, Point(objId, instrumentId, 58000, 10), Point(objId, instrumentId, 58001, null)]);
        var second = await WriteAsync([Point(objId, instrumentId, 58002, 10), limit]);

        Assert.Equal(
            [PhotometryOutcome.Accepted, PhotometryOutcome.Accepted, PhotometryOutcome.Duplicate, PhotometryOutcome.Duplicate],
            first.Select(point => point.Outcome));
        Assert.Equal([first[0].Id, first[1].Id], [first[2].Id, first[3].Id]);
        Assert.Equal(PhotometryOutcome.Accepted, second[0].Outcome);
        Assert.Equal(new WrittenPoint(first[1].Id, PhotometryOutcome.Duplicate), second[1]);
        Assert.True(first[0].Id < first[1].Id);
    }

    [Fact]
    public async Task WriteAsync_TwoWritersOfTheSamePoint_AgreeOnOneRow()
    {
        var (objId, instrumentId) = await ArrangeAsync();
        await using var connection = await site.Node.Contexts.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var mine = await _writer.WriteAsync(connection, transaction, [Point(objId, instrumentId, 58000, 10)], TestContext.Current.CancellationToken);

        var other = WriteAsync([Point(objId, instrumentId, 58000, 10), Point(objId, instrumentId, 58001, 11)]);
        await WaitForABlockedStatementAsync();
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        var theirs = await other;

        Assert.Equal(new WrittenPoint(mine[0].Id, PhotometryOutcome.Duplicate), theirs[0]);
        Assert.Equal(PhotometryOutcome.Accepted, theirs[1].Outcome);
    }

    [Fact]
    public async Task WriteAsync_ManyRows_TakesSecondsAtMost()
    {
        var (objId, instrumentId) = await ArrangeAsync();
        var points = Enumerable.Range(0, 100_000).Select(i => Point(objId, instrumentId, 50000 + (i * 0.01), 10 + i)).ToList();
        await WriteAsync(points.Take(10).ToList());

        var watch = Stopwatch.StartNew();
        var written = await WriteAsync(points);
        var writing = watch.Elapsed;
        watch.Restart();
        var again = await WriteAsync(points);
        output.WriteLine($"100,000 new rows in {writing}, the same again in {watch.Elapsed}");

        Assert.Equal(10, written.Count(point => point.Outcome == PhotometryOutcome.Duplicate));
        Assert.Equal(written.Select(point => point.Id), again.Select(point => point.Id));
        Assert.All(again, point => Assert.Equal(PhotometryOutcome.Duplicate, point.Outcome));
    }

    [Fact]
    public void Hash_SameMeasurement_IsStableAndDiffersForEveryPart()
    {
        var hash = PhotometryIdentity.Hash(1, "None", 58000.5, 0.1, 2.5);

        Assert.Equal(hash, PhotometryIdentity.Hash(1, "None", 58000.5, 0.1, 2.5));
        Assert.Equal(PhotometryIdentity.Hash(1, "None", 0.0, 0.1, null), PhotometryIdentity.Hash(1, "None", -0.0, 0.1, double.NaN));
        Assert.Equal(6, new[]
        {
            hash,
            PhotometryIdentity.Hash(2, "None", 58000.5, 0.1, 2.5),
            PhotometryIdentity.Hash(1, "none", 58000.5, 0.1, 2.5),
            PhotometryIdentity.Hash(1, "None", 58000.6, 0.1, 2.5),
            PhotometryIdentity.Hash(1, "None", 58000.5, 0.2, 2.5),
            PhotometryIdentity.Hash(1, "None", 58000.5, 0.1, null),
        }.Distinct().Count());
    }

    private static PhotometryPoint Point(string objId, int instrumentId, double mjd, double? flux) => new()
    {
        ObjId = objId,
        InstrumentId = instrumentId,
        Filter = "ztfr",
        Mjd = mjd,
        Flux = flux,
        Fluxerr = 1,
        UploadId = Guid.NewGuid(),
        OwnerId = 1,
        GroupIds = [1],
        CreatedAt = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Modified = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    private async Task<IReadOnlyList<WrittenPoint>> WriteAsync(IReadOnlyList<PhotometryPoint> points)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var connection = await site.Node.Contexts.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var written = await _writer.WriteAsync(connection, transaction, points, ct);
        await transaction.CommitAsync(ct);
        return written;
    }

    private async Task WaitForABlockedStatementAsync()
    {
        await using var command = site.Node.Contexts.DataSource.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        while ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private async Task<(string ObjId, int InstrumentId)> ArrangeAsync()
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        var telescope = new Telescope { Name = $"T{Guid.NewGuid():N}", Nickname = "T" };
        db.Add(telescope);
        var obj = new Obj { Id = $"O{Guid.NewGuid():N}", InternalKey = Guid.NewGuid() };
        db.Add(obj);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var instrument = new Instrument { Name = $"I{Guid.NewGuid():N}", Type = "imager", TelescopeId = telescope.Id };
        db.Add(instrument);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return (obj.Id, instrument.Id);
    }
}
