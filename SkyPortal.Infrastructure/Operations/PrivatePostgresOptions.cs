using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>Where and how the private PostgreSQL runs.</summary>
public sealed record PrivatePostgresOptions
{
    /// <summary>The product's data directory; the database lives in its folder <c>postgres</c>. Created when absent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>False switches fsync off: only for data that may be lost, as in tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Simultaneous connections that the server accepts.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>How long a start (crash recovery included) or a stop may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where the database goes when this process is root and the server's user cannot enter the data directory.</summary>
    public string FallbackRoot { get; init; } = "/var/lib/skyportal";

    /// <summary>Told about starting, adopting and stopping.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock for waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
