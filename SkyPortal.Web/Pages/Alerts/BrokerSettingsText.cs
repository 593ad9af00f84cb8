using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SkyPortal.Infrastructure.Alerts.Brokers;

namespace SkyPortal.Web.Pages.Alerts;

/// <summary>A setting of a broker as the form shows it.</summary>
/// <param name="Path">Its name among the settings; a nested one is named as in fink.servers.</param>
/// <param name="Field">What it is.</param>
/// <param name="Block">The object that it is a part of; null where it stands by itself.</param>
internal sealed record BrokerItem(string Path, BrokerField Field, BrokerField? Block)
{
    /// <summary>Whether it is a list of the site's filters.</summary>
    public bool IsOfFilters => Field.Name == "filter_ids";
}

/// <summary>Between the settings of a broker as JSON and what people type.</summary>
internal static partial class BrokerSettingsText
{
    private const string Invalid = "Invalid broker configuration: ";

    /// <summary>The settings one by one; objects that the form does not know in detail are left to the API.</summary>
    public static IReadOnlyList<BrokerItem> Items(BrokerForm form) => [.. form.Fields.SelectMany(field => field.Type == "object"
        ? field.Fields.Where(inner => inner.Type != "object").Select(inner => new BrokerItem($"{field.Name}.{inner.Name}", inner, field))
        : [new BrokerItem(field.Name, field, null)])];

    /// <summary>What is kept under a path, as text; null where nothing is.</summary>
    public static string? Kept(JsonObject? settings, string path)
    {
        JsonNode? node = settings;
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node is JsonArray list ? string.Join(", ", list.Select(item => item?.ToString())) : node?.ToString();
    }

    /// <summary>Parts of a list.</summary>
    public static string[] Parts(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Settings of what was typed; what is blank is left out, but for lists that were not.</summary>
    public static JsonObject Read(IReadOnlyList<BrokerItem> items, IReadOnlyDictionary<string, string> values, JsonObject? kept)
    {
        var settings = new JsonObject();
        foreach (var item in items)
        {
            var text = values.GetValueOrDefault(item.Path)?.Trim() ?? "";
            if (text.Length == 0 && !(item.Field.Type == "array" && Kept(kept, item.Path) is { Length: > 0 }))
            {
                continue;
            }

            var into = item.Block is { } block ? (JsonObject)(settings[block.Name] ??= new JsonObject()) : settings;
            into[item.Field.Name] = item.Field.Type switch
            {
                "integer" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
                "array" when item.IsOfFilters => new JsonArray([.. Parts(text).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (JsonNode?)id : part)]),
                "array" => new JsonArray([.. Parts(text).Select(part => (JsonNode?)part)]),
                _ => text,
            };
        }

        return settings;
    }

    /// <summary>What is wrong with settings over those that are kept, by path, as sentences. A secret that is kept need not be given.</summary>
    public static IEnumerable<(string Path, string Wrong)> Faults(BrokerForm form, IReadOnlyList<BrokerItem> items, JsonObject settings, JsonObject? kept)
    {
        foreach (var fault in form.Faults(BrokerForm.Merge(kept ?? [], settings)))
        {
            var item = items.FirstOrDefault(one => one.Path == fault.Path);
            if (kept is null || item?.Field.IsSecret != true)
            {
                var title = item?.Field.Title ?? form.Fields.FirstOrDefault(field => field.Name == fault.Path)?.Title ?? fault.Path;
                yield return (fault.Path, $"{title} {fault.Wrong}");
            }
        }
    }

    /// <summary>Which setting a refusal is about, and what is wrong with it in the form's words; null where it is about none.</summary>
    public static (string Path, string Wrong)? OfField(IReadOnlyList<BrokerItem> items, string message)
    {
        if (message.StartsWith(Invalid, StringComparison.Ordinal) && Again().Match(message[Invalid.Length..]) is { Success: true } again && items.FirstOrDefault(item => item.Path == again.Groups[1].Value) is { } secret)
        {
            var moved = items.FirstOrDefault(item => item.Path == again.Groups[2].Value)?.Field.Title ?? again.Groups[2].Value;
            return (secret.Path, $"Enter it again, because {moved} changed.");
        }

        return null;
    }

    [GeneratedRegex("^([a-z_.]+): enter it again, because ([a-z_.]+) changed\\.$")]
    private static partial Regex Again();
}
