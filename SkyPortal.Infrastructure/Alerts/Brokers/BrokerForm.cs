using System.Globalization;
using System.Text.Json.Nodes;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A setting of a broker.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Type">string, integer, boolean, array (of strings) or object.</param>
public sealed record BrokerField(string Name, string Title, string Type = "string")
{
    /// <summary>Whether there is no broker without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it is never shown again.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What counts where it is not given.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>What it may be; null for anything of its type.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>What it means, in one line.</summary>
    public string? Help { get; init; }

    /// <summary>Fields of an object.</summary>
    public IReadOnlyList<BrokerField> Fields { get; init; } = [];

    /// <summary>What a text must look like; one of <see cref="BrokerShapes"/>, null for any.</summary>
    public string? Shape { get; init; }

    /// <summary>The largest that a whole number may be.</summary>
    public int Most { get; init; } = int.MaxValue - 1;
}

/// <summary>What texts among the settings must look like.</summary>
public static class BrokerShapes
{
    /// <summary>Address of a server, with http or https.</summary>
    public const string Address = "address";

    /// <summary>Name of a host, without a port and a path.</summary>
    public const string Host = "host";

    /// <summary>What is wrong with a text; null where nothing is.</summary>
    public static string? Fault(string? shape, string text) => shape switch
    {
        Address when !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0
            => "must be an address that begins with http:// or https://.",
        Host when Uri.CheckHostName(text.Trim()) == UriHostNameType.Unknown => "must be the name of a host alone, such as broker.example.org.",
        _ => null,
    };
}

/// <summary>What is wrong with a setting.</summary>
/// <param name="Path">Its name; a nested one is named as in fink.servers.</param>
/// <param name="Wrong">What is wrong, as it goes on after the name.</param>
public sealed record BrokerFieldFault(string Path, string Wrong);

/// <summary>The settings of a kind of broker: checks them, hides the secrets, and describes itself as JSON Schema.</summary>
/// <param name="Fields">The settings in the order in which they are shown.</param>
public sealed record BrokerForm(params IReadOnlyList<BrokerField> Fields)
{
    // Settings that say where secrets go, and in whose name.
    private static readonly string[] Addresses = ["base_url", "endpoint", "host", "port", "protocol", "security", "servers", "username", "email"];

    /// <summary>What is wrong with settings; null where nothing is.</summary>
    public string? Fault(JsonObject settings) => Faults(settings).Select(fault => $"{fault.Path} {fault.Wrong}").FirstOrDefault();

    /// <summary>What is wrong with settings, one by one in the order of the form.</summary>
    public IEnumerable<BrokerFieldFault> Faults(JsonObject settings) => Faults(Fields, settings, "");

    /// <summary>The settings that may be shown: those that are known and no secrets.</summary>
    public JsonObject Shown(JsonObject settings) => Shown(Fields, settings);

    /// <summary>Texts among settings that must not appear anywhere.</summary>
    public IReadOnlyList<string> Secrets(JsonObject settings) => [.. Secrets(Fields, settings)];

    /// <summary>JSON Schema of the settings.</summary>
    public JsonObject Schema() => Schema(Fields);

    /// <summary>How a form shows them; secrets are typed blind.</summary>
    public JsonObject Ui() => Ui(Fields);

    /// <summary>Settings with changes over them: objects are merged, and what is null or blank stays as it is.</summary>
    public static JsonObject Merge(JsonObject settings, JsonObject changes)
    {
        var merged = (JsonObject)settings.DeepClone();
        foreach (var (name, value) in changes)
        {
            switch (value)
            {
                case null:
                case JsonValue text when text.TryGetValue<string>(out var plain) && string.IsNullOrWhiteSpace(plain):
                    break;
                case JsonObject inner when merged[name] is JsonObject known:
                    merged[name] = Merge(known, inner);
                    break;
                default:
                    merged[name] = value.DeepClone();
                    break;
            }
        }

        return merged;
    }

    /// <summary>What is wrong with changes that would send a kept secret elsewhere than to where it was given for; null where nothing is.</summary>
    /// <param name="settings">The settings that are kept.</param>
    /// <param name="changes">What is merged over them.</param>
    public string? Stray(JsonObject settings, JsonObject changes) => Stray(Fields, settings, changes, "");

    private static string? Stray(IReadOnlyList<BrokerField> fields, JsonObject settings, JsonObject changes, string prefix)
    {
        var moved = fields.FirstOrDefault(field => Addresses.Contains(field.Name) && Text(changes, field.Name) is { } now && now != (Text(settings, field.Name) ?? field.Default?.ToString()));
        var kept = fields.FirstOrDefault(field => field.IsSecret && Text(settings, field.Name) is not null && Text(changes, field.Name) is null);
        return moved is not null && kept is not null
            ? $"{prefix}{kept.Name}: enter it again, because {prefix}{moved.Name} changed."
            : fields.Where(field => field.Type == "object").Select(field => settings[field.Name] is JsonObject inner && changes[field.Name] is JsonObject changed
                ? Stray(field.Fields, inner, changed, $"{prefix}{field.Name}.")
                : null).FirstOrDefault(fault => fault is not null);
    }

