using System.Globalization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;

namespace SkyPortal.Web.Commands;

/// <summary>user create NAME --role ROLE [--email E].</summary>
internal static class UserCommand
{
    private static readonly string Usage = $"""
        user create NAME --role ROLE [--email E] [--data-dir DIR]
        Makes a user and prints its id. Roles: {string.Join(", ", Role.All.Select(role => $"\"{role.Id}\""))}.
        """;

    public static async Task<int> CreateAsync(string[] words, CancellationToken ct)
    {
        var arguments = new Arguments(words, ["--role", "--email", "--data-dir"], ["--help", "-h"]);
        if (arguments.Switch("--help") || arguments.Switch("-h"))
        {
            return CommandLine.Print(Usage);
        }

        if (arguments.Plain is not [var name])
        {
            throw new UsageException(Usage);
        }

        var role = arguments.Required("--role");
        await using var scope = await CommandLine.OpenAsync(arguments.Option("--data-dir"), ct);
        var id = await scope.Services.GetRequiredService<CreateUser>().HandleAsync(
            Viewer.System, new NewUser(name) { Roles = [role], ContactEmail = arguments.Option("--email") }, ct);
        return CommandLine.Print(id.ToString(CultureInfo.InvariantCulture));
    }
}
