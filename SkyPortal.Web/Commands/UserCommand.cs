using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Web.Commands;

/// <summary>user create NAME --role ROLE [--email E], and user password NAME.</summary>
internal static class UserCommand
{
    private static readonly string Usage = $"""
        user create NAME --role ROLE [--email E] [--data-dir DIR]
        Makes a user and prints its name and its id. A name has {Usernames.Rule}; it is kept in
        lower case, with hyphens for the other characters. Roles: {string.Join(", ", Role.All.Select(role => $"\"{role.Id}\""))}.
        """;

    private static readonly string PasswordUsage = $"""
        user password NAME [--data-dir DIR]
        Sets the user's password, which is read from standard input: one line, {Passwords.MinLength} to {Passwords.MaxLength} characters.
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
        return CommandLine.Print(string.Create(CultureInfo.InvariantCulture, $"{Usernames.Check(name)} {id}"));
    }

    public static async Task<int> PasswordAsync(string[] words, CancellationToken ct)
    {
        var arguments = new Arguments(words, ["--data-dir"], ["--help", "-h"]);
        if (arguments.Switch("--help") || arguments.Switch("-h"))
        {
            return CommandLine.Print(PasswordUsage);
        }

        if (arguments.Plain is not [var name])
        {
            throw new UsageException(PasswordUsage);
        }

        var username = Usernames.Slug(name);
        await using var scope = await CommandLine.OpenAsync(arguments.Option("--data-dir"), ct);
        await using var db = scope.Services.GetRequiredService<Contexts>().For(Viewer.System);
        var id = await db.Set<User>().Where(user => user.Username == username).Select(user => (int?)user.Id).SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound($"There is no user {username}.");
        await scope.Services.GetRequiredService<SetPassword>().HandleAsync(Viewer.System, id, null, await ReadLineAsync($"Password of {username}: ", ct), ct);
        Console.Error.WriteLine($"The password of {username} is set.");
        return 0;
    }

    // At a terminal the letters are not shown.
    private static async Task<string> ReadLineAsync(string prompt, CancellationToken ct)
    {
        if (Console.IsInputRedirected)
        {
            return await Console.In.ReadLineAsync(ct) ?? "";
        }

        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length -= Math.Min(text.Length, 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
