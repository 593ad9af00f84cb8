using System.Text.Json;

namespace SkyPortal.Domain.Candidates;

/// <summary>What is asked of a facility for each object that passes a filter.</summary>
public sealed class FilterFollowup : DirectoryRow
{
    /// <summary>Most days for which a request may be good.</summary>
    public const int MostDays = 365;

    public int FilterId { get; set; }

    /// <summary>Whether requests are made at all.</summary>
    public bool Active { get; set; }

    /// <summary>On whose time; an allocation of the filter's group.</summary>
    public int AllocationId { get; set; }

    /// <summary>Values of the facility's form without its days.</summary>
    public JsonElement Payload { get; set; }

    /// <summary>Days for which each request is good.</summary>
    public int ValidityDays { get; set; } = 7;

    /// <summary>When none is made, under the names of the wire.</summary>
    public JsonElement Constraints { get; set; }

    /// <summary>Comment on each request; null for none.</summary>
    public string? Comment { get; set; }

    /// <summary>In whose name requests are made, and whose rights they depend on; null where the user is gone.</summary>
    public int? SetById { get; set; }
}

/// <summary>
/// That an object passed a filter with automatic follow-up. There is one for each object and allocation, whichever filters it passes
/// and however often, so that there is one request.
/// </summary>
public sealed class AutoFollowup : DataRow
{
    public int FilterId { get; set; }
    public required string ObjId { get; set; }
    public int AllocationId { get; set; }

    /// <summary>One of <see cref="AutoFollowupStates"/>.</summary>
    public string State { get; set; } = AutoFollowupStates.Waiting;

    /// <summary>Why there is no request, for people.</summary>
    public string? Reason { get; set; }

    /// <summary>The request; null where none was made.</summary>
    public int? FollowupRequestId { get; set; }
}

/// <summary>What became of a passing.</summary>
public static class AutoFollowupStates
{
    /// <summary>A request is to be made.</summary>
    public const string Waiting = "waiting";

    /// <summary>A request was made.</summary>
    public const string Asked = "asked";

    /// <summary>A condition was against it; it is looked at again when the object passes again.</summary>
    public const string Ignored = "ignored";

    /// <summary>It could not be made; it is tried again when the object passes again.</summary>
    public const string Failed = "failed";
}
