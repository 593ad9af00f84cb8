using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Components.FollowUp;

/// <summary>A request as it is being written on a page.</summary>
/// <param name="form">The facility's form.</param>
public sealed class RequestDraft(RequestForm form)
{
    /// <summary>The form.</summary>
    public RequestForm Form => form;

    /// <summary>What stands in the fields, by name; of choices with commas between.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>A draft that says what a payload says, and else the defaults.</summary>
    public static RequestDraft Of(RequestForm form, JsonElement? payload, DateOnly today)
    {
        var known = payload is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : [];
        var draft = new RequestDraft(form);
        foreach (var (name, value) in form.Filled(known, today).Where(item => item.Value is not null))
        {
            draft.Values[name] = value is JsonArray list ? string.Join(',', list) : $"{value}";
        }

        return draft;
    }

    /// <summary>Whether a choice is made.</summary>
    public bool Has(RequestField field, string choice) => Chosen(field.Name).Contains(choice);

    /// <summary>Makes a choice, or takes it back.</summary>
    public void Toggle(RequestField field, string choice)
    {
        var chosen = Chosen(field.Name);
        Values[field.Name] = string.Join(',', chosen.Contains(choice) ? chosen.Where(other => other != choice) : [.. chosen, choice]);
    }

    /// <summary>What the fields say; a number that is none stays text, which the form refuses.</summary>
    public JsonObject Payload(bool withDays)
    {
        var payload = new JsonObject();
        foreach (var field in withDays ? form.Fields : form.Lasting)
        {
            var text = Values.GetValueOrDefault(field.Name)?.Trim() ?? "";
            if (field.Kind == RequestFieldKind.Choices)
            {
                payload[field.Name] = new JsonArray([.. Chosen(field.Name).Select(choice => (JsonNode?)choice)]);
            }
            else if (text.Length > 0)
            {
                payload[field.Name] = field.Kind == RequestFieldKind.Day || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? text : number;
            }
        }

        return payload;
    }

    /// <summary>A refusal with the fields called as they are on the page.</summary>
    public string Words(Refusal refusal)
    {
        var words = PlainWords.Of(refusal);
        return form.Fields.Select(field => (Said: $"payload: {field.Name}: ", field.Title)).FirstOrDefault(known => words.Contains(known.Said, StringComparison.Ordinal)) is { Said: { } said } found
            ? $"{found.Title}: {words[(words.IndexOf(said, StringComparison.Ordinal) + said.Length)..]}"
            : words;
    }

    private string[] Chosen(string name) => Values.GetValueOrDefault(name, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
