using System.Text.Json;
using System.Text.Json.Serialization;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>A sky map as it appears on the wire, without its tiles.</summary>
public record LocalizationRecord
{
    public required int Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required int SentById { get; init; }
    public required DateTime Dateobs { get; init; }
    public required string LocalizationName { get; init; }

    /// <summary>No map comes from a notice yet.</summary>
    public int? NoticeId => null;

    /// <summary>Words that follow from the map.</summary>
    public required IReadOnlyList<LocalizationTagRecord> Tags { get; init; }

    /// <summary>Key of its event.</summary>
    [JsonIgnore]
    public int EventId { get; init; }

    /// <summary>Area of its 90 % credible region in square degrees.</summary>
    [JsonIgnore]
    public double AreaNinetySquareDegrees { get; init; }

    /// <summary>Right ascension of its centre in degrees.</summary>
    [JsonIgnore]
    public double CenterRa { get; init; }

    /// <summary>Declination of its centre in degrees.</summary>
    [JsonIgnore]
    public double CenterDec { get; init; }

    /// <summary>What is known of it besides.</summary>
    [JsonIgnore]
    public JsonElement Known { get; init; }
}

/// <summary>A word on a sky map.</summary>
public sealed record LocalizationTagRecord(int LocalizationId, string Text, int SentById, DateTime CreatedAt, DateTime Modified);

/// <summary>An event as it appears in lists, with its sky maps, the newest first.</summary>
public sealed record GcnEventRecord
{
    public required int Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required int SentById { get; init; }
    public required DateTime Dateobs { get; init; }
    public string? TriggerId { get; init; }
    public required string[] Aliases { get; init; }
    public required string[] Tags { get; init; }
    public required IReadOnlyList<LocalizationRecord> Localizations { get; init; }
}
