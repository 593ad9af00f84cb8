using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>
/// What a pipeline may be that is sent to a broker with the account of the site: stages that read the alert before them and nothing else,
/// the last of which keeps the object's name.
/// </summary>
public static class PipelineRules
{
    private const int MostStages = 100;

    private static readonly HashSet<string> Stages = ["$match", "$project", "$addFields", "$set", "$unset", "$unwind", "$group", "$sort", "$limit", "$skip", "$replaceRoot", "$replaceWith"];
    private static readonly HashSet<string> OfObjects = ["$match", "$project", "$addFields", "$set", "$group", "$sort", "$replaceRoot"];
    private static readonly HashSet<string> Closed = ["$where", "$function", "$accumulator", "$out", "$merge", "$lookup", "$graphLookup", "$unionWith", "$facet"];

    /// <summary>Its faults with the path of the part; empty where it may be sent.</summary>
    public static IReadOnlyList<(string Path, string Message)> Check(JsonNode? root)
    {
        if (root is not JsonArray pipeline)
        {
            return [("", "A pipeline is a list of stages: [ { \"$match\": … }, … ].")];
        }

        if (pipeline.Count is 0 or > MostStages)
        {
            return [("", pipeline.Count == 0 ? "There is no stage yet." : $"A pipeline has at most {MostStages} stages.")];
        }

        var faults = new List<(string Path, string Message)>();
        for (var index = 0; index < pipeline.Count; index++)
        {
            CheckStage(pipeline[index], index, faults);
        }

        if (faults.Count == 0)
        {
            CheckLast(pipeline[^1]!.AsObject(), pipeline.Count - 1, faults);
        }

        return faults;
    }

    /// <summary>Refuses a pipeline that may not be sent; the first fault is told.</summary>
    public static JsonArray Demand(JsonNode? root, string field) => Check(root) is [var fault, ..]
        ? throw Refusal.Invalid($"Invalid/missing parameters: {field}{fault.Path}: {fault.Message}")
        : (JsonArray)root!;

    internal static string Under(string path, string field) => $"{path}.{field}";

    internal static string Under(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    private static void CheckStage(JsonNode? node, int index, List<(string Path, string Message)> faults)
    {
        var path = Under("", index);
        if (node is not JsonObject { Count: 1 } stage)
        {
            faults.Add((path, "A stage is an object with one field, such as { \"$match\": … }."));
            return;
        }

        var (name, value) = stage.First();
        if (!Stages.Contains(name))
        {
            faults.Add((Under(path, name), $"{name} is no stage that a filter may have; it may have {string.Join(", ", Stages)}."));
        }
        else if (OfObjects.Contains(name) && value is not JsonObject)
        {
            faults.Add((Under(path, name), $"{name} takes an object."));
        }
        else
        {
            CheckWithin(value, Under(path, name), faults);
        }
    }

    private static void CheckWithin(JsonNode? node, string path, List<(string Path, string Message)> faults)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var (name, value) in record)
                {
                    if (Closed.Contains(name))
                    {
                        faults.Add((Under(path, name), $"{name} is not allowed: a filter reads its own alert and runs no code."));
                    }

                    CheckWithin(value, Under(path, name), faults);
                }

                break;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                {
                    CheckWithin(list[index], Under(path, index), faults);
                }

                break;
        }
    }

    private static void CheckLast(JsonObject stage, int index, List<(string Path, string Message)> faults)
    {
        var (name, value) = stage.First();
        if (name != "$project")
        {
            faults.Add((Under(Under("", index), name), "The last stage must be $project."));
        }
        else if (!Keeps(((JsonObject)value!)["objectId"]))
        {
            faults.Add((Under(Under("", index), name), "The last $project must keep objectId: \"objectId\": 1."));
        }
    }

    private static bool Keeps(JsonNode? kept) => kept switch
    {
        null => false,
        JsonValue value when value.GetValueKind() == JsonValueKind.False => false,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToString() is not ("0" or "0.0"),
        _ => true,
    };
}
