using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>Registers events and their sky maps.</summary>
public static class GcnSetup
{
    /// <summary>Events and sky maps.</summary>
    public static IServiceCollection AddGcn(this IServiceCollection services) => services
        .AddSingleton<PostGcnEvent>()
        .AddSingleton<DeleteGcnEvent>()
        .AddSingleton<DeleteLocalization>()
        .AddSingleton<ReadGcnEvents>()
        .AddSingleton<ReadLocalization>()
        .AddSingleton<DrawSkyMap>();
}
