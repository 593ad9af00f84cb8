namespace SkyPortal.Web.Commands;

/// <summary>The program's commands, one per verb of the launcher.</summary>
public static class CommandLine
{
    /// <summary>Runs a command; returns the exit code: 0 done, 1 failed, 2 wrong usage.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        Console.Error.WriteLine("Commands: run, user create, token create, alerts ingest.");
        return Task.FromResult(args.Length == 0 ? 2 : 2);
    }
}
