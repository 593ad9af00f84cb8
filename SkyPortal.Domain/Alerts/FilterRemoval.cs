namespace SkyPortal.Domain.Alerts;

/// <summary>A filter that is gone here and still runs at its broker, until the broker was told.</summary>
public sealed class FilterRemoval : DirectoryRow
{
    /// <summary>The broker.</summary>
    public int BrokerId { get; set; }

    /// <summary>Key of the filter there.</summary>
    public required string RemoteId { get; set; }

    /// <summary>Name that it had here.</summary>
    public required string Name { get; set; }

    /// <summary>When the broker is told next (UTC).</summary>
    public DateTime NextAttemptAt { get; set; }

    /// <summary>How often it was told in vain.</summary>
    public int Attempts { get; set; }

    /// <summary>Why it could not be told the last time; null before that.</summary>
    public string? Reason { get; set; }
}
