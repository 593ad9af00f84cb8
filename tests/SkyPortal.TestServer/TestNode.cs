using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Web;

namespace SkyPortal.TestServer;

/// <summary>A real node on a loopback port over a database of its own, and clients that talk to it from outside.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private TestNode(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
    }

    /// <summary>Address, such as http://127.0.0.1:40001.</summary>
    public string Address => _app.Urls.First();

    /// <summary>The node's services, for what cannot be arranged from outside.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Contexts over the node's database.</summary>
    public Contexts Contexts => Services.GetRequiredService<Contexts>();

    /// <summary>Starts a node over a database, migrated and seeded.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="configure">Adds services and settings.</param>
    /// <param name="runsJobs">Whether it works off queues of its own accord.</param>
    public static async Task<TestNode> StartAsync(string connectionString, Action<WebApplicationBuilder>? configure = null, bool runsJobs = false)
    {
        var outside = await OutsideSimulator.SharedAsync();
        var folder = Directory.CreateTempSubdirectory("skyportal-node-").FullName;
        var settings = new SkyPortalSettings
        {
            Database = connectionString,
            DataDirectory = folder,
            SeedDirectory = Path.Combine(AppContext.BaseDirectory, "data"),
            RunsJobs = runsJobs,
        };
        var app = SkyPortalHost.Build(settings, ["--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Logging.ClearProviders();
            // No test leaves the machine.
            builder.Configuration["Outside:Address"] = outside.Address;
            builder.Configuration["Outside:RetryMilliseconds"] = "1";
            builder.Configuration["Outside:AtlasServer:Token"] = "simulated-token";
            configure?.Invoke(builder);
        });
        await SkyPortalHost.PrepareAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        return new TestNode(app, folder);
    }

    /// <summary>A client that holds a token of a user; the user is made where it is new.</summary>
    public async Task<TestClient> ClientAsync(string username, string role = Role.FullUser, params (int GroupId, bool Admin)[] groups)
    {
        var users = Services.GetRequiredService<CreateUser>();
        await using var db = Contexts.For(Viewer.System);
        var id = db.Set<User>().Where(user => user.Username == username).Select(user => (int?)user.Id).FirstOrDefault()
            ?? await users.HandleAsync(Viewer.System, new NewUser(username) { Roles = [role], Groups = groups }, CancellationToken.None);
        var owner = db.Set<User>().Single(user => user.Id == id);
        var token = await Services.GetRequiredService<CreateToken>().HandleAsync(
            Viewer.System, $"{username}-{Guid.NewGuid():N}", Role.Permissions(owner.Roles, owner.Acls).ToList(), id, CancellationToken.None);
        return new TestClient(Address, token, id);
    }

    /// <summary>A client of the first administrator.</summary>
    public Task<TestClient> AdminAsync() => ClientAsync(SeedAccess.AdminName);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A program that talks to the API with a token.</summary>
public sealed class TestClient(string address, string token, int userId)
{
    private readonly HttpClient _http = Create(address, token);

    /// <summary>The token.</summary>
    public string Token => token;

    /// <summary>The token's owner.</summary>
    public int UserId => userId;

    /// <summary>The plain client.</summary>
    public HttpClient Http => _http;

    /// <summary>Sends a request and returns the status and the whole envelope.</summary>
    public async Task<(int Status, JsonElement Envelope)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = body is string text ? new StringContent(text) : JsonContent.Create(body);
        }

        using var response = await _http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes));
    }

    /// <summary>Sends a request that must succeed and returns its data.</summary>
    public async Task<JsonElement> DataAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, envelope) = await SendAsync(method, path, body);
        return status == 200 && envelope.GetProperty("status").GetString() == "success"
            ? envelope.GetProperty("data")
            : throw new InvalidOperationException($"{method} {path} answered {status}: {envelope}");
    }

    /// <summary>GET that must succeed.</summary>
    public Task<JsonElement> GetAsync(string path) => DataAsync(HttpMethod.Get, path);

    /// <summary>POST that must succeed.</summary>
    public Task<JsonElement> PostAsync(string path, object body) => DataAsync(HttpMethod.Post, path, body);

    private static HttpClient Create(string address, string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(address) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"token {token}");
        return http;
    }
}
