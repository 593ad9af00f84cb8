using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Commands;

/// <summary>The commands over users, as an operator runs them: the program itself.</summary>
public sealed class UserCommandTests
{
    [Fact]
    public async Task Create_ThenPassword_PrintsNameAndIdAndLetsTheUserSignIn()
    {
        await using var site = await TestSite.StartAsync();

        var made = await RunAsync(site, "", "user", "create", "Ada.L@example.org", "--role", "Full user");
        var unfit = await RunAsync(site, "", "user", "create", "a b/<script>", "--role", "Full user");
        var weak = await RunAsync(site, "short\n", "user", "password", "ada-l-example-org");
        var set = await RunAsync(site, "four plain words here\n", "user", "password", "ada-l-example-org");
        var nobody = await RunAsync(site, "four plain words here\n", "user", "password", "nobody");
        var (userId, outcome) = await site.Node.Services.GetRequiredService<SignInWithPassword>()
            .HandleAsync("Ada.L@example.org", "four plain words here", "127.0.0.1", CancellationToken.None);

        Assert.Equal((0, SignInOutcome.SignedIn), (made.Code, outcome));
        Assert.Equal($"ada-l-example-org {userId}", made.Output.Trim());
        Assert.Equal(1, unfit.Code);
        Assert.Contains("a user name has letters, digits and any of - _ . @ +", unfit.Errors, StringComparison.Ordinal);
        Assert.Equal(1, weak.Code);
        Assert.Contains("10 to 200 characters", weak.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (set.Code, set.Output));
        Assert.DoesNotContain("four plain words", set.Errors, StringComparison.Ordinal);
        Assert.Equal(1, nobody.Code);
        Assert.Contains("There is no user nobody.", nobody.Errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(TestSite site, string input, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SkyPortal.Web.dll"), .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.CreateTempSubdirectory("skyportal-command-").FullName,
            Environment = { ["SKYPORTAL_DATABASE"] = site.ConnectionString },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(start.WorkingDirectory, recursive: true);
        return (process.ExitCode, await output, await errors);
    }
}
