using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>Brings the schema up to date. Refuses a database that a newer version has migrated.</summary>
public sealed class MigrateDatabase(Contexts contexts)
{
    /// <summary>Applies what is missing.</summary>
    public async Task HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        var known = db.Database.GetMigrations().ToHashSet();
        if (await db.Database.CanConnectAsync(ct))
        {
            var applied = await db.Database.GetAppliedMigrationsAsync(ct);
            if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer)
            {
                throw Refusal.Conflict($"The database was migrated by a newer version ({newer}); start that version.");
            }
        }

        await db.Database.MigrateAsync(ct);
    }
}
