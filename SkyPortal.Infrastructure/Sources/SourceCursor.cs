using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Where a page of a list ended: the value by which the list is sorted, and what tells equal values apart.</summary>
/// <param name="Order">Tells the order; a cursor of another order is refused.</param>
/// <param name="Value">As text; null where the last object has none.</param>
/// <param name="Tie">Name of the object, or id of the save.</param>
/// <param name="Total">Matches on all pages, counted with the first.</param>
internal sealed record SourceCursor(string Order, string? Value, string Tie, int Total)
{
    /// <summary>Reads a cursor; refuses what is none, and one of another order.</summary>
    public static SourceCursor Parse(string text, string order)
    {
        try
        {
            if (JsonSerializer.Deserialize<SourceCursor>(Base64Url.DecodeFromChars(text)) is { Order: not null, Tie: not null } cursor
                && !$"{cursor.Value}{cursor.Tie}".Contains('\0', StringComparison.Ordinal))
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

    /// <summary>What a cursor that makes no sense is answered.</summary>
    public static Refusal Unreadable() => Refusal.Invalid("Invalid cursor: send nextCursor of the page before, or * for the first page.");

    /// <summary>As it travels.</summary>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this)));
}
