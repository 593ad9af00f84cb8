using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>Registers the database.</summary>
public static class PersistenceSetup
{
    /// <summary>Assembly that holds the migrations.</summary>
    public const string MigrationsAssembly = "SkyPortal.Migrations";

    /// <summary>Registers the data source, the context and <see cref="Contexts"/>.</summary>
    public static IServiceCollection AddPersistence(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => CreateDataSource(connectionString));
        services.AddPooledDbContextFactory<SkyPortalContext>((provider, options) => Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<Contexts>();
        return services;
    }

    private const int KeepAliveSeconds = 15;

    // Starting workers costs more than most statements do, and many are asked at once: only the longest gain by it (default 1000).
    private const string PlannerOptions = "-c parallel_setup_cost=20000";

    /// <summary>A pool for a connection string.</summary>
    public static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 200;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        builder.ConnectionStringBuilder.ApplicationName = "skyportal";
        builder.ConnectionStringBuilder.Options = $"{PlannerOptions} {builder.ConnectionStringBuilder.Options}".TrimEnd();
        if (builder.ConnectionStringBuilder.KeepAlive == 0)
        {
            // Who listens for news on a connection that broke without a word would wait for ever.
            builder.ConnectionStringBuilder.KeepAlive = KeepAliveSeconds;
        }

        return builder.Build();
    }

    /// <summary>Options of the context over a pool.</summary>
    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource dataSource) =>
        options.UseNpgsql(dataSource, npgsql => npgsql.MigrationsAssembly(MigrationsAssembly));
}
