namespace SkyPortal.Domain.Alerts;

/// <summary>A connection of this site to a server that sorts and serves alerts.</summary>
public sealed class Broker : DirectoryRow
{
    /// <summary>Name for people, one of a kind on the site.</summary>
    public required string Name { get; set; }

    /// <summary>Name of the plug-in that speaks its language, such as ALERCEBROKER.</summary>
    public required string BrokerClassname { get; set; }

    /// <summary>Whether it may be asked.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Whether searches for alerts go to it unless another is named; one at most.</summary>
    public bool DefaultAlertSearch { get; set; }

    /// <summary>Whether catalogues around a position are asked of it unless another is named; one at most.</summary>
    public bool DefaultCrossmatch { get; set; }

    /// <summary>Its settings with the secrets among them as JSON, sealed with the keys of the site; null where it has none.</summary>
    public string? SealedAltdata { get; set; }

    /// <summary>When its new alerts are asked for next (UTC); null where it is not polled.</summary>
    public DateTime? NextPollAt { get; set; }

    /// <summary>When they were last asked for (UTC).</summary>
    public DateTime? PolledAt { get; set; }

    /// <summary>How often in a row that failed.</summary>
    public int PollFaults { get; set; }

    /// <summary>What came of it the last time, for people.</summary>
    public string? PollNote { get; set; }
}
