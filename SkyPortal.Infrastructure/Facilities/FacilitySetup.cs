using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Registers the verbs and queries of facilities.</summary>
public static class FacilitySetup
{
    /// <summary>Telescopes, instruments, allocations, and the facilities that this platform speaks with.</summary>
    public static IServiceCollection AddFacilities(this IServiceCollection services) => services
        .AddSingleton<SeedFacilities>()
        .AddSingleton<ReadFacilities>()
        .AddSingleton<SaveTelescope>()
        .AddSingleton<DeleteTelescope>()
        .AddSingleton<SaveInstrument>()
        .AddSingleton<DeleteInstrument>()
        .AddSingleton<SaveAllocation>()
        .AddSingleton<DeleteAllocation>()
        .AddSingleton<ReadAllocations>()
        .AddSingleton<FacilityClasses>()
        .AddSingleton<FacilityCalls>()
        .AddSingleton<IFacility, GenericFacility>();
}
