using System.Globalization;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>Settings of a new private database for the memory of this machine; the operator may edit them in postgresql.conf.</summary>
internal static class PostgresTuning
{
    private const long MiB = 1024 * 1024;

    /// <summary>Lines for postgresql.conf.</summary>
    /// <param name="memoryBytes">Memory of the machine or container in bytes.</param>
    /// <param name="maxConnections">Simultaneous connections.</param>
    public static string For(long memoryBytes, int maxConnections)
    {
        // Fractions leave room for the web server and its jobs on the same machine.
        var sharedBuffers = Math.Clamp(memoryBytes / MiB / 6, 64, 8192);
        var workMemory = Math.Clamp(memoryBytes / MiB / 768, 4, 64);
        var maintenance = Math.Clamp(memoryBytes / MiB / 32, 64, 1024);
        var cache = Math.Max(memoryBytes / MiB / 2, 128);
        return string.Create(CultureInfo.InvariantCulture, $"""

            # SkyPortal: sized for this machine when the database was made; change them as needed.
            max_connections = {maxConnections}
            shared_buffers = {sharedBuffers}MB
            work_mem = {workMemory}MB
            maintenance_work_mem = {maintenance}MB
            effective_cache_size = {cache}MB
            random_page_cost = 1.1
            max_wal_size = 2GB
            wal_compression = on
            jit = off
            log_checkpoints = off
            log_timezone = 'UTC'
            timezone = 'UTC'

            """);
    }
}
