using System.Diagnostics;

namespace SkyPortal.Benchmarks;

/// <summary>Runs a peer: a script of the folder peers with Debian's Python.</summary>
internal static class PythonPeer
{
    private const string Python = "/usr/bin/python3";

    /// <summary>What the script printed; refuses where it failed, naming the packages it needs.</summary>
    public static async Task<string> RunAsync(string script, string packages, CancellationToken ct, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        using var process = Process.Start(new ProcessStartInfo(Python, [path, .. arguments]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{Python} does not start.");
        var answer = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0
            ? answer
            : throw Failed(script, packages);
    }

    /// <summary>Starts a script that runs until its input ends.</summary>
    public static Process Start(string script, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments]) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException($"{Python} does not start.");

    /// <summary>What is said of a script that failed.</summary>
    public static InvalidOperationException Failed(string script, string packages) =>
        new($"The peer {script} failed; it needs {packages} (apt-get install -y {packages}).");
}
