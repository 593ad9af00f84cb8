using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Alerts.Watches;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>One alert under evaluation. Holds what has been derived from it so far; not for use by two threads at once.</summary>
public sealed class FilterContext
{
    private static readonly object NotYet = new();

    private readonly object?[] _variables;
    private AlertSummary? _summary;
    private int _visitsLeft;

    internal FilterContext(FilterEnvironment environment, PacketRecord packet, IReadOnlyList<WatchHit> watches, double? sourceDistanceArcsec)
    {
        Environment = environment;
        Packet = packet;
        Watches = watches;
        SourceDistanceArcsec = sourceDistanceArcsec;
        _variables = new object?[environment.Variables.Count];
        Array.Fill(_variables, NotYet);
    }

    /// <summary>The survey's names.</summary>
    public FilterEnvironment Environment { get; }

    /// <summary>The decoded alert packet.</summary>
    public PacketRecord Packet { get; }

    /// <summary>What it matches of the watch lists that the filters may read.</summary>
    public IReadOnlyList<WatchHit> Watches { get; }

    /// <summary>Distance to the nearest saved source that the filters may know of [arcsec]; null where none is near.</summary>
    public double? SourceDistanceArcsec { get; }

    /// <summary>The survey-independent view of the alert.</summary>
    public AlertSummary Summary => _summary ??= Environment.Summarise(Packet);

    /// <summary>Array elements that the evaluation has visited.</summary>
    internal int Visited => FilterLimits.VisitedElements - _visitsLeft;

    internal bool IsExhausted => _visitsLeft < 0;

    internal void Begin() => _visitsLeft = FilterLimits.VisitedElements;

    /// <summary>Counts one visit of an array element; false where the evaluation has used up its share.</summary>
    internal bool Visit() => --_visitsLeft >= 0;

    internal object? Value(int slot)
    {
        var value = _variables[slot];
        if (ReferenceEquals(value, NotYet))
        {
            _variables[slot] = value = Environment.Variables[slot].Value(this);
        }

        return value;
    }

    internal double Number(int slot) => FilterRuntime.Number(Value(slot));

    internal bool? Truth(int slot) => FilterRuntime.Truth(Value(slot));

    internal string? Text(int slot) => FilterRuntime.Text(Value(slot));

    internal PacketRecord? Record(int slot) => Value(slot) as PacketRecord;

    internal object?[]? Items(int slot) => Value(slot) as object?[];
}
