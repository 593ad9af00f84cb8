using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What a packet tells of other exposures than its own, and who may see of it what.</summary>
internal static class PacketHistory
{
    // As in the packets' readers: what names no programme is public.
    private const int Public = 1;
    private const int OfNobody = -1;

    private static readonly string[] Fields = ["prv_candidates", "fp_hists"];

    /// <summary>Whether all of it may be seen.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="sees">Whether a programme may be seen.</param>
    public static bool IsSeenWhole(PacketRecord packet, Func<int, bool> sees) => ReferenceEquals(Cut(packet, sees), packet);

    /// <summary>The packet without what may not be seen; the same where nothing is left out.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="sees">Whether a programme may be seen. What names none is of the packet's own.</param>
    public static PacketRecord Cut(PacketRecord packet, Func<int, bool> sees)
    {
        var own = ProgrammeOf(packet.Record("candidate"), Public);
        object?[]? values = null;
        foreach (var field in Fields)
        {
            var index = packet.Layout.IndexOf(field);
            if (index >= 0 && packet.Values[index] is object?[] items && !Array.TrueForAll(items, IsSeen))
            {
                values ??= (object?[])packet.Values.Clone();
                values[index] = Array.FindAll(items, IsSeen);
            }
        }

        return values is null ? packet : new PacketRecord(packet.Layout, values);

        bool IsSeen(object? item) => item is not PacketRecord record || sees(ProgrammeOf(record, own));
    }

    // A number that is no programme's is nobody's.
    private static int ProgrammeOf(PacketRecord? record, int own) => record?.Integer("programid") switch
    {
        null => own,
        >= 0 and <= int.MaxValue and var programme => (int)programme,
        _ => OfNobody,
    };
}
