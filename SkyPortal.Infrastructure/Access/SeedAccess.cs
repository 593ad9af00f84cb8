using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Makes what every site has: the sitewide group and one administrator. Does nothing where they are there.</summary>
public sealed class SeedAccess(Contexts contexts, CreateUser createUser)
{
    /// <summary>Name of the first administrator.</summary>
    public const string AdminName = "admin";

    /// <summary>Name of the group that everybody joins.</summary>
    public const string SitewideName = "Sitewide Group";

    /// <summary>Seeds.</summary>
    public async Task HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        if (!await db.Set<Group>().AnyAsync(group => group.Sitewide, ct))
        {
            db.Add(new Group { Name = SitewideName, Sitewide = true });
            await db.SaveChangesAsync(ct);
        }

        if (!await db.Set<User>().AnyAsync(user => user.Username == AdminName, ct))
        {
            await createUser.HandleAsync(Viewer.System, new NewUser(AdminName) { FirstName = "Site", LastName = "administrator", Roles = [Role.SuperAdmin] }, ct);
        }
    }
}
