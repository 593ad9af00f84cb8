namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What became of a packet.</summary>
public enum IngestOutcomeKind
{
    /// <summary>It is in the archive now, with all that follows from it.</summary>
    Accepted,

    /// <summary>It was there already; nothing changed.</summary>
    Duplicate,

    /// <summary>It cannot be used.</summary>
    Rejected,
}

/// <summary>What became of one packet. Given out only after the database has confirmed it.</summary>
/// <param name="Name">Name of the packet.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Reason">Why it was rejected, for people; null otherwise.</param>
/// <param name="DroppedPoints">Measurements that were left out because no stream of this site covers their programme.</param>
public sealed record IngestOutcome(string Name, IngestOutcomeKind Kind, string? Reason = null, int DroppedPoints = 0);
