using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Web;

/// <summary>Lets the migration tool see the model; it never opens the connection.</summary>
public sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<SkyPortalContext>
{
    /// <inheritdoc/>
    public SkyPortalContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SkyPortalContext>();
        PersistenceSetup.Configure(options, PersistenceSetup.CreateDataSource("Host=localhost;Database=design"));
        return new SkyPortalContext(options.Options);
    }
}
