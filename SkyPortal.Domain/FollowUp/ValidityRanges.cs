using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkyPortal.Domain.FollowUp;

/// <summary>When an allocation may be used: a list of {start_date, end_date}, ISO times in UTC; always where it is empty.</summary>
public static class ValidityRanges
{
    private const int Most = 100;

    /// <summary>What is wrong with a list; null where nothing is.</summary>
    public static string? Fault(JsonElement ranges)
    {
        if (ranges.ValueKind != JsonValueKind.Array || ranges.GetArrayLength() > Most)
        {
            return $"Input should be a list of at most {Most} ranges";
        }

        foreach (var range in ranges.EnumerateArray())
        {
            if (Of(range) is not { } times)
            {
                return "Each range needs a start_date and an end_date, such as 2026-03-01";
            }

            if (times.End <= times.Start)
            {
                return "A range ends after it starts";
            }
        }

        return null;
    }

    /// <summary>Whether all of these times lie in one of the ranges.</summary>
    /// <param name="ranges">The list; null for always.</param>
    /// <param name="timesUtc">The times, UTC.</param>
    public static bool Hold(JsonElement? ranges, params IReadOnlyList<DateTime> timesUtc) =>
        ranges is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0
        || list.EnumerateArray().Any(range => Of(range) is { } times && timesUtc.All(time => time >= times.Start && time <= times.End));

    private static (DateTime Start, DateTime End)? Of(JsonElement range) =>
        range.ValueKind == JsonValueKind.Object && TimeOf(range, "start_date") is { } start && TimeOf(range, "end_date") is { } end ? (start, end) : null;

    private static DateTime? TimeOf(JsonElement range, string name) =>
        range.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? RequestForm.TimeOf(JsonValue.Create(value.GetString()!)) : null;
}
