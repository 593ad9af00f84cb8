using System.Text.Json;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Which packets belong to a stream.</summary>
/// <param name="Id">Key of the stream.</param>
/// <param name="Name">Its name.</param>
/// <param name="Collection">Survey with the ending _alerts, such as ZTF_alerts.</param>
/// <param name="Selector">Programmes.</param>
public sealed record StreamRule(int Id, string Name, string Collection, IReadOnlySet<int> Selector)
{
    /// <summary>Name of the survey; null where the collection is not one of alerts.</summary>
    public string? Survey => Collection.EndsWith(Ending, StringComparison.Ordinal) ? Collection[..^Ending.Length] : null;

    private const string Ending = "_alerts";

    /// <summary>Reads the altdata of a stream; null where it selects nothing.</summary>
    public static StreamRule? Read(int id, string name, string? altdata)
    {
        if (altdata is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(altdata);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("collection", out var collection)
            || collection.ValueKind != JsonValueKind.String
            || !root.TryGetProperty("selector", out var selector)
            || selector.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var programmes = new HashSet<int>();
        foreach (var item in selector.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var programme))
            {
                programmes.Add(programme);
            }
        }

        return new StreamRule(id, name, collection.GetString()!, programmes);
    }
}

/// <summary>The streams of a site.</summary>
public sealed class StreamRules(IReadOnlyList<StreamRule> rules)
{
    private readonly Dictionary<(string Survey, int Programme), int[]> _byProgramme = rules
        .Where(rule => rule.Survey is not null)
        .SelectMany(rule => rule.Selector.Select(programme => (Key: (rule.Survey!, programme), rule.Id)))
        .GroupBy(pair => pair.Key, pair => pair.Id)
        .ToDictionary(group => group.Key, group => group.Order().ToArray());

    /// <summary>Every stream that selects packets.</summary>
    public IReadOnlyList<StreamRule> All => rules;

    /// <summary>Keys of the streams whose members may read what a programme took, in order; empty where there are none.</summary>
    public int[] StreamsOf(string survey, int programme) => _byProgramme.GetValueOrDefault((survey, programme), []);
}
