using System.Text.Json;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Web.Live;

/// <summary>What the payload of a message names.</summary>
internal enum LiveValue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The name of an object.</summary>
    ObjId,

    /// <summary>The internal key of an object.</summary>
    InternalKey,

    /// <summary>The id of a scan report.</summary>
    ScanReport,

    /// <summary>The time of an event.</summary>
    GcnEvent,
}

/// <summary>A message of the contract that tells a page to read something again.</summary>
/// <param name="Action">Its actionType without skyportal/.</param>
/// <param name="Field">Field of the payload; empty for none.</param>
/// <param name="Value">What the field holds.</param>
/// <param name="Subject">Name of the object.</param>
internal sealed record LiveMessage(string Action, string Field, LiveValue Value, string Subject)
{
    private static readonly string[] OfSources = ["source.", "thumbnail.", "comment.", "annotation.", "classification.", "reminder.", "followup."];

    /// <summary>What a user's pages are told of an event; nothing for most.</summary>
    public static IReadOnlyList<LiveMessage> Of(LiveNote note, int userId)
    {
        var source = new LiveMessage("REFRESH_SOURCE", "obj_key", LiveValue.InternalKey, note.Subject);
        var candidate = new LiveMessage("REFRESH_CANDIDATE", "id", LiveValue.InternalKey, note.Subject);
        return note.Kind switch
        {
            _ when note.Kind.StartsWith("photometry.", StringComparison.Ordinal) => [source, new("REFRESH_SOURCE_PHOTOMETRY", "obj_id", LiveValue.ObjId, note.Subject)],
            _ when note.Kind.StartsWith("spectrum.", StringComparison.Ordinal) => [source, new("REFRESH_SOURCE_SPECTRA", "obj_internal_key", LiveValue.InternalKey, note.Subject)],
            "source.interests" => [new("REFRESH_SOURCE_INTERESTS", "obj_id", LiveValue.ObjId, note.Subject)],
            "source.saved" or "source.unsaved" or "classification.edited" => [source, candidate],
            "candidate.posted" => [candidate],
            "scanreport.made" => [new("REFRESH_SCAN_REPORTS", "", LiveValue.None, "")],
            "scanreport.edited" => [new("REFRESH_SCAN_REPORT_ITEM", "report_id", LiveValue.ScanReport, note.Subject)],
            "gcnevent.posted" => [new("REFRESH_GCN_EVENTS", "", LiveValue.None, ""), new("REFRESH_RECENT_GCNEVENTS", "", LiveValue.None, "")],
            "gcnevent.changed" => [new("REFRESH_GCN_EVENT", "gcnEvent_dateobs", LiveValue.GcnEvent, note.Subject)],
            _ when Array.Exists(OfSources, start => note.Kind.StartsWith(start, StringComparison.Ordinal)) => [source],
            _ when note.Kind.StartsWith("allocation.", StringComparison.Ordinal) => [new("REFRESH_ALLOCATIONS", "", LiveValue.None, "")],
            _ when note.Kind.StartsWith("taxonomy.", StringComparison.Ordinal) => [new("REFRESH_TAXONOMIES", "", LiveValue.None, "")],
            NotificationEvents.Added or NotificationEvents.Changed when note.Subject == NotificationEvents.Subject(userId) => [new("FETCH_NOTIFICATIONS", "", LiveValue.None, "")],
            _ => [],
        };
    }

    /// <summary>The message as sent.</summary>
    /// <param name="value">What the field holds; null for none.</param>
    public byte[] ToJson(object? value) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["user_id"] = "*", ["actionType"] = $"skyportal/{Action}", ["payload"] = value is null ? new Dictionary<string, object>() : new Dictionary<string, object> { [Field] = value },
    });
}
