using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>A few of many alerts, chosen by their numbers alone: evenly, and the same in whatever order they come. One alert of an object.</summary>
internal sealed class TrialSample(int size)
{
    private const int MostPoints = 60;

    private readonly List<(ulong Key, TrialExample Example)> _kept = [];

    /// <summary>What was chosen, in order of time.</summary>
    public IReadOnlyList<TrialExample> Examples => [.. _kept.Select(item => item.Example).OrderBy(example => example.Mjd).ThenBy(example => example.AlertId)];

    public void Offer(TrialRow row, FilterContext context, int? clause)
    {
        var key = Mix(row.AlertId);
        if (IsWanted(key, row.ObjId))
        {
            Keep(key, Example(row, context, clause));
        }
    }

    public void Add(TrialSample more)
    {
        foreach (var (key, example) in more._kept)
        {
            if (IsWanted(key, example.ObjId))
            {
                Keep(key, example);
            }
        }
    }

    private bool IsWanted(ulong key, string objId)
    {
        var same = _kept.FindIndex(item => item.Example.ObjId == objId);
        return same >= 0 ? key < _kept[same].Key : _kept.Count < size || key < _kept[^1].Key;
    }

    private void Keep(ulong key, TrialExample example)
    {
        _kept.RemoveAll(item => item.Example.ObjId == example.ObjId);
        _kept.Add((key, example));
        _kept.Sort((one, other) => one.Key.CompareTo(other.Key));
        if (_kept.Count > size)
        {
            _kept.RemoveAt(size);
        }
    }

    private static TrialExample Example(TrialRow row, FilterContext context, int? clause)
    {
        var (summary, current) = (context.Summary, context.Summary.Current);
        return new TrialExample(
            summary.Survey.ToUpperInvariant(), row.AlertId, row.ObjId, row.Night, row.Mjd, current.Band, Finite(current.MagnitudeAb), Finite(current.Score), clause,
            [.. summary.History.Where(point => point is { Mjd: { } mjd, Band: not null } && double.IsFinite(mjd) && (point.MagnitudeAb ?? point.LimitingMagnitudeAb) is { } mag && double.IsFinite(mag))
                .TakeLast(MostPoints)
                .Select(point => new TrialPoint(point.Mjd!.Value, point.Band!, Finite(point.MagnitudeAb), Finite(point.MagnitudeError), Finite(point.LimitingMagnitudeAb)))]);
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    // The finalizer of SplitMix64 spreads neighbouring numbers.
    private static ulong Mix(long number)
    {
        var mixed = (ulong)number + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
