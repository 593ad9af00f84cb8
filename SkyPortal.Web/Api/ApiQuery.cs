using System.Globalization;
using Microsoft.Extensions.Primitives;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api;

/// <summary>The query of a request. A repeated key counts with its last value.</summary>
public sealed class ApiQuery(IQueryCollection query)
{
    /// <summary>Reads the query of a request.</summary>
    public static ValueTask<ApiQuery?> BindAsync(HttpContext context) => ValueTask.FromResult<ApiQuery?>(new ApiQuery(context.Request.Query));

    /// <summary>A parameter's text; null where absent or empty. The NUL character is refused: PostgreSQL's text cannot hold it.</summary>
    public string? Text(string name) => query.TryGetValue(name, out var values) && Last(values) is { Length: > 0 } value
        ? value.Contains('\0', StringComparison.Ordinal) ? throw Refusal.Invalid($"Invalid {name}: it holds a character that no text has.") : value
        : null;

    /// <summary>True for true, yes, t and 1 in any case; the default where absent; false for anything else.</summary>
    public bool Bool(string name, bool fallback = false) =>
        Text(name) is { } text ? text.ToLowerInvariant() is "true" or "yes" or "t" or "1" : fallback;

    /// <summary>An integer; the default where absent or unreadable.</summary>
    public int? Int(string name, int? fallback = null) =>
        int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : fallback;

    /// <summary>A finite number; the default where absent or unreadable.</summary>
    public double? Number(string name, double? fallback = null) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : fallback;

    /// <summary>A finite number that, where given, must be readable.</summary>
    public double? StrictNumber(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Refusal.Invalid($"Invalid {name}: {text}");
    }

    /// <summary>An integer that, where given, must be readable.</summary>
    public int? StrictInt(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Refusal.Invalid($"Invalid {name}: {text} is not an integer.");
    }

    /// <summary>Items of a comma-separated list, trimmed, without empty ones; null where absent.</summary>
    public string[]? List(string name) => Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Integers of a comma-separated list; null where absent; refused with the message where unreadable.</summary>
    public int[]? Ints(string name, string refusal) => List(name)?
        .Select(item => int.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Refusal.Invalid(refusal))
        .ToArray();

    /// <summary>A time; null where absent, empty, null or undefined; refused where unreadable.</summary>
    public DateTime? Time(string name) => Text(name) switch
    {
        null or "null" or "undefined" => null,
        { } text => ApiTime.Parse(text) ?? throw Refusal.Invalid($"Invalid {name}: {text} is not a date or time."),
    };

    /// <summary>Page number, from 1, and number of items per page, clipped to the largest allowed.</summary>
    public (int PageNumber, int NumPerPage) Page(int perPage, int mostPerPage = 500)
    {
        var page = Positive("pageNumber", 1, "Invalid page number value.", "Page number must be greater than 0.");
        var items = Positive("numPerPage", perPage, "Invalid numPerPage value.", "numPerPage must be greater than 0.");
        var perPageAtMost = Math.Min(items, mostPerPage);
        return (long)page * perPageAtMost <= int.MaxValue ? (page, perPageAtMost) : throw Refusal.Invalid("Invalid page number value.");
    }

    private int Positive(string name, int fallback, string unreadable, string tooSmall)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw Refusal.Invalid(unreadable);
        }

        return value > 0 ? value : throw Refusal.Invalid(tooSmall);
    }

    private static string? Last(StringValues values) => values.Count == 0 ? null : values[^1];
}
