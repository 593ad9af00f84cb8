using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>A filter as the ingest needs it.</summary>
/// <param name="Id">Key.</param>
/// <param name="Name">Its name.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="GroupName">Name of its group.</param>
/// <param name="Autosave">Whether passing objects are saved.</param>
/// <param name="Stream">Its stream: the filter sees the programmes of it and no others.</param>
/// <param name="Compiled">The expression.</param>
public sealed record IngestFilter(int Id, string Name, int GroupId, string GroupName, bool Autosave, StreamRule Stream, CompiledFilter Compiled)
{
    /// <summary>Number of the version that the expression is of; 0 where it is of none.</summary>
    public int Version { get; init; }

    /// <summary>What follows for an object that passes.</summary>
    public IngestActions Actions { get; init; } = IngestActions.Default(GroupId);

    /// <summary>Origin of the annotations that it makes.</summary>
    public string AnnotationOrigin => $"{GroupName}:{Name}";
}

/// <summary>That a packet passed a filter, with the values to be noted; null where there are none.</summary>
public sealed record FilterPassing(IngestFilter Filter, string? AnnotationJson);

/// <summary>Compiles filters once per version of them, and tries packets against them. Safe for concurrent use.</summary>
public sealed class IngestFilters(ILogger<IngestFilters> logger)
{
    private readonly ConcurrentDictionary<int, (DateTime Modified, string Survey, CompiledFilter? Compiled)> _cache = new();

    /// <summary>The names that filters over a survey's packets may use; null where the survey has none.</summary>
    public static FilterEnvironment? EnvironmentOf(string? survey) => survey switch
    {
        "ZTF" => FilterEnvironment.Ztf,
        "LSST" => FilterEnvironment.Lsst,
        _ => null,
    };

    /// <summary>The compiled filter; null where its text has an error, which is logged once per version of the filter.</summary>
    public CompiledFilter? Compile(int id, DateTime modified, string survey, string expression, string? annotationsJson)
    {
        if (_cache.TryGetValue(id, out var known) && known.Modified == modified && known.Survey == survey)
        {
            return known.Compiled;
        }

        CompiledFilter? compiled = null;
        if (EnvironmentOf(survey) is { } environment)
        {
            try
            {
                compiled = FilterCompiler.Compile(new FilterDefinition(expression, Annotations(annotationsJson)), environment);
            }
            catch (FilterSyntaxException error)
            {
                logger.LogWarning("Filter {Filter} is not applied: {Error}", id, error.Message);
            }
        }

        _cache[id] = (modified, survey, compiled);
        return compiled;
    }

    /// <summary>The filters that a packet passes. A filter knows of the watch lists and of the sources that its group sees, and of no others.</summary>
    /// <param name="filters">Filters whose stream covers the packet.</param>
    /// <param name="alert">The packet.</param>
    /// <param name="watches">All watched entries that it matches.</param>
    /// <param name="near">Saved sources near the packets of its batch.</param>
    /// <param name="place">Its number within the batch.</param>
    public static IReadOnlyList<FilterPassing> Apply(IEnumerable<IngestFilter> filters, DecodedAlert alert, IReadOnlyList<WatchHit> watches, NearSources near, int place)
    {
        if (EnvironmentOf(alert.Survey) is not { } environment)
        {
            return [];
        }

        var passings = new List<FilterPassing>();
        // Where nothing watched or saved is near, all filters of a stream share what is derived from the packet.
        var isShared = watches.Count == 0 && !near.Any(place);
        foreach (var sharing in filters.GroupBy(filter => (filter.Stream, GroupId: isShared ? 0 : filter.GroupId)))
        {
            var context = environment.CreateContext(
                VisibleThrough(sharing.Key.Stream, alert.Packet), SeenBy(sharing.Key.GroupId, watches), near.Of(place, sharing.Key.GroupId));
            foreach (var filter in sharing)
            {
                var outcome = filter.Compiled.Evaluate(context);
                if (outcome.Passed)
                {
                    passings.Add(new FilterPassing(filter, Json(outcome.Annotations)));
                }
            }
        }

        return passings;
    }

    /// <summary>What a group's filters may know of what a packet matches.</summary>
    internal static IReadOnlyList<WatchHit> SeenBy(int groupId, IReadOnlyList<WatchHit> watches) =>
        watches.Count == 0 ? watches : [.. watches.Where(hit => hit.Source.List?.GroupIds.Contains(groupId) == true)];

    /// <summary>The packet without the history of programmes that a stream does not cover: a filter must not tell of them.</summary>
    internal static PacketRecord VisibleThrough(StreamRule stream, PacketRecord packet) => PacketHistory.Cut(packet, stream.Selector.Contains);

    private static Dictionary<string, string>? Annotations(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(json);

    private static string? Json(IReadOnlyDictionary<string, object?> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        // PostgreSQL keeps no NUL in JSON, and JSON has no NaN.
        return JsonSerializer.Serialize(values.ToDictionary(pair => pair.Key, pair => pair.Value switch
        {
            double number when !double.IsFinite(number) => null,
            string text => text.Replace("\0", "", StringComparison.Ordinal),
            var value => value,
        }));
    }
}
