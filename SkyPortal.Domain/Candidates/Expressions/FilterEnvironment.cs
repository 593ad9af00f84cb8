using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Alerts.Watches;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>A survey-independent name that filters may use.</summary>
/// <param name="Name">The name, such as <c>age_days</c>.</param>
/// <param name="Kind">Kind of its values; Array means an array of records.</param>
/// <param name="Description">Meaning with unit, for people who write filters.</param>
/// <param name="Value">
/// Its value for an alert, in the types that <see cref="PacketFieldKind"/> names; must not throw. Called at most
/// once per context.
/// </param>
/// <param name="Record">Layout of the elements where the kind is Array, else null.</param>
public sealed record FilterVariable(
    string Name,
    PacketFieldKind Kind,
    string Description,
    Func<FilterContext, object?> Value,
    PacketLayout? Record = null);

/// <summary>
/// The names that filters over one survey's alerts may use, with their types: the packet's fields and the
/// survey-independent variables. A variable hides a top-level packet field of the same name; <c>packet.name</c>
/// and <c>alert.name</c> reach both at any place.
/// </summary>
public sealed class FilterEnvironment
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags;
    private readonly Func<PacketRecord, AlertSummary> _summarise;

    /// <summary>Describes a survey.</summary>
    /// <param name="packet">Layout that filters are checked against. Packets of other schema versions may be evaluated: fields are found by name, and a missing one is null.</param>
    /// <param name="summarise">Reads the survey-independent view of a packet; must not throw.</param>
    /// <param name="variables">The survey-independent names; distinct.</param>
    /// <param name="flags">Text fields that hold t, f, 1 or 0 and may stand where a truth value is expected.</param>
    /// <exception cref="ArgumentException">Two variables share a name.</exception>
    public FilterEnvironment(
        PacketLayout packet,
        Func<PacketRecord, AlertSummary> summarise,
        IReadOnlyList<FilterVariable> variables,
        IEnumerable<string> flags)
    {
        Packet = packet;
        Variables = variables;
        _summarise = summarise;
        _flags = flags.ToHashSet(StringComparer.Ordinal);
        for (var slot = 0; slot < variables.Count; slot++)
        {
            if (!_slots.TryAdd(variables[slot].Name, slot))
            {
                throw new ArgumentException($"The variable '{variables[slot].Name}' is declared twice.", nameof(variables));
            }
        }
    }

    /// <summary>ZTF alerts of the known schema.</summary>
    public static FilterEnvironment Ztf { get; } = ForZtf(KnownLayouts.Ztf);

    /// <summary>Rubin (LSST) alerts of the known schema.</summary>
    public static FilterEnvironment Lsst { get; } = ForLsst(KnownLayouts.Lsst);

    /// <summary>Layout that filters are checked against.</summary>
    public PacketLayout Packet { get; }

    /// <summary>The survey-independent names.</summary>
    public IReadOnlyList<FilterVariable> Variables { get; }

    /// <summary>ZTF alerts of another schema version.</summary>
    public static FilterEnvironment ForZtf(PacketLayout packet) =>
        new(packet, ZtfAlertSummary.Read, FilterVariables.All, ["isdiffpos"]);

    /// <summary>Rubin (LSST) alerts of another schema version.</summary>
    public static FilterEnvironment ForLsst(PacketLayout packet) =>
        new(packet, LsstAlertSummary.Read, FilterVariables.All, []);

    /// <summary>Prepares a packet for evaluation. Share the context between all filters of the packet: what they derive is computed once.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="watches">What it matches of the watch lists that the filters may read; null for nothing.</param>
    /// <param name="sourceDistanceArcsec">Distance to the nearest saved source that the filters may know of [arcsec]; null for none.</param>
    public FilterContext CreateContext(PacketRecord packet, IReadOnlyList<WatchHit>? watches = null, double? sourceDistanceArcsec = null) =>
        new(this, packet, watches ?? [], sourceDistanceArcsec);

    internal AlertSummary Summarise(PacketRecord packet) => _summarise(packet);

    internal int SlotOf(string variable) => _slots.GetValueOrDefault(variable, -1);

    internal bool IsFlag(string field) => _flags.Contains(field);
}
