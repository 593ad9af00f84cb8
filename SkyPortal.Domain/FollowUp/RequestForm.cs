using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkyPortal.Domain.FollowUp;

/// <summary>What a field of a request holds.</summary>
public enum RequestFieldKind
{
    Number,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>Some of the choices, at least one.</summary>
    Choices,

    /// <summary>A day, or a time in ISO form, UTC.</summary>
    Day,
}

/// <summary>A field of the form of a request.</summary>
/// <param name="Name">Name in the payload.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Kind">What it holds.</param>
public sealed record RequestField(string Name, string Title, RequestFieldKind Kind)
{
    /// <summary>Unit of a number; empty where it has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What counts where a number is not given.</summary>
    public double? Default { get; init; }

    public double? Min { get; init; }
    public double? Max { get; init; }

    /// <summary>Of which choices are made; empty for any words.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Days after today, or after the day of the field before, that count where no day is given.</summary>
    public int DefaultDays { get; init; }
}

/// <summary>The form of a facility: what a request must say. It fills what is left out, says what is wrong, and describes itself.</summary>
/// <param name="Fields">In the order in which they are shown. Days follow each other in time.</param>
public sealed record RequestForm(params IReadOnlyList<RequestField> Fields)
{
    private const int MostChoices = 100;
    private const int LongestWord = 200;
    private static readonly string[] IsoTimes = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>Fields other than days: what an automatic request says each time anew.</summary>
    public IEnumerable<RequestField> Lasting => Fields.Where(one => one.Kind != RequestFieldKind.Day);

    /// <summary>The payload with the defaults of what it leaves out, and its times in UTC. Days follow today, the last of them by <paramref name="days"/> where that is given.</summary>
    public JsonObject Filled(JsonObject payload, DateOnly today, int? days = null)
    {
        var filled = (JsonObject)payload.DeepClone();
        var last = today;
        foreach (var field in Fields)
        {
            if (field.Kind == RequestFieldKind.Day)
            {
                var own = filled[field.Name] is { } given ? TimeOf(given) : null;
                last = own is { } time ? DateOnly.FromDateTime(time) : Later(last, field.DefaultDays > 0 ? days ?? field.DefaultDays : 0);
                if (own is not null || filled[field.Name] is null)
                {
                    filled[field.Name] = Written(own ?? last.ToDateTime(TimeOnly.MinValue));
                }
            }
            else if (field.Default is { } number && filled[field.Name] is null)
            {
                filled[field.Name] = JsonValue.Create(number);
            }
        }

        return filled;
    }

    /// <summary>What is wrong with a payload; null where nothing is. What the form does not know is left alone.</summary>
    /// <param name="payload">The payload, filled.</param>
    /// <param name="withDays">Whether it must name its days; an automatic request gets them when it is made.</param>
    public string? Fault(JsonObject payload, bool withDays = true)
    {
        DateTime? before = null;
        foreach (var field in withDays ? Fields : Lasting)
        {
            if (Fault(field, payload[field.Name]) is { } fault)
            {
                return $"{field.Name}: {fault}";
            }

            if (field.Kind == RequestFieldKind.Day)
            {
                var time = TimeOf(payload[field.Name]!);
                if (time < before)
                {
                    return $"{field.Name}: it lies before the start";
                }

                before = time;
            }
        }

        return null;
    }

