using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>Makes contexts and raw connections. Safe for concurrent use.</summary>
public sealed class Contexts(IDbContextFactory<SkyPortalContext> factory, NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>The pool behind the contexts, for bulk copy and hand-written reads, which carry their own access predicate.</summary>
    public NpgsqlDataSource DataSource => dataSource;

    /// <summary>Clock of the platform.</summary>
    public TimeProvider Clock => clock;

    /// <summary>A context that sees and does what the viewer may. The caller disposes it.</summary>
    public SkyPortalContext For(Viewer viewer)
    {
        var db = factory.CreateDbContext();
        db.Viewer = viewer;
        db.Clock = clock;
        return db;
    }
}