    // Null where it is not given or blank.
    private static string? Text(JsonObject settings, string name) => settings[name]?.ToString().Trim() is { Length: > 0 } text ? text : null;

    private static IEnumerable<BrokerFieldFault> Faults(IReadOnlyList<BrokerField> fields, JsonObject settings, string prefix) => fields.SelectMany(field =>
    {
        var (value, name) = (settings[field.Name], prefix + field.Name);
        return value is null || (value is JsonValue blank && blank.TryGetValue<string>(out var plain) && string.IsNullOrWhiteSpace(plain))
            ? field.IsRequired ? [new BrokerFieldFault(name, "is required.")] : []
            : field.Type == "object" && value is JsonObject inner ? Faults(field.Fields, inner, name + ".")
            : Wrong(field, value) is { } wrong ? [new BrokerFieldFault(name, wrong)] : Enumerable.Empty<BrokerFieldFault>();
    });

    private static string? Wrong(BrokerField field, JsonNode value) => field.Type switch
    {
        "object" => "must be an object.",
        "array" => value is JsonArray list && list.All(item => item is JsonValue one && (one.TryGetValue<string>(out _) || one.TryGetValue<long>(out _))) ? null : "must be a list of texts.",
        "integer" when value is not JsonValue number || !long.TryParse(number.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) || whole is <= 0 or >= int.MaxValue
            => "must be a whole number above zero.",
        "integer" => long.Parse(value.ToString(), CultureInfo.InvariantCulture) <= field.Most ? null : $"must be at most {field.Most}.",
        "boolean" => value is JsonValue flag && flag.TryGetValue<bool>(out _) ? null : "must be true or false.",
        _ when value is not JsonValue text || !text.TryGetValue<string>(out _) => "must be a text.",
        _ when field.Choices is { } choices && !choices.Contains(value.GetValue<string>()) => $"must be one of {string.Join(", ", choices)}.",
        _ => BrokerShapes.Fault(field.Shape, value.GetValue<string>()),
    };

    private static JsonObject Shown(IReadOnlyList<BrokerField> fields, JsonObject settings)
    {
        var shown = new JsonObject();
        foreach (var field in fields.Where(field => !field.IsSecret && settings[field.Name] is not null))
        {
            shown[field.Name] = settings[field.Name] is JsonObject inner && field.Type == "object" && field.Fields.Count > 0 ? Shown(field.Fields, inner) : settings[field.Name]!.DeepClone();
        }

        return shown;
    }

    private static IEnumerable<string> Secrets(IReadOnlyList<BrokerField> fields, JsonObject settings)
    {
        foreach (var field in fields)
        {
            if (settings[field.Name] is JsonObject inner && field.Type == "object")
            {
                foreach (var secret in Secrets(field.Fields, inner))
                {
                    yield return secret;
                }
            }
            else if (field.IsSecret && settings[field.Name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
            {
                yield return text;
            }
        }
    }

    private static JsonObject Schema(IReadOnlyList<BrokerField> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var property = field.Type == "object" ? Schema(field.Fields) : new JsonObject { ["type"] = field.Type };
            property["title"] = field.Title;
            if (field.Type == "array")
            {
                property["items"] = new JsonObject { ["type"] = "string" };
            }

            if (field.Default is not null)
            {
                property["default"] = field.Default.DeepClone();
            }

            if (field.Shape is not null)
            {
                property["format"] = field.Shape == BrokerShapes.Address ? "uri" : "hostname";
            }

            if (field.Choices is { } choices)
            {
                property["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode?)choice)]);
            }

            if (field.Help is { } help)
            {
                property["description"] = help;
            }

            properties[field.Name] = property;
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (fields.Any(field => field.IsRequired))
        {
            schema["required"] = new JsonArray([.. fields.Where(field => field.IsRequired).Select(field => (JsonNode?)field.Name)]);
        }

        return schema;
    }

    private static JsonObject Ui(IReadOnlyList<BrokerField> fields)
    {
        var ui = new JsonObject();
        foreach (var field in fields)
        {
            if (field.IsSecret)
            {
                ui[field.Name] = new JsonObject { ["ui:widget"] = "password" };
            }
            else if (field.Fields.Count > 0 && Ui(field.Fields) is { Count: > 0 } inner)
            {
                ui[field.Name] = inner;
            }
        }

        return ui;
    }
}
