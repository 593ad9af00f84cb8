using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NpgsqlTypes;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Where a page of alerts ended.</summary>
/// <param name="Order">Tells the order; a cursor of another order is refused.</param>
/// <param name="Value">The last alert's value of what they are sorted by, as text.</param>
/// <param name="AlertId">Its number.</param>
/// <param name="Survey">Its survey.</param>
/// <param name="Shown">Alerts on this page and those before.</param>
/// <param name="Total">Alerts on all pages, counted with the first.</param>
/// <param name="IsAtLeast">Whether there are more than these.</param>
internal sealed record AlertCursor(string Order, string Value, long AlertId, string Survey, long Shown, long Total, bool IsAtLeast)
{
    /// <summary>Reads a cursor; refuses what is none, and one of another order.</summary>
    public static AlertCursor Parse(string text, string order)
    {
        try
        {
            if (JsonSerializer.Deserialize<AlertCursor>(Base64Url.DecodeFromChars(text)) is { Order: not null, Survey: not null, Value: not null } cursor
                && !$"{cursor.Value}{cursor.Survey}".Contains('\0', StringComparison.Ordinal))
            {
                return cursor.Order == order ? cursor : throw Refusal.Invalid("Invalid cursor: it belongs to a list in another order.");
            }
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // Said below.
        }

        throw Unreadable();
    }

    /// <summary>The value in the type of what they are sorted by.</summary>
    public object TypedValue(NpgsqlDbType type)
    {
        var numbers = CultureInfo.InvariantCulture;
        return type switch
        {
            NpgsqlDbType.Text => Value,
            NpgsqlDbType.Bigint => long.TryParse(Value, NumberStyles.AllowLeadingSign, numbers, out var integer) ? integer : throw Unreadable(),
            NpgsqlDbType.Real => float.TryParse(Value, NumberStyles.Float, numbers, out var single) && !float.IsNaN(single) ? single : throw Unreadable(),
            _ => double.TryParse(Value, NumberStyles.Float, numbers, out var number) && !double.IsNaN(number) ? number : throw Unreadable(),
        };
    }

    /// <summary>As it travels.</summary>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this)));

    private static Refusal Unreadable() => Refusal.Invalid("Invalid cursor: send the next cursor of the page before, or none for the first page.");
}
