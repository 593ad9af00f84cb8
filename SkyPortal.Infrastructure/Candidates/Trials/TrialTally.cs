using System.Numerics;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>Tries a filter on alerts and counts. One for each chunk; chunks are added up in any order with the same outcome.</summary>
internal sealed class TrialTally(TrialFilter filter, TimeProvider clock)
{
    private const int PassingExamples = 12;
    private const int MissesOfAClause = 4;
    private const int DifferenceExamples = 8;

    private readonly long[] _removedInOrder = new long[filter.Clauses.Length];
    private readonly long[] _removedAlone = new long[filter.Clauses.Length];
    private readonly long[] _nearMisses = new long[filter.Clauses.Length];
    private readonly Dictionary<string, ObjectTally> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<DateOnly, NightTally> _nights = [];
    private readonly TrialSample _passing = new(PassingExamples);
    private readonly TrialSample[] _misses = [.. filter.Clauses.Select(_ => new TrialSample(MissesOfAClause))];
    private readonly TrialSample _onlyThis = new(DifferenceExamples);
    private readonly TrialSample _onlyOther = new(DifferenceExamples);
    private readonly ulong _all = filter.Clauses.Length == 64 ? ulong.MaxValue : (1UL << filter.Clauses.Length) - 1;
    private long _alerts;
    private long _passed;
    private long _exhausted;
    private long _unreadable;
    private long _both;
    private long _thisOnly;
    private long _otherOnly;
    private long _ticks;

    /// <summary>Objects that were seen, with whether an alert of theirs passed.</summary>
    public IEnumerable<(string ObjId, bool Passed)> Objects => _objects.Select(pair => (pair.Key, pair.Value.Passed));

    public long Alerts => _alerts;

    public long Passed => _passed;

    /// <summary>Tries one alert.</summary>
    public void Try(TrialRow row, PacketRecord? packet)
    {
        if (packet is null)
        {
            _unreadable++;
            return;
        }

        var context = filter.ContextOf(packet, row);
        var begun = clock.GetTimestamp();
        var outcome = filter.Whole.Evaluate(context);
        _ticks += clock.GetTimestamp() - begun;
        var passes = outcome.Passed;
        var other = filter.Other?.Evaluate(context).Passed ?? false;
        var met = passes ? _all : Met(context);
        _alerts++;
        _exhausted += outcome.IsExhausted ? 1 : 0;
        _passed += passes ? 1 : 0;
        CountClauses(met);
        CountDifference(passes, other);
        Note(row, met, passes, other);
        Show(row, context, met, passes, other);
    }

    /// <summary>Adds what another chunk counted.</summary>
    public void Add(TrialTally chunk)
    {
        _alerts += chunk._alerts;
        _passed += chunk._passed;
        _exhausted += chunk._exhausted;
        _unreadable += chunk._unreadable;
        _both += chunk._both;
        _thisOnly += chunk._thisOnly;
        _otherOnly += chunk._otherOnly;
        _ticks += chunk._ticks;
        for (var i = 0; i < _removedAlone.Length; i++)
        {
            _removedInOrder[i] += chunk._removedInOrder[i];
            _removedAlone[i] += chunk._removedAlone[i];
            _nearMisses[i] += chunk._nearMisses[i];
            _misses[i].Add(chunk._misses[i]);
        }

        foreach (var (id, seen) in chunk._objects)
        {
            _objects[id] = _objects.TryGetValue(id, out var known) ? known.And(seen) : seen;
        }

        foreach (var (night, counted) in chunk._nights)
        {
            var known = _nights.GetValueOrDefault(night) ?? new NightTally();
            known.Alerts += counted.Alerts;
            known.Passed += counted.Passed;
            known.Objects.UnionWith(counted.Objects);
            _nights[night] = known;
        }

        _passing.Add(chunk._passing);
        _onlyThis.Add(chunk._onlyThis);
        _onlyOther.Add(chunk._onlyOther);
    }

