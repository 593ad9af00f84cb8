namespace SkyPortal.Web;

/// <summary>Settings of a node; see the operator guide.</summary>
public sealed record SkyPortalSettings
{
    /// <summary>Connection string of the database.</summary>
    public required string Database { get; init; }

    /// <summary>Folder of the node's files.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folder of the seeds that come with the product.</summary>
    public required string SeedDirectory { get; init; }

    /// <summary>Folder with Rubin's alert schemas, for framed packets (setting Alerts:LsstSchemas); null where there is none.</summary>
    public string? LsstSchemaDirectory { get; init; }

    /// <summary>Whether this node runs background jobs.</summary>
    public bool RunsJobs { get; init; } = true;
}
