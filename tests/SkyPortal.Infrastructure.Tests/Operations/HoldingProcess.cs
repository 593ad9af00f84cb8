using System.Diagnostics;
using System.Runtime.CompilerServices;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Tests.Operations;

/// <summary>
/// A second process that starts a private database, writes the server's process id and stays until it is killed: this
/// test program itself, which holds instead of testing when an environment variable says so.
/// </summary>
internal static class HoldingProcess
{
    private const string Variable = "SKYPORTAL_TEST_HOLD_DATABASE";

    public static Process Start(string dataDirectory)
    {
        var program = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(HoldingProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment[Variable] = dataDirectory;
        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void HoldWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } dataDirectory) return;
        // No code of this assembly may run on another thread before its initializer has ended, so nothing is awaited here.
        var server = PrivatePostgres.StartAsync(new() { DataDirectory = dataDirectory, Durable = false }).GetAwaiter().GetResult();
        Console.WriteLine(server.ProcessId);
        using var never = new ManualResetEvent(false);
        never.WaitOne();
    }
}
