using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Alerts.Watches;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>Tries the text of a filter on archived alerts, on all processors.</summary>
public sealed class TryFilter(Contexts contexts, TrialArchive archive, WatchCache watches, FindNearSources findNear)
{
    private const int MostNames = 100;
    private const int NightsOfEstimate = 3;

    /// <summary>Tries it on the alerts of a window that the filter's stream covers and the viewer may read.</summary>
    /// <param name="viewer">With whose rights.</param>
    /// <param name="filterId">The filter.</param>
    /// <param name="expression">The condition.</param>
    /// <param name="other">A condition to compare with; null for none.</param>
    /// <param name="first">First night.</param>
    /// <param name="last">Last night.</param>
    /// <param name="tell">Told how far it is, 0 to 1, after every few hundred alerts; never by two at once.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The filter is not there for this viewer, or its stream has no alerts here.</exception>
    /// <exception cref="FilterSyntaxException">A text has an error.</exception>
    public async Task<TrialResult> HandleAsync(
        Viewer viewer, int filterId, string expression, string? other, DateOnly first, DateOnly last, Func<double, Task> tell, CancellationToken ct)
    {
        var (filter, stream) = await FindAsync(viewer, filterId, ct);
        var counts = await archive.CountAsync(viewer, stream, first, last, ct);
        var tally = await RunAsync(viewer, Compile(stream, expression, other).Watching(await watches.GetAsync(ct), filter.GroupId), first, last, 1, counts.Values.Sum(), tell, ct);
        return tally.Result() with { Yield = await YieldAsync(viewer, filter, tally, ct) };
    }

    /// <summary>How much a filter would pass in a night.</summary>
    /// <param name="Night">The night that was looked at.</param>
    /// <param name="Alerts">Its alerts that the filter sees.</param>
    /// <param name="Passing">How many would pass, as far as a sample tells.</param>
    /// <param name="Sampled">Alerts that were tried.</param>
    public sealed record Estimate(DateOnly Night, long Alerts, long Passing, long Sampled);

    /// <summary>Estimates it on the fullest of the newest nights, from a sample; null where there are no alerts that could be filtered.</summary>
    /// <param name="viewer">With whose rights.</param>
    /// <param name="stream">The filter's stream.</param>
    /// <param name="groupId">The filter's group, whose watch lists and sources it reads.</param>
    /// <param name="expression">The condition.</param>
    /// <param name="sample">About how many alerts to try at most.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The newest night was not found in time (409).</exception>
    public async Task<Estimate?> EstimateAsync(Viewer viewer, AlertStream stream, int groupId, string expression, int sample, CancellationToken ct)
    {
        if (StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText()) is not { } rule || IngestFilters.EnvironmentOf(rule.Survey) is null)
        {
            return null;
        }

        var found = await archive.NewestNightAsync(viewer, stream.Id, ct);
        if (!found.IsWhole)
        {
            throw Refusal.Conflict(
                $"How much it would pass is not known: the newest alerts of the stream '{stream.Name}' were not found in time. Try again later, or ask an administrator of the site, who may switch it on with a note.");
        }

        if (found.Night is not { } newest || await archive.CountAsync(viewer, rule, newest.AddDays(1 - NightsOfEstimate), newest, ct) is not { Count: > 0 } counts)
        {
            return null;
        }

