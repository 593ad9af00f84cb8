using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkyPortal.Domain.Access;

/// <summary>How a change of a user's preferences is merged into what is stored.</summary>
public static class Preferences
{
    /// <summary>Largest stored preferences, characters of JSON.</summary>
    public const int MaxLength = 200_000;

    // Paths whose value replaces the stored one as a whole, so that an entry can be taken away.
    private static readonly string[] Whole =
        ["classificationShortcuts", "photometryButtons", "spectroscopyButtons", "notifications.gcn_events.properties"];

    /// <summary>
    /// The merged object: objects are merged key by key, other values replaced, and members of a top-level object that are the
    /// empty text dropped. Refuses what would grow past <see cref="MaxLength"/>.
    /// </summary>
    public static JsonElement Merge(JsonElement? stored, JsonElement change)
    {
        var target = stored is { ValueKind: JsonValueKind.Object } old ? JsonObject.Create(old)! : [];
        MergeInto(target, JsonObject.Create(change)!, "");
        foreach (var (_, node) in target)
        {
            if (node is JsonObject inner)
            {
                foreach (var empty in inner.Where(item => item.Value is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0).ToList())
                {
                    inner.Remove(empty.Key);
                }
            }
        }

        var json = target.ToJsonString();
        return json.Length <= MaxLength
            ? JsonSerializer.SerializeToElement(target)
            : throw Refusal.Invalid($"Invalid preferences: they may have at most {MaxLength} characters of JSON.");
    }

    private static void MergeInto(JsonObject target, JsonObject change, string path)
    {
        foreach (var (key, value) in change.ToList())
        {
            var here = path.Length == 0 ? key : $"{path}.{key}";
            if (value is JsonObject nested && target[key] is JsonObject existing && !Whole.Contains(here))
            {
                MergeInto(existing, nested, here);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
