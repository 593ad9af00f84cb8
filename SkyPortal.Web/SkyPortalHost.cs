using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.Jobs.Alerts;
using SkyPortal.Jobs.Candidates;
using SkyPortal.Jobs.Catalogs;
using SkyPortal.Jobs.FollowUp;
using SkyPortal.Jobs.Notifications;
using SkyPortal.Web.Api;
using SkyPortal.Web.Api.Alerts;
using SkyPortal.Web.Api.Candidates;
using SkyPortal.Web.Api.Catalogs;
using SkyPortal.Web.Api.Discussion;
using SkyPortal.Web.Api.Access;
using SkyPortal.Web.Api.Facilities;
using SkyPortal.Web.Api.FollowUp;
using SkyPortal.Web.Api.Gcn;
using SkyPortal.Web.Api.Notifications;
using SkyPortal.Web.Api.OpenApi;
using SkyPortal.Web.Api.Operations;
using SkyPortal.Web.Api.Outside;
using SkyPortal.Web.Api.Photometry;
using SkyPortal.Web.Api.Sources;
using SkyPortal.Web.Api.Spectra;
using SkyPortal.Web.Auth;
using SkyPortal.Web.Components;
using SkyPortal.Web.Components.Candidates;
using SkyPortal.Web.Components.Shared;
using SkyPortal.Web.Health;
using SkyPortal.Web.Live;

namespace SkyPortal.Web;

/// <summary>Puts a node together.</summary>
public static class SkyPortalHost
{
    // Sockets of open pages would keep a node waiting; meanwhile consumers end what they have begun.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    /// <summary>Builds a node; the caller starts it. Tests add their own services through <paramref name="configure"/>.</summary>
    public static WebApplication Build(SkyPortalSettings settings, string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(SkyPortalHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 256L << 20);
        builder.Services.Configure<HostOptions>(options => (options.ShutdownTimeout, options.ServicesStopConcurrently) = (StopPatience, true));
        AddServices(builder.Services, settings);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseWhen(IsForPeople, people => people.UseStatusCodePagesWithReExecute("/not-found"));
        app.UseMiddleware<ApiErrorMiddleware>();
        app.Use((context, next) =>
        {
            AlertArchiveRoutes.ToPrograms(context.Request);
            return next(context);
        });
        app.UseAuthentication();
        app.UseWebSockets();
        app.UseRouting();
        app.UseAntiforgery();
        app.UseMiddleware<ViewerMiddleware>();
        MapRoutes(app);
        return app;
    }

    /// <summary>Builds a node without pages and API, which runs jobs and consumers; with an address it answers for its health and figures.</summary>
    public static WebApplication BuildWorker(SkyPortalSettings settings, string[] args, string? urls, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(SkyPortalHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(options => (options.ShutdownTimeout, options.ServicesStopConcurrently) = (StopPatience, true));
        AddServices(builder.Services, settings);
        if (urls is null)
        {
            builder.Services.AddSingleton<IServer, NoServer>();
        }
        else
        {
            builder.WebHost.UseUrls(urls);
        }

        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseMiddleware<ApiErrorMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<ViewerMiddleware>();
        app.MapHealth();
        app.MapFigures();
        return app;
    }

    /// <summary>Migrates and seeds. Called once before a node serves.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<MigrateDatabase>().HandleAsync(ct);
        await services.GetRequiredService<SeedAccess>().HandleAsync(ct);
        await services.GetRequiredService<SeedTaxonomies>().HandleAsync(services.GetRequiredService<SkyPortalSettings>().SeedDirectory, ct);
        await services.GetRequiredService<SeedStreams>().HandleAsync(ct);
        await services.GetRequiredService<SeedFacilities>().HandleAsync(services.GetRequiredService<SkyPortalSettings>().SeedDirectory, ct);
    }

    /// <summary>Registers every feature; also used by commands that need no server.</summary>
    public static void AddServices(IServiceCollection services, SkyPortalSettings settings)
    {
        services.AddSingleton(settings);
        services.AddHttpContextAccessor();
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            options.DisconnectedCircuitMaxRetained = 200;
        });
        services.AddCascadingAuthenticationState();
        services.AddScoped<CurrentViewer>();
        services.AddScoped<ToastService>();
        services.AddSingleton<ScanActions>();
        services.AddSingleton<ScanProfiles>();
        services.AddSingleton<ClassShortcuts>();
        services.AddScoped<ConfirmService>();
        services.AddScoped<Pages.Sources.ChosenPeriod>();
        services.AddSingleton<Pages.Sources.ReadSourcePage>();
        services.AddSingleton<Pages.Sources.SourceBulk>();
        services.AddFigures();
        services.AddSingleton<LiveUpdates>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveUpdates>());
        services.AddPersistence(settings.Database);
        services.AddSingleton(_ => new FileStore(Path.Combine(settings.DataDirectory, "files")));
        services.AddSingleton<MigrateDatabase>();
        services.AddSingleton<SealedSecrets>();
        services.AddOutside();
        services.AddAccess();
        services.AddSources();
        services.AddCandidates();
        services.AddDiscussion();
        services.AddSingleton<SiteAddress>();
        services.AddAlerts();
        services.AddSingleton<AlertQueryReader>();
        services.AddSingleton<MarsSearch>();
        services.AddAlertJobs();
        services.AddFilters();
        services.AddPhotometry();
        services.AddSpectra();
        services.AddGalaxies();
        services.AddGcn();
        services.AddSingleton<AddExtinction>();
        services.AddSingleton<PhotometryParts>();
        services.AddSingleton<LiveSocket>();
        services.AddNotifications();
        services.AddNotificationJobs();
        services.AddFacilities();
        services.AddFollowUp();
        services.AddSingleton<ReadDatabaseStats>();
        services.AddCatalogs();
        services.AddBrokers();
        services.AddBrokerFilters();
        if (settings.RunsJobs)
        {
            services.AddCatalogJobs();
            services.AddFilterJobs();
            services.AddFollowUpJobs();
            services.AddStreamJobs();
        }

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "skyportal";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
            cookie.LoginPath = "/sign-in";
        });
        services.AddDataProtection().SetApplicationName("SkyPortal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInDatabase(provider.GetRequiredService<Contexts>())));
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Viewer() ?? Domain.Access.Viewer.Nobody);
    }

    // Programs get their envelope; a person who mistypes an address gets the frame and a way on.
    private static bool IsForPeople(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/api");

    private static void MapRoutes(WebApplication app)
    {
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "SkyPortal.Web.staticwebassets.endpoints.json")).Public();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapHealth();
        app.MapFigures();
        app.MapSignIn();
        app.MapCandidates();
        app.MapScanReports();
        app.MapDiscussion();
        app.MapAccess();
        app.MapSources();
        app.MapAlerts();
        app.MapAlertArchive();
        app.MapBrokers();
        app.MapFilters();
        app.MapFilterVersions();
        app.MapFilterActions();
        app.MapFilterFollowups();
        app.MapWatchLists();
        app.MapFilterTests();
        app.MapScoringModels();
        app.MapSystem();
        app.MapOutside();
        app.MapCatalogs();
        app.MapTelescopes();
        app.MapInstruments();
        app.MapAllocations();
        app.MapFollowUp();
        app.MapPhotometry();
        app.MapPhotStats();
        app.MapSpectra();
        app.MapPeriodograms();
        app.MapGalaxies();
        app.MapGcnEvents();
        app.MapLocalizations();
        app.MapSourceNotifications();
        app.MapUserNotifications();
        app.MapLiveSocket();
        app.MapOpenApiDescription();
        app.MapApiFallback();
    }
}
