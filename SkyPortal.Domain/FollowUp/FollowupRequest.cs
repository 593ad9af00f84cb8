using System.Text.Json;

namespace SkyPortal.Domain.FollowUp;

/// <summary>That an object is to be observed by an instrument, on time of an allocation.</summary>
public sealed class FollowupRequest : DirectoryRow
{
    /// <summary>Longest status and comment [characters].</summary>
    public const int TextLength = 2_000;

    public int? RequesterId { get; set; }
    public int? LastModifiedById { get; set; }
    public required string ObjId { get; set; }

    /// <summary>Values of the facility's form.</summary>
    public JsonElement Payload { get; set; }

    /// <summary>Free text; what stands before the first colon is the state. See <see cref="FollowupStatus"/>.</summary>
    public string Status { get; set; } = FollowupStatus.Pending;

    public int AllocationId { get; set; }
    public string? Comment { get; set; }

    /// <summary>Groups for which it was asked.</summary>
    public int[] TargetGroupIds { get; set; } = [];

    /// <summary>What is still to be told to the facility, of <see cref="FollowupWork"/>; null where nothing is.</summary>
    public string? Work { get; set; }

    /// <summary>How often any work was begun or taken back; who began it last may end it.</summary>
    public int Attempts { get; set; }

    /// <summary>How often this work was begun.</summary>
    public int Tries { get; set; }

    /// <summary>When the work may be begun (UTC).</summary>
    public DateTime NextAttemptAt { get; set; }

    /// <summary>When the work was begun (UTC); null where it waits.</summary>
    public DateTime? BegunAt { get; set; }

    /// <summary>Names one telling to the facility, the same however often it is tried.</summary>
    public Guid WorkKey { get; set; }

    /// <summary>Why the work waits to be tried again, for people.</summary>
    public string? WorkError { get; set; }

    /// <summary>Since when the facility may have it (UTC); null where it certainly has not.</summary>
    public DateTime? ToldAt { get; set; }

    /// <summary>By which names the facility knows it, the oldest first; a change may have been given a name of its own.</summary>
    public string[] RemoteIds { get; set; } = [];

    /// <summary>Filter whose automatic follow-up made it; null for a person's own.</summary>
    public int? FilterId { get; set; }

    /// <summary>Sets what the facility is to be told next.</summary>
    /// <param name="work">One of <see cref="FollowupWork"/>.</param>
    /// <param name="nowUtc">Now.</param>
    /// <param name="isBegun">Whether who sets it tells the facility at once, because somebody waits for it.</param>
    public void Begin(string work, DateTime nowUtc, bool isBegun)
    {
        (Work, WorkKey, WorkError, NextAttemptAt) = (work, Guid.NewGuid(), null, nowUtc);
        (BegunAt, Tries, Attempts) = (isBegun ? nowUtc : null, isBegun ? 1 : 0, Attempts + 1);
    }

    /// <summary>Leaves nothing to be told; what is under way ends without effect.</summary>
    public void TakeBack() => (Work, WorkError, BegunAt, Attempts) = (null, null, null, Attempts + 1);
}

/// <summary>Somebody who wants to hear of a request.</summary>
public sealed class FollowupWatcher : DirectoryRow
{
    public int FollowupRequestId { get; set; }
    public int UserId { get; set; }
}

/// <summary>What was said to a facility about a request and what it answered, without secrets.</summary>
public sealed class FacilityTransaction : DataRow
{
    public int? FollowupRequestId { get; set; }
    public int? InitiatorId { get; set; }
    public JsonElement? Request { get; set; }
    public JsonElement? Response { get; set; }
}

/// <summary>Words that statuses begin with.</summary>
public static class FollowupStatus
{
    /// <summary>Kept here, and not yet told to the facility.</summary>
    public const string Pending = "pending submission";

    /// <summary>The facility has it.</summary>
    public const string Submitted = "submitted";

    /// <summary>The facility will not do it; a reason follows.</summary>
    public const string Rejected = "rejected: ";

    /// <summary>The facility could not be told; a reason follows.</summary>
    public const string FailedToSubmit = "failed to submit: ";

    /// <summary>The facility could not be told of a change, or will not take it; a reason follows.</summary>
    public const string FailedToUpdate = "failed to update: ";

    /// <summary>The facility could not be told that it is withdrawn, or refused that; a reason follows.</summary>
    public const string FailedToDelete = "failed to delete: ";

    /// <summary>It was withdrawn.</summary>
    public const string Deleted = "deleted";

    /// <summary>Whether it is not known that the facility took it, so that a change submits it anew.</summary>
    public static bool IsUnsubmitted(string status) =>
        status == Pending || status.StartsWith(FailedToSubmit, StringComparison.OrdinalIgnoreCase) || status.StartsWith(Rejected, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What may be left to be told to a facility.</summary>
public static class FollowupWork
{
    public const string Submit = "submit";
    public const string Update = "update";
    public const string Delete = "delete";
}