    /// <summary>JSON Schema of the payload.</summary>
    public JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var field in Fields)
        {
            properties[field.Name] = Describe(field);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. Fields.Where(field => field.Kind == RequestFieldKind.Choices).Select(field => (JsonNode?)field.Name)]),
        };
    }

    /// <summary>The payload in words, such as "ztfg, ztfr; exposure time 300 s; 2026-03-01 to 2026-03-08".</summary>
    public string Words(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        var said = new List<string>();
        var days = new List<string>();
        foreach (var field in Fields)
        {
            if (!payload.TryGetProperty(field.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (field.Kind)
            {
                case RequestFieldKind.Choices when value.ValueKind == JsonValueKind.Array:
                    said.Add(string.Join(", ", value.EnumerateArray()));
                    break;
                case RequestFieldKind.Day:
                    days.Add($"{value}");
                    break;
                default:
                    said.Add($"{char.ToLowerInvariant(field.Title[0])}{field.Title[1..]} {value}{(field.Unit.Length > 0 ? " " : "")}{field.Unit}");
                    break;
            }
        }

        return string.Join("; ", days.Count > 0 ? said.Append(string.Join(" to ", days)) : said);
    }

    /// <summary>A time as payloads hold it, so that times sort as text: a day, or with hours where these are not nought.</summary>
    /// <param name="time">Time (UTC).</param>
    public static string Written(DateTime time) => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>A day or ISO time as UTC; null where it is none.</summary>
    public static DateTime? TimeOf(JsonNode value) =>
        value is JsonValue one && one.TryGetValue<string>(out var text) && text.Length is >= 10 and <= 40
        && DateTime.TryParseExact(text.Replace(' ', 'T'), IsoTimes, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    private static DateOnly Later(DateOnly day, int days) => day.DayNumber + (long)days > DateOnly.MaxValue.DayNumber ? DateOnly.MaxValue : day.AddDays(days);

    private static string? Fault(RequestField field, JsonNode? value) => field.Kind switch
    {
        _ when value is null => "Field required",
        RequestFieldKind.Choices => ChoiceFault(field, value),
        RequestFieldKind.Day => TimeOf(value) is null ? "Input should be a date, such as 2026-03-01" : null,
        _ => NumberFault(field, value),
    };

    private static string? NumberFault(RequestField field, JsonNode value)
    {
        if (value is not JsonValue one || one.GetValueKind() != JsonValueKind.Number || !one.TryGetValue<double>(out var number) || !double.IsFinite(number))
        {
            return "Input should be a number";
        }

        return number < field.Min || number > field.Max ? Range(field)
            : field.Kind == RequestFieldKind.Count && number != Math.Floor(number) ? "Input should be a whole number"
            : null;
    }

    private static string Range(RequestField field) => field switch
    {
        { Min: { } min, Max: { } max } => string.Create(CultureInfo.InvariantCulture, $"Input should be between {min} and {max}"),
        { Min: { } min } => string.Create(CultureInfo.InvariantCulture, $"Input should be {min} or more"),
        _ => string.Create(CultureInfo.InvariantCulture, $"Input should be {field.Max} or less"),
    };

    private static string? ChoiceFault(RequestField field, JsonNode value)
    {
        if (value is not JsonArray list || list.Any(item => item is not JsonValue one || !one.TryGetValue<string>(out _)))
        {
            return "Input should be a list of words";
        }

        var chosen = list.Select(item => item!.GetValue<string>()).ToList();
        return chosen.Count == 0 ? "At least one is needed"
            : chosen.Count > MostChoices || chosen.Exists(word => word.Length > LongestWord) ? "The list is too long"
            : chosen.Distinct(StringComparer.Ordinal).Count() < chosen.Count ? "Each may be named once"
            : field.Choices.Count > 0 && chosen.Find(word => !field.Choices.Contains(word)) is { } other ? $"{other} is not one of {string.Join(", ", field.Choices)}"
            : null;
    }

    private static JsonObject Describe(RequestField field)
    {
        var described = new JsonObject { ["title"] = field.Title };
        switch (field.Kind)
        {
            case RequestFieldKind.Choices:
                var items = new JsonObject { ["type"] = "string" };
                if (field.Choices.Count > 0)
                {
                    items["enum"] = new JsonArray([.. field.Choices.Select(choice => (JsonNode?)choice)]);
                }

                described["type"] = "array";
                described["items"] = items;
                described["uniqueItems"] = true;
                described["minItems"] = 1;
                break;
            case RequestFieldKind.Day:
                described["type"] = "string";
                described["format"] = "date";
                break;
            default:
                described["type"] = field.Kind == RequestFieldKind.Count ? "integer" : "number";
                AddNumber(described, "default", field.Default);
                AddNumber(described, "minimum", field.Min);
                AddNumber(described, "maximum", field.Max);
                break;
        }

        return described;
    }

    private static void AddNumber(JsonObject described, string name, double? number)
    {
        if (number is { } value)
        {
            described[name] = value;
        }
    }
}
