using System.Globalization;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>A running database server, as its <c>postmaster.pid</c> describes it.</summary>
/// <param name="ProcessId">The server's process.</param>
/// <param name="Port">Number in the socket's name.</param>
/// <param name="SocketFolder">Folder of its Unix socket; empty while it starts.</param>
/// <param name="Ready">True once it accepts connections.</param>
internal sealed record Postmaster(int ProcessId, int Port, string SocketFolder, bool Ready)
{
    /// <summary>Full path of the socket.</summary>
    public string SocketPath => Path.Combine(SocketFolder, $".s.PGSQL.{Port}");

    /// <summary>The server that runs on a data folder, or null when none does (a file left by a dead one is ignored).</summary>
    public static Postmaster? Find(string dataFolder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(FileOf(dataFolder));
        }
        catch (IOException)
        {
            return null;
        }

        // Lines: process, data folder, start time, port, socket folder, listen address, shared memory, status.
        if (lines.Length == 0 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var processId)) return null;
        if (!IsServerOf(processId, dataFolder)) return null;
        var port = lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var p) ? p : 0;
        return new Postmaster(processId, port, lines.Length > 4 ? lines[4] : "", lines.Length > 7 && lines[7].Trim() == "ready");
    }

    /// <summary>True while the process lives.</summary>
    public bool IsAlive => IsRunning(ProcessId);

    /// <summary>
    /// Removes a dead server's <c>postmaster.pid</c>: PostgreSQL itself refuses to start when the number has meanwhile
    /// gone to another process of the same user.
    /// </summary>
    public static void RemoveStaleFile(string dataFolder) => File.Delete(FileOf(dataFolder));

    /// <summary>True while a process lives; one that has ended but was not collected by its parent does not.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            // "pid (name) state ...": a zombie (Z) has stopped, though its number still exists.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string FileOf(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    private static bool IsServerOf(int processId, string dataFolder)
    {
        if (!IsRunning(processId)) return false;
        try
        {
            var arguments = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
            if (arguments.Contains(dataFolder)) return true;
            return new FileInfo($"/proc/{processId}/cwd").LinkTarget == dataFolder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
