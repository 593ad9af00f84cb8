using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Registers the catalogs of galaxies.</summary>
public static class GalaxiesSetup
{
    /// <summary>Galaxies, and objects in them.</summary>
    public static IServiceCollection AddGalaxies(this IServiceCollection services) => services
        .AddSingleton<AddGalaxies>()
        .AddSingleton<SearchGalaxies>()
        .AddSingleton<ReadHosts>()
        .AddSingleton<SetHost>();
}
