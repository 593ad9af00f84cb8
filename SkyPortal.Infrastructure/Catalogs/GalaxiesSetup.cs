using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Registers the catalogs of galaxies and the map of dust.</summary>
public static class GalaxiesSetup
{
    /// <summary>Galaxies, objects in them, and the dust in front of them.</summary>
    public static IServiceCollection AddGalaxies(this IServiceCollection services) => services
        .AddSingleton<AddGalaxies>()
        .AddSingleton<SearchGalaxies>()
        .AddSingleton<ReadHosts>()
        .AddSingleton<SetHost>()
        .AddSingleton(provider => DustMap.Read(provider.GetService<IConfiguration>(), provider.GetRequiredService<ILogger<DustMap>>()));
}
