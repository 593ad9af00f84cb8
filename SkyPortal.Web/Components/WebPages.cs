using SkyPortal.Infrastructure.Operations;
using SkyPortal.Web.Auth;
using SkyPortal.Web.Components.Ui;

namespace SkyPortal.Web.Components;

/// <summary>Registers and maps the pages.</summary>
public static class WebPages
{
    /// <summary>Services of the frame and of its circuits.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            // Circuits of closed tabs cost memory; a network blip is shorter than this.
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            circuit.DisconnectedCircuitMaxRetained = 40;
        });
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.AddSingleton<LiveUpdates>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveUpdates>());
        return services
            .AddScoped<CurrentViewer>()
            .AddScoped<ToastService>()
            .AddScoped<ConfirmService>();
    }

    /// <summary>Static files and every page, each with its requirement.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode().Add(endpoint =>
        {
            foreach (var page in endpoint.Metadata.OfType<PageRequirementAttribute>().ToList())
            {
                endpoint.Metadata.Add(page.Requirement);
            }
        });
    }
}