    /// <summary>What was counted; the yield and the time of the whole are the caller's.</summary>
    public TrialResult Result() => new()
    {
        Alerts = _alerts,
        Objects = _objects.Count,
        Passed = _passed,
        PassedObjects = _objects.Values.Count(seen => seen.Passed),
        Exhausted = _exhausted,
        Unreadable = _unreadable,
        MicrosecondsPerAlert = _alerts == 0 ? 0 : clock.GetElapsedTime(0, _ticks).TotalMicroseconds / _alerts,
        Nights = [.. _nights.OrderBy(pair => pair.Key).Select(pair => new TrialNight(pair.Key, pair.Value.Alerts, pair.Value.Passed, pair.Value.Objects.Count))],
        Clauses = [.. filter.Texts.Select((text, i) => new TrialClause(
            text, _removedInOrder[i], _objects.Values.Count(seen => seen.Longest == i), _removedAlone[i], _objects.Values.Count(seen => (seen.Met & (1UL << i)) == 0), _nearMisses[i]))],
        Passing = _passing.Examples,
        NearMisses = [.. _misses.SelectMany(sample => sample.Examples)],
        Difference = filter.Other is null ? null : new TrialDifference(
            _both,
            _thisOnly,
            _otherOnly,
            _objects.Values.Count(seen => seen is { Passed: true, OtherPassed: true }),
            _objects.Values.Count(seen => seen is { Passed: true, OtherPassed: false }),
            _objects.Values.Count(seen => seen is { Passed: false, OtherPassed: true }),
            _onlyThis.Examples,
            _onlyOther.Examples),
    };

    private ulong Met(FilterContext context)
    {
        var met = 0UL;
        for (var i = 0; i < filter.Clauses.Length; i++)
        {
            met |= filter.Clauses[i].Evaluate(context).Passed ? 1UL << i : 0;
        }

        return met;
    }

    private void CountClauses(ulong met)
    {
        var failed = ~met & _all;
        if (failed == 0)
        {
            return;
        }

        _removedInOrder[BitOperations.TrailingZeroCount(failed)]++;
        if (BitOperations.IsPow2(failed))
        {
            _nearMisses[BitOperations.TrailingZeroCount(failed)]++;
        }

        for (var rest = failed; rest != 0; rest &= rest - 1)
        {
            _removedAlone[BitOperations.TrailingZeroCount(rest)]++;
        }
    }

    private void CountDifference(bool passes, bool other)
    {
        _both += passes && other ? 1 : 0;
        _thisOnly += passes && !other ? 1 : 0;
        _otherOnly += other && !passes ? 1 : 0;
    }

    private void Note(TrialRow row, ulong met, bool passes, bool other)
    {
        // How many conditions hold from the first on; all of them where the alert passes.
        var longest = (~met & _all) is var failed && failed == 0 ? filter.Clauses.Length : BitOperations.TrailingZeroCount(failed);
        var seen = new ObjectTally(longest, met, passes, other);
        _objects[row.ObjId] = _objects.TryGetValue(row.ObjId, out var known) ? known.And(seen) : seen;
        if (!_nights.TryGetValue(row.Night, out var night))
        {
            _nights[row.Night] = night = new NightTally();
        }

        night.Alerts++;
        if (passes)
        {
            night.Passed++;
            night.Objects.Add(row.ObjId);
        }
    }

    private void Show(TrialRow row, FilterContext context, ulong met, bool passes, bool other)
    {
        var failed = ~met & _all;
        if (passes)
        {
            _passing.Offer(row, context, null);
        }
        else if (BitOperations.IsPow2(failed))
        {
            var clause = BitOperations.TrailingZeroCount(failed);
            _misses[clause].Offer(row, context, clause);
        }

        if (filter.Other is not null && passes != other)
        {
            (passes ? _onlyThis : _onlyOther).Offer(row, context, null);
        }
    }

    private readonly record struct ObjectTally(int Longest, ulong Met, bool Passed, bool OtherPassed)
    {
        public ObjectTally And(ObjectTally more) => new(Math.Max(Longest, more.Longest), Met | more.Met, Passed || more.Passed, OtherPassed || more.OtherPassed);
    }

    private sealed class NightTally
    {
        public long Alerts { get; set; }

        public long Passed { get; set; }

        public HashSet<string> Objects { get; } = new(StringComparer.Ordinal);
    }
}
