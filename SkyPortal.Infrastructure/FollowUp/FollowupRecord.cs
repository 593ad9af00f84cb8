using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.FollowUp;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>A request as it is answered: its columns, and in <see cref="Parts"/> what else the answer hangs on it.</summary>
public sealed class FollowupRecord
{
    public required int Id { get; init; }
    public int? RequesterId { get; init; }
    public int? LastModifiedById { get; init; }
    public required string ObjId { get; init; }
    public JsonElement Payload { get; init; }
    public required string Status { get; init; }
    public int AllocationId { get; init; }
    public string? Comment { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime Modified { get; init; }

    /// <summary>Groups for which it was asked, by key, whether the viewer knows them or not.</summary>
    [JsonIgnore]
    public int[] TargetGroupIds { get; init; } = [];

    /// <summary>Why it waits to be told to its facility again; null where it does not.</summary>
    [JsonIgnore]
    public string? WorkError { get; init; }

    /// <summary>Whether a filter made it.</summary>
    [JsonIgnore]
    public bool IsAutomatic { get; init; }

    /// <summary>What else the answer carries, by wire name.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Parts { get; } = [];

    /// <summary>Hangs something on it.</summary>
    public FollowupRecord With(string name, object? value)
    {
        Parts[name] = value;
        return this;
    }

    internal static Expression<Func<FollowupRequest, FollowupRecord>> Of { get; } = row => new FollowupRecord
    {
        Id = row.Id,
        RequesterId = row.RequesterId,
        LastModifiedById = row.LastModifiedById,
        ObjId = row.ObjId,
        Payload = row.Payload,
        Status = row.Status,
        AllocationId = row.AllocationId,
        Comment = row.Comment,
        CreatedAt = row.CreatedAt,
        Modified = row.Modified,
        TargetGroupIds = row.TargetGroupIds,
        WorkError = row.WorkError,
        IsAutomatic = row.FilterId != null,
    };
}

/// <summary>Somebody who watches a request.</summary>
public sealed record FollowupWatcherRecord([property: JsonPropertyName("followuprequest_id")] int FollowupRequestId, int UserId, int Id);

/// <summary>What was said to a facility and what it answered.</summary>
public sealed record FacilityTransactionRecord(
    long Id, DateTime CreatedAt, JsonElement? Request, JsonElement? Response, int? FollowupRequestId, int? InitiatorId)
{
    /// <summary>There are no plans on this site.</summary>
    public int? ObservationPlanRequestId => null;
}

/// <summary>Requests of a page, and how many there are in all.</summary>
public sealed record FollowupPage(IReadOnlyList<FollowupRecord> Requests, int Total);