        var fullest = counts.OrderByDescending(pair => pair.Value).ThenByDescending(pair => pair.Key).First();
        var oneOf = Math.Max(1, fullest.Value / sample);
        var filter = Compile(rule, expression, null).Watching(await watches.GetAsync(ct), groupId);
        var tally = await RunAsync(viewer, filter, fullest.Key, fullest.Key, oneOf, fullest.Value / oneOf, _ => Task.CompletedTask, ct);
        return tally.Alerts == 0 ? null : new Estimate(fullest.Key, fullest.Value, (long)Math.Round((double)tally.Passed * fullest.Value / tally.Alerts), tally.Alerts);
    }

    private async Task<(Filter Filter, StreamRule Stream)> FindAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
        return (filter, StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText()) ?? throw Refusal.Invalid($"The stream '{stream.Name}' has no alerts here."));
    }

    private static TrialFilter Compile(StreamRule stream, string expression, string? other) => TrialFilter.Compile(
        stream, IngestFilters.EnvironmentOf(stream.Survey) ?? throw Refusal.Invalid($"The packets of stream '{stream.Name}' cannot be filtered by an expression."), expression, other);

    private async Task<TrialTally> RunAsync(
        Viewer viewer, TrialFilter filter, DateOnly first, DateOnly last, long oneOf, long expected, Func<double, Task> tell, CancellationToken ct)
    {
        var total = new TrialTally(filter, contexts.Clock);
        using var gate = new SemaphoreSlim(1, 1);
        long done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct };
        await Parallel.ForEachAsync(archive.ChunksAsync(viewer, filter.Stream, first, last, oneOf, ct), options, async (chunk, cancel) =>
        {
            var tally = new TrialTally(filter, contexts.Clock);
            await archive.ReadAsync(filter.NeedsSources ? await NearAsync(filter, chunk, cancel) : chunk, tally.Try, cancel);
            await gate.WaitAsync(cancel);
            try
            {
                total.Add(tally);
                done += chunk.Count;
                await tell(Math.Min(1, (double)done / Math.Max(expected, 1)));
            }
            finally
            {
                gate.Release();
            }
        });
        return total;
    }

    // As of now: the archive does not tell what was saved then.
    private async Task<List<TrialRow>> NearAsync(TrialFilter filter, List<TrialRow> chunk, CancellationToken ct)
    {
        var near = await findNear.HandleAsync([.. chunk.Select(row => (SkyPosition?)new SkyPosition(row.RaDegrees, row.DecDegrees))], [filter.GroupId], ct);
        return [.. chunk.Select((row, place) => row with { SourceArcsec = near.Of(place, filter.GroupId) })];
    }

    private async Task<TrialYield> YieldAsync(Viewer viewer, Filter filter, TrialTally tally, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        // Who takes back their own save soon had only slipped: that is no verdict.
        var saves = await db.Set<Source>()
            .Where(source => source.GroupId == filter.GroupId
                && (source.Active || source.UnsavedById != source.SavedById || source.UnsavedAt == null || source.UnsavedAt > source.SavedAt.AddHours(1)))
            .Select(source => new { source.ObjId, source.Active }).ToListAsync(ct);
        var userId = viewer.UserId;
        var rejections = await db.Set<Listing>().Where(listing => listing.UserId == userId && listing.ListName == "rejected_candidates").Select(listing => listing.ObjId).ToListAsync(ct);
        var kept = saves.Where(save => save.Active).Select(save => save.ObjId).ToHashSet(StringComparer.Ordinal);
        var rejected = saves.Where(save => !save.Active).Select(save => save.ObjId).Concat(rejections).Where(id => !kept.Contains(id)).ToHashSet(StringComparer.Ordinal);
        var savedSeen = tally.Objects.Where(seen => kept.Contains(seen.ObjId)).ToList();
        var rejectedSeen = tally.Objects.Where(seen => rejected.Contains(seen.ObjId)).ToList();
        return new TrialYield(
            savedSeen.Count,
            savedSeen.Count(seen => seen.Passed),
            [.. savedSeen.Where(seen => !seen.Passed).Select(seen => seen.ObjId).Order(StringComparer.Ordinal).Take(MostNames)],
            rejectedSeen.Count,
            rejectedSeen.Count(seen => seen.Passed),
            [.. rejectedSeen.Where(seen => seen.Passed).Select(seen => seen.ObjId).Order(StringComparer.Ordinal).Take(MostNames)]);
    }
}
