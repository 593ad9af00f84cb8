using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Alerts.Scores;

/// <summary>A model as the ingest needs it.</summary>
/// <param name="GroupId">Its group: the alerts that pass one of the group's filters on the stream are scored.</param>
/// <param name="Origin">Origin of the annotations that it makes.</param>
/// <param name="Stream">Its stream: the model sees the programmes of it and no others.</param>
/// <param name="Scorer">The model.</param>
public sealed record IngestModel(int GroupId, string Origin, StreamRule Stream, AlertScorer Scorer);

/// <summary>What a model says of a packet.</summary>
/// <param name="GroupId">For whom.</param>
/// <param name="Origin">Origin of the annotation.</param>
/// <param name="Json">Its data.</param>
public sealed record AlertScore(int GroupId, string Origin, string Json);

/// <summary>Models ready to score, each read once per version of it, and the scoring. Safe for concurrent use.</summary>
public sealed class ScoringModels(FileStore files, ILogger<ScoringModels> logger)
{
    private readonly ConcurrentDictionary<int, (DateTime Modified, string Survey, AlertScorer? Scorer)> _cache = new();

    /// <summary>The model; null where it cannot be used any more, which is logged once per version of it.</summary>
    internal async Task<AlertScorer?> LoadAsync(int id, DateTime modified, string survey, string fileHash, string inputs, string outputs, CancellationToken ct)
    {
        if (_cache.TryGetValue(id, out var known) && known.Modified == modified && known.Survey == survey)
        {
            return known.Scorer;
        }

        AlertScorer? scorer = null;
        try
        {
            if (IngestFilters.EnvironmentOf(survey) is { } environment && await files.GetAsync(fileHash, ct) is { } file)
            {
                scorer = AlertScorer.Make(file, ScoringRecipe.Read(Parse(inputs), Parse(outputs)), environment);
            }
        }
        catch (Exception error) when (error is OnnxFormatException or Refusal)
        {
            logger.LogWarning("Scoring model {Model} is not applied: {Error}", id, error.Message);
        }

        _cache[id] = (modified, survey, scorer);
        return scorer;
    }

    /// <summary>Scores a packet by the models of the groups whose filters it passes.</summary>
    internal static IReadOnlyList<AlertScore> Score(IReadOnlyList<IngestModel> models, DecodedAlert alert, IReadOnlyList<FilterPassing> passings) =>
    [
        .. from model in models
           where passings.Any(passing => passing.Filter.GroupId == model.GroupId && passing.Filter.Stream.Id == model.Stream.Id)
           let scores = model.Scorer.Score(IngestFilters.VisibleThrough(model.Stream, alert.Packet))
           where scores is not null
           select new AlertScore(model.GroupId, model.Origin, JsonSerializer.Serialize(scores)),
    ];

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
