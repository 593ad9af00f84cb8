using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Registers the verbs and queries of facilities.</summary>
public static class FacilitySetup
{
    /// <summary>Telescopes and instruments.</summary>
    public static IServiceCollection AddFacilities(this IServiceCollection services) => services
        .AddSingleton<SeedFacilities>()
        .AddSingleton<ReadFacilities>()
        .AddSingleton<SaveTelescope>()
        .AddSingleton<DeleteTelescope>()
        .AddSingleton<SaveInstrument>()
        .AddSingleton<DeleteInstrument>();
}
