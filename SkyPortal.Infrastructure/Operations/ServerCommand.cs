using System.Diagnostics;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>Runs one program of the database server to its end, as another user where asked.</summary>
internal static class ServerCommand
{
    /// <summary>Exit code and what the program wrote, both streams together.</summary>
    public sealed record Answer(int ExitCode, string Output);

    /// <param name="program">Full path of the program.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="user">Name of the user it runs as; null for this process's own. Another needs root.</param>
    /// <param name="ct">Kills the program when cancelled.</param>
    public static async Task<Answer> RunAsync(string program, IEnumerable<string> arguments, string? user, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The caller's folder may be closed to the server's user.
            WorkingDirectory = "/",
        };
        // A server must not inherit secrets, locale or PG* settings of whoever started it.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        if (user is not null) start.UserName = user;

        using var process = Process.Start(start) ?? throw new PrivatePostgresException($"{program} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new Answer(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
