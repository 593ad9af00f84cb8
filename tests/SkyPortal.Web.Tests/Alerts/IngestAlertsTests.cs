using System.Text;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>What the ingest makes of single packets.</summary>
public sealed class IngestAlertsTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(fixture.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Ingest_SamePacketTwice_ChangesNothing()
    {
        var (group, member) = await _site.GroupAsync("idem", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26idempot'", autosave: true, annotations: new { mag = "candidate.magpsf" });
        var packet = new ZtfPacket("ZTF26idempot", 9_001) { Previous = [(2_460_899.7, 18.9, 1)], Forced = [(2_460_898.7, 100, 10, "0", 1)] }.Packet();

        var first = await _site.IngestAsync("ZTF Public", packet, packet);
        var before = await _site.CountsAsync();
        var second = await _site.IngestAsync("ZTF Public", packet);

        Assert.Equal([IngestOutcomeKind.Accepted, IngestOutcomeKind.Duplicate], first.Select(outcome => outcome.Kind));
        Assert.Equal(IngestOutcomeKind.Duplicate, second.Single().Kind);
        Assert.Equal(before, await _site.CountsAsync());
        Assert.Equal([3L], await _site.QueryAsync<long>("select count(*) from photometry where obj_id = 'ZTF26idempot'"));
    }

    [Fact]
    public async Task Ingest_PassingPacket_MakesCandidateAnnotationThumbnailsSourceAndEvent()
    {
        var (group, member) = await _site.GroupAsync("passing", "ZTF Public");
        var filter = await _site.FilterAsync(
            member, group, "ZTF Public", "objectId == 'ZTF26passing' and candidate.drb > 0.5", autosave: true, annotations: new { mag = "candidate.magpsf", when = "candidate.jd" });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26passing", 9_101).Packet());

        Assert.Equal([9_101L], await _site.QueryAsync<long>("select passing_alert_id from candidates where filter_id = $1", filter));
        var annotation = await _site.QueryAsync<string>("select data::text from annotations where obj_id = 'ZTF26passing' and origin like 'passing:%' and group_ids = array[$1]", group);
        Assert.Contains("\"mag\": 18.5", annotation.Single(), StringComparison.Ordinal);
        Assert.Equal([group], await _site.QueryAsync<int>("select unnest(group_ids) from objs where id = 'ZTF26passing'"));
        Assert.Equal(["new", "ref", "sub"], await _site.QueryAsync<string>("select type from thumbnails where obj_id = 'ZTF26passing' and alert_id = 9101 order by type"));
        Assert.Equal([true], await _site.QueryAsync<bool>("select active from sources where obj_id = 'ZTF26passing' and group_id = $1", group));
        Assert.Equal([1L], await _site.QueryAsync<long>("select count(*) from outbox_events where kind = 'candidates.arrived' and group_ids = array[$1]", group));
    }

    [Fact]
    public async Task Ingest_NewerPacketFirst_KeepsWhatItShowed()
    {
        var (group, member) = await _site.GroupAsync("order", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26ordered'", annotations: new { mag = "candidate.magpsf" });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26ordered", 9_202) { Jd = 2_460_902.75, Mag = 17 }.Packet());
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26ordered", 9_201) { Jd = 2_460_900.75, Mag = 19 }.Packet());

        Assert.Equal(["{\"mag\": 17}"], await _site.QueryAsync<string>("select data::text from annotations where obj_id = 'ZTF26ordered'"));
        Assert.Equal([9_202L], await _site.QueryAsync<long>("select distinct alert_id from thumbnails where obj_id = 'ZTF26ordered'"));
        Assert.Equal([2L], await _site.QueryAsync<long>("select count(*) from candidates where obj_id = 'ZTF26ordered'"));
    }

    [Fact]
    public async Task Ingest_NegativeSubtraction_StoresNegativeFlux()
    {
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26negativ", 9_301) { IsDiffPos = "f", Mag = 18.9, MagErr = 0.1 }.Packet());

        // 10^(-0.4 (18.9 - 23.9)) microjansky is 100.
        Assert.Equal(-100.0, (await _site.QueryAsync<double>("select flux from photometry where obj_id = 'ZTF26negativ'")).Single(), 3);
        Assert.Equal(9.2103, (await _site.QueryAsync<double>("select fluxerr from photometry where obj_id = 'ZTF26negativ'")).Single(), 3);
    }

    [Fact]
    public async Task Ingest_History_StoresLimitsAndForcedPhotometry()
    {
        var packet = new ZtfPacket("ZTF26history", 9_401)
        {
            Previous = [(2_460_899.7, null, 1)],
            Forced = [(2_460_898.7, 100, 10, "0", 1), (2_460_897.7, -99_999, 10, "0", 1), (2_460_896.7, 100, 10, "61", 1)],
        };

        await _site.IngestAsync("ZTF Public", packet.Packet());

        // A 5 sigma limit of 20.5 mag: sigma is 10^(-0.4 (20.5 - 23.9)) / 5 = 4.5817 microjansky.
        Assert.Equal(4.5817, (await _site.QueryAsync<double>("select fluxerr from photometry where obj_id = 'ZTF26history' and flux is null")).Single(), 3);
        // 100 counts with zero point 26.4 are 10 microjansky.
        Assert.Equal(10.0, (await _site.QueryAsync<double>("select flux from photometry where obj_id = 'ZTF26history' and origin = 'alert_fp'")).Single(), 3);
        Assert.Equal([3L], await _site.QueryAsync<long>("select count(*) from photometry where obj_id = 'ZTF26history'"));
        Assert.Equal(60_898.2, (await _site.QueryAsync<double>("select mjd from photometry where obj_id = 'ZTF26history' and origin = 'alert_fp'")).Single(), 6);
    }

    [Fact]
    public async Task Ingest_KnownBody_KeepsOnlyTheTriggeringDetection()
    {
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26movings", 9_501) { SsDistance = 1.5, SsName = "2021 AB12", Previous = [(2_460_899.7, 18.9, 1)] }.Packet());

        Assert.Equal([1L], await _site.QueryAsync<long>("select count(*) from photometry where obj_id = 'ZTF26movings'"));
        Assert.Equal(["2021 AB12"], await _site.QueryAsync<string>("select mpc_name from objs where id = 'ZTF26movings' and is_roid"));
    }

    [Fact]
    public async Task Ingest_UnsavedSource_IsNotSavedAgainByAutosave()
    {
        var (group, member) = await _site.GroupAsync("unsave", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26unsaved'", autosave: true);
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26unsaved", 9_601).Packet());
        await _site.QueryAsync<string>("update sources set active = false where obj_id = 'ZTF26unsaved' returning obj_id");

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26unsaved", 9_602) { Jd = 2_460_901.75 }.Packet());

        Assert.Equal([false], await _site.QueryAsync<bool>("select active from sources where obj_id = 'ZTF26unsaved'"));
    }

    [Fact]
    public async Task Ingest_BadPackets_AreRejectedByNameAndNeighboursSurvive()
    {
        var good = new ZtfPacket("ZTF26neighba", 9_701).Write();
        var corrupt = (byte[])good.Clone();
        corrupt.AsSpan(corrupt.Length - 16).Clear();
        (string Name, byte[] Bytes, string Reason)[] bad =
        [
            ("empty", [], "empty"),
            ("text", Encoding.ASCII.GetBytes("not a packet"), "neither an Avro container"),
            ("truncated", good[..^2_000], ""),
            ("corrupt", corrupt, "sync marker"),
            ("nan", (new ZtfPacket("ZTF26nancord", 9_702) { Ra = double.NaN }).Write(), "right ascension"),
            ("ra", (new ZtfPacket("ZTF26badradx", 9_703) { Ra = 400 }).Write(), "right ascension"),
            ("dec", (new ZtfPacket("ZTF26baddecx", 9_704) { Dec = -91 }).Write(), "declination"),
            ("time", (new ZtfPacket("ZTF26badtime", 9_705) { Jd = 1 }).Write(), "MJD"),
            ("future", (new ZtfPacket("ZTF26afuture", 9_709) { Jd = Mjd.DaysOf(fixture.Node.Contexts.Clock.GetUtcNow().UtcDateTime) + 2_400_000.5 + 1.1 }).Write(), "ahead of this site's clock"),
            ("far", (new ZtfPacket("ZTF26farfutu", 9_710) { Jd = 2_489_000.5 }).Write(), "ahead of this site's clock"),
            ("name", (new ZtfPacket("a/b\0c", 9_706)).Write(), "name"),
            ("huge", WithLength(good, 1L << 30), ""),
            ("framed", [0, 0, 0, 3, 132, 1, 2, 3], "--schemas"),
            ("programme", (new ZtfPacket("ZTF26noprogr", 9_707) { Programme = 9 }).Write(), "programme 9"),
        ];
        var packets = bad.Select(item => new AlertPacket(item.Name, item.Bytes)).ToList();
        packets.Insert(0, new AlertPacket("first", good));
        packets.Add(new ZtfPacket("ZTF26neighbb", 9_708).Packet("last"));

        var outcomes = await _site.IngestAsync("ZTF Public", [.. packets]);

        Assert.Equal(packets.Select(packet => packet.Name), outcomes.Select(outcome => outcome.Name));
        Assert.Equal(IngestOutcomeKind.Accepted, outcomes[0].Kind);
        Assert.Equal(IngestOutcomeKind.Accepted, outcomes[^1].Kind);
        Assert.All(bad, item =>
        {
            var outcome = outcomes.Single(outcome => outcome.Name == item.Name);
            Assert.Equal(IngestOutcomeKind.Rejected, outcome.Kind);
            Assert.Contains(item.Reason, outcome.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Ingest_BrokenCutout_IsAcceptedWithoutThumbnails()
    {
        var (group, member) = await _site.GroupAsync("cutout", "ZTF Public");
        await _site.FilterAsync(member, group, "ZTF Public", "objectId == 'ZTF26cutouts'");

        var outcomes = await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26cutouts", 9_801) { Cutout = [0x1F, 0x8B, 8, 0, 1, 2, 3] }.Packet());

        Assert.Equal(IngestOutcomeKind.Accepted, outcomes.Single().Kind);
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from thumbnails where obj_id = 'ZTF26cutouts'"));
        Assert.Equal([1L], await _site.QueryAsync<long>("select count(*) from candidates where obj_id = 'ZTF26cutouts'"));
    }

    [Fact]
    public async Task Ingest_UnknownStream_IsRefusedWithTheNamesThatThereAre()
    {
        var refusal = await Assert.ThrowsAsync<Domain.Refusal>(() => _site.IngestAsync("Nobody's", new ZtfPacket("ZTF26nostrea", 9_901).Packet()));

        Assert.Contains("ZTF Public", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_OtherSurveysPacket_IsRejected()
    {
        var outcomes = await _site.IngestAsync("LSST Public", new ZtfPacket("ZTF26othersu", 9_911).Packet());

        Assert.Contains("LSST_alerts", outcomes.Single().Reason, StringComparison.Ordinal);
    }

    /// <summary>The packet with the length of its only block replaced.</summary>
    private static byte[] WithLength(byte[] container, long length)
    {
        var sync = container.AsSpan(container.Length - 16);
        var start = container.AsSpan(0, container.Length - 16).IndexOf(sync) + 16;
        var bytes = new List<byte>(container[..start]) { 2 };
        for (var raw = (ulong)length << 1; ; raw >>= 7)
        {
            bytes.Add((byte)(raw >= 0x80 ? raw | 0x80 : raw));
            if (raw < 0x80)
            {
                break;
            }
        }

        return [.. bytes, 1, 2, 3];
    }
}
