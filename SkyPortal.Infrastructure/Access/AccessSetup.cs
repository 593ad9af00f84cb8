using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Registers the verbs of access.</summary>
public static class AccessSetup
{
    /// <summary>Users, groups, streams, tokens and sign-in.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<ReadViewer>()
        .AddSingleton<CreateUser>()
        .AddSingleton<CreateToken>()
        .AddSingleton<CreateSignInLink>()
        .AddSingleton<UseSignInLink>()
        .AddSingleton<SeedAccess>();
}
