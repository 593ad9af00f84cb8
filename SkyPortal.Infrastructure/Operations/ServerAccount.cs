using System.Globalization;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>The user that the private PostgreSQL runs as: PostgreSQL refuses to run as root.</summary>
/// <param name="Name">Login name; null when it is this process's own user.</param>
/// <param name="UserId">Numeric user id.</param>
/// <param name="GroupId">Numeric primary group id; 0 when it is this process's own user.</param>
internal sealed record ServerAccount(string? Name, uint UserId, uint GroupId)
{
    private static readonly string[] Preferred = ["postgres", "nobody"];

    /// <summary>
    /// Chooses the user: an ordinary user runs the server itself; root lends it to the owner of existing data, else to
    /// <c>postgres</c>, else to <c>nobody</c>.
    /// </summary>
    /// <param name="existing">Folder of an existing database, or null.</param>
    /// <exception cref="PrivatePostgresException">The data belongs to someone else, or no unprivileged user exists.</exception>
    public static ServerAccount Choose(string? existing)
    {
        var self = LinuxFiles.CurrentUserId();
        var owner = existing is null ? null : LinuxFiles.Owner(existing)?.UserId;
        if (self != 0)
        {
            if (owner is { } other && other != self)
                throw new PrivatePostgresException($"The database in {existing} belongs to {NameOf(other)}. Run this as that user or as root.");
            return new ServerAccount(null, self, 0);
        }

        var known = Known();
        var chosen = owner is { } id and not 0
            ? known.FirstOrDefault(a => a.UserId == id)
            : Preferred.Select(name => known.FirstOrDefault(a => a.Name == name)).FirstOrDefault(a => a is not null);
        return chosen ?? throw new PrivatePostgresException(owner is > 0
            ? $"The database in {existing} belongs to {NameOf(owner.Value)}, who is not in /etc/passwd. Run this as that user."
            : "PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'. Create one, or run this as an ordinary user.");
    }

    /// <summary>True when the user can enter the folder, parents included.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken ct) =>
        (await ServerCommand.RunAsync("/bin/sh", ["-c", "cd \"$0\"", folder], Name, ct)).ExitCode == 0;

    /// <summary>True when the user can enter and write the folder, parents included.</summary>
    public async Task<bool> CanUseAsync(string folder, CancellationToken ct) =>
        (await ServerCommand.RunAsync("/bin/sh", ["-c", "cd \"$0\" && test -w .", folder], Name, ct)).ExitCode == 0;

    /// <summary>Creates a folder that only this user can read (mode 0700); an existing one must already be theirs.</summary>
    /// <exception cref="PrivatePostgresException">It exists and is a link or belongs to someone else.</exception>
    public void OwnFolder(string folder)
    {
        var owner = LinuxFiles.Owner(folder);
        if (owner is null)
        {
            LinuxFiles.CreateFolder(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (Name is not null) LinuxFiles.GiveTo(folder, UserId, GroupId);
        }
        else if (owner.Value.IsLink || owner.Value.UserId != UserId)
        {
            throw new PrivatePostgresException($"{folder} must be a folder of {Name ?? NameOf(UserId)}, but it is {(owner.Value.IsLink ? "a link" : $"a folder of {NameOf(owner.Value.UserId)}")}. Remove it, or use another data directory.");
        }
    }

    private static string NameOf(uint userId) => Known().FirstOrDefault(a => a.UserId == userId)?.Name is { } name ? $"user '{name}'" : $"user {userId}";

    private static List<ServerAccount> Known()
    {
        var accounts = new List<ServerAccount>();
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length > 3
                && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out var userId)
                && uint.TryParse(fields[3], CultureInfo.InvariantCulture, out var groupId))
                accounts.Add(new ServerAccount(fields[0], userId, groupId));
        }

        return accounts;
    }
}
