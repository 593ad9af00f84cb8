using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts.Scores;

/// <summary>How the brightness of a cut-out is scaled before a model sees it. Pixels without a value count as 0.</summary>
public enum CutoutScaling
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>Divided by the root of the sum of the squares.</summary>
    Norm,

    /// <summary>The faintest pixel at 0, the brightest at 1.</summary>
    Minmax,
}

/// <summary>What goes into one input of a model: cut-outs side by side, or the values of expressions.</summary>
public abstract record ScoringInput
{
    /// <summary>Cut-outs, each cut or filled with 0 about its middle to a square.</summary>
    /// <param name="Types">Thumbnail types, in the order of the channels.</param>
    /// <param name="SizePixels">Side of the square.</param>
    /// <param name="Scaling">Scaling of each by itself.</param>
    /// <param name="ChannelsLast">Whether the channel is the last dimension (as in Keras) or the second one (as in PyTorch).</param>
    public sealed record Pictures(IReadOnlyList<string> Types, int SizePixels, CutoutScaling Scaling, bool ChannelsLast) : ScoringInput;

    /// <summary>Expressions of the filter language, in order.</summary>
    /// <param name="Expressions">The expressions; truth values count as 1 and 0.</param>
    /// <param name="Missing">What stands for no value; null where an alert without a value is not scored.</param>
    public sealed record Features(IReadOnlyList<string> Expressions, float? Missing) : ScoringInput;
}

/// <summary>What a model is given and what is kept of its answer.</summary>
/// <param name="Inputs">By name of the model's input.</param>
/// <param name="Outputs">By name of the model's output: names of its numbers in order, null for one that is not kept.</param>
public sealed record ScoringRecipe(IReadOnlyDictionary<string, ScoringInput> Inputs, IReadOnlyDictionary<string, IReadOnlyList<string?>> Outputs)
{
    private const int LargestCutoutPixels = 256;
    private const int MostFeatures = FilterLimits.Annotations;
    private const int MostNames = 100;

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal) { ["science"] = "new", ["template"] = "ref", ["difference"] = "sub" };

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="Refusal">A field is wrong, which is named.</exception>
    public static ScoringRecipe Read(JsonElement inputs, JsonElement outputs)
    {
        var recipe = new ScoringRecipe(
            Members(inputs, "inputs").ToDictionary(input => input.Name, Input, StringComparer.Ordinal),
            Members(outputs, "outputs").ToDictionary(output => output.Name, Names, StringComparer.Ordinal));
        var names = recipe.Outputs.Values.SelectMany(list => list).Where(name => name is not null).ToList();
        return names.Count is 0 or > MostNames ? throw Wrong("outputs", $"They must name 1 to {MostNames} numbers")
            : names.Count != names.Distinct(StringComparer.Ordinal).Count() ? throw Wrong("outputs", "A name is there twice")
            : recipe;
    }

    internal static Refusal Wrong(string field, string what) => Refusal.Invalid($"Invalid/missing parameters: {field}: {what}");

    private static IEnumerable<JsonProperty> Members(JsonElement element, string field) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject()
        : throw Wrong(field, "Input should be an object");

    private static ScoringInput Input(JsonProperty input)
    {
        var field = $"inputs.{input.Name}";
        var members = Members(input.Value, field).ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        string[] allowed = members.ContainsKey("cutouts") ? ["cutouts", "size", "scaling", "layout"] : ["expressions", "missing"];
        if (members.Keys.FirstOrDefault(name => !allowed.Contains(name)) is { } extra)
        {
            throw Wrong($"{field}.{extra}", "Extra inputs are not permitted");
        }

        return members.TryGetValue("cutouts", out var cutouts)
            ? new ScoringInput.Pictures(
                Texts(cutouts, $"{field}.cutouts", Kinds.Count).Select(kind => Kinds.GetValueOrDefault(kind) ?? throw Wrong($"{field}.cutouts", "They are science, template and difference")).ToList(),
                Size(members, field),
                Choice(members, field, "scaling", ("none", CutoutScaling.None), ("norm", CutoutScaling.Norm), ("minmax", CutoutScaling.Minmax)),
                Choice(members, field, "layout", ("channels_first", false), ("channels_last", true)))
            : new ScoringInput.Features(
                members.TryGetValue("expressions", out var expressions) ? Texts(expressions, $"{field}.expressions", MostFeatures) : throw Wrong(field, "It needs cutouts or expressions"),
                !members.TryGetValue("missing", out var missing) || missing.ValueKind == JsonValueKind.Null ? null
                : missing.ValueKind == JsonValueKind.Number && float.IsFinite(missing.GetSingle()) ? missing.GetSingle()
                : throw Wrong($"{field}.missing", "Input should be a valid number"));
    }

    private static int Size(Dictionary<string, JsonElement> members, string field) =>
        members.TryGetValue("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out var pixels) && pixels is > 0 and <= LargestCutoutPixels
            ? pixels
            : throw Wrong($"{field}.size", $"It must be a whole number of pixels from 1 to {LargestCutoutPixels}");

    private static T Choice<T>(Dictionary<string, JsonElement> members, string field, string name, params (string Word, T Value)[] choices)
    {
        if (!members.TryGetValue(name, out var given))
        {
            return choices[0].Value;
        }

        var found = Array.FindIndex(choices, choice => given.ValueKind == JsonValueKind.String && given.ValueEquals(choice.Word));
        return found >= 0 ? choices[found].Value : throw Wrong($"{field}.{name}", $"It must be one of {string.Join(", ", choices.Select(choice => choice.Word))}");
    }

    private static List<string> Texts(JsonElement element, string field, int most)
    {
        var texts = element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(field, "They must be texts")).ToList()
            : throw Wrong(field, "Input should be an array");
        return texts.Count >= 1 && texts.Count <= most ? texts : throw Wrong(field, $"There must be 1 to {most}");
    }

    private static IReadOnlyList<string?> Names(JsonProperty output) => output.Value.ValueKind == JsonValueKind.Array
        ? [.. output.Value.EnumerateArray().Select(item => item.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String when item.GetString() is { Length: > 0 and <= MostNames } name => name,
            _ => throw Wrong($"outputs.{output.Name}", "They must be texts or null"),
        })]
        : throw Wrong($"outputs.{output.Name}", "Input should be an array of names");
}
