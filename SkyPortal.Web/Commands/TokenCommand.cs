using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Web.Commands;

/// <summary>token create --user NAME --name N (--acl ACL ... | --all-acls).</summary>
internal static class TokenCommand
{
    private const string Usage = """
        token create --user NAME --name N (--acl ACL ... | --all-acls) [--data-dir DIR]
        Makes a token for a user and prints it alone. It is not shown again. --all-acls gives it all that the user may do.
        """;

    public static async Task<int> CreateAsync(string[] words, CancellationToken ct)
    {
        var arguments = new Arguments(words, ["--user", "--name", "--acl", "--data-dir"], ["--all-acls", "--help", "-h"]);
        if (arguments.Switch("--help") || arguments.Switch("-h"))
        {
            return CommandLine.Print(Usage);
        }

        var username = Usernames.Slug(arguments.Required("--user"));
        var name = arguments.Required("--name");
        var acls = arguments.Options("--acl");
        if (arguments.Switch("--all-acls") == acls.Count > 0)
        {
            throw new UsageException("Give either --acl, once or more, or --all-acls.");
        }

        if (acls.FirstOrDefault(acl => !Acl.All.Contains(acl)) is { } unknown)
        {
            throw new UsageException($"There is no ACL \"{unknown}\". ACLs: {string.Join(", ", Acl.All)}.");
        }

        await using var scope = await CommandLine.OpenAsync(arguments.Option("--data-dir"), ct);
        await using var db = scope.Services.GetRequiredService<Contexts>().For(Viewer.System);
        var user = await db.Set<User>().SingleOrDefaultAsync(row => row.Username == username, ct)
            ?? throw Refusal.NotFound($"There is no user {username}.");
        var granted = arguments.Switch("--all-acls") ? Role.Permissions(user.Roles, user.Acls) : acls;
        return CommandLine.Print(await scope.Services.GetRequiredService<CreateToken>().HandleAsync(Viewer.System, name, [.. granted], user.Id, ct));
    }
}
