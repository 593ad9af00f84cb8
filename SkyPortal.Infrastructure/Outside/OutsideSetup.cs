using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Outside;

/// <summary>Registers the way to other servers.</summary>
public static class OutsideSetup
{
    /// <summary>The shared client and the reading of its transactions.</summary>
    public static IServiceCollection AddOutside(this IServiceCollection services) => services
        .AddSingleton(provider => new OutsideSettings(provider.GetService<IConfiguration>()))
        .AddSingleton<CallOutside>()
        .AddSingleton<ReadOutsideTransactions>();
}
