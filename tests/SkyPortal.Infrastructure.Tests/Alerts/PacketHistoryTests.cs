using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Alerts;

/// <summary>What a stream, a viewer and who wants the original may see of a packet's history. An entry without programme is of the packet's own.</summary>
public sealed class PacketHistoryTests
{
    private static readonly StreamRule Public = new(1, "Public", "ZTF_alerts", new HashSet<int> { 1 });
    private static readonly StreamRule Partnership = new(2, "Partnership", "ZTF_alerts", new HashSet<int> { 1, 2 });
    private static readonly StreamRules Streams = new([Public, Partnership]);

    [Theory]
    [InlineData(1, "public none")]
    [InlineData(2, "public")]
    public void VisibleThrough_StreamOfOneProgramme_LeavesOutOthers(int own, string kept)
    {
        Assert.Equal(kept.Split(' '), Names(IngestFilters.VisibleThrough(Public, Packet(own, "public", "partnership", "none", "odd"))));
    }

    [Fact]
    public void VisibleThrough_NothingLeftOut_IsTheSamePacket()
    {
        var packet = Packet(2, "public", "partnership", "none");

        Assert.Same(packet, IngestFilters.VisibleThrough(Partnership, packet));
    }

    [Theory]
    [InlineData(1, "public none")]
    [InlineData(2, "public partnership none")]
    public void VisiblePacket_OfAViewerWithThePublicStream_HoldsThePacketsOwnProgrammeToo(int own, string kept)
    {
        var viewer = new Viewer { UserId = 7, StreamIds = [1] };
        var packet = Packet(own, "public", "partnership", "none", "odd");

        var seen = VisiblePacket.Of(viewer, Streams, Row(own), Decoded(packet, own));

        Assert.Equal(kept.Split(' '), Names(seen.Packet));
        Assert.False(seen.IsWhole);
        Assert.True(VisiblePacket.Of(viewer, Streams, Row(own), Decoded(Packet(own, "public", "none"), own)).IsWhole);
    }

    [Theory]
    [InlineData(1, "public none", true)]
    [InlineData(1, "public partnership", false)]
    [InlineData(2, "partnership none", true)]
    [InlineData(1, "odd", false)]
    [InlineData(3, "none", true)]
    public void IsSeenWhole_OfAViewerWithThePublicStream_AsksForEveryProgrammeButTheOwn(int own, string history, bool isWhole)
    {
        var viewer = new Viewer { UserId = 7, StreamIds = [1] };

        Assert.Equal(isWhole, ReadPacket.IsSeenWhole(viewer, new StreamRules([Public, Partnership with { Selector = new HashSet<int> { 2 } }]), new ArchivedPacket("ZTF", 1, own, "", 0, 0, ""), Packet(own, history.Split(' '))));
    }

    private static PacketRecord Packet(int own, params string[] history)
    {
        var entry = Layout("ztf.alert.prv_candidate", "name", "programid");
        return new PacketRecord(
            Layout("ztf.alert", "candidate", "prv_candidates"),
            [
                new PacketRecord(Layout("ztf.alert.candidate", "programid"), [(long)own]),
                history.Select(object? (name) => new PacketRecord(entry, [name, name switch { "public" => 1L, "partnership" => 2L, "odd" => 1L << 32, _ => null }])).ToArray(),
            ]);
    }

    private static PacketLayout Layout(string name, params string[] fields) => new(name, [.. fields.Select(field => new PacketField(field, PacketFieldKind.Any, true))]);

    private static string?[] Names(PacketRecord packet) => [.. packet.Records("prv_candidates").Select(record => record.Text("name"))];

    private static AlertRow Row(int programme) => new()
    {
        Survey = "ZTF", AlertId = 1, ObjId = "ZTF26a", Mjd = 61_000, RaDegrees = 1, DecDegrees = 2, Programme = programme,
        Archived = new ArchivedPacket("ZTF", 1, programme, "", 0, 0, ""),
    };

    private static DecodedAlert Decoded(PacketRecord packet, int programme) => new()
    {
        Survey = "ZTF", AlertId = 1, ObjId = "ZTF26a", Mjd = 61_000, RaDegrees = 1, DecDegrees = 2, Programme = programme, Packet = packet, Photometry = [],
    };
}
