using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A role as on the wire.</summary>
public sealed record RoleRow(string Id, IReadOnlyList<string> Acls, DateTime CreatedAt, DateTime Modified);

/// <summary>Lists the roles. They are part of the program, so their time is that of the site's first start.</summary>
public sealed class ListRoles(Contexts contexts)
{
    /// <summary>Every role.</summary>
    public async Task<IReadOnlyList<RoleRow>> HandleAsync(CancellationToken ct)
    {
        var made = await MadeAtAsync(ct);
        return [.. Role.All.Select(role => new RoleRow(role.Id, role.Acls, made, made))];
    }

    /// <summary>When the site was made (UTC).</summary>
    internal async Task<DateTime> MadeAtAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        return await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.CreatedAt).SingleAsync(ct);
    }
}
