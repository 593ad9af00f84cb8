using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Access;

namespace SkyPortal.Web.Tests.Access;

/// <summary>A clock that tests move.</summary>
internal sealed class MovableClock : TimeProvider
{
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    public void Advance(TimeSpan by) => _ahead += by;
}

/// <summary>A browser: keeps cookies, and follows redirects only when told to.</summary>
internal sealed class Browser(string address) : IDisposable
{
    public HttpClient Http { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(address) };

    /// <summary>Posts a form; where it leads, or the status.</summary>
    public async Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await Http.PostAsync(path, form);
        return Outcome(response);
    }

    /// <summary>Where a page leads, or the status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return Outcome(response);
    }

    /// <summary>Follows redirects to the provider and back, and tells where the way back leads.</summary>
    public async Task<string> FollowAsync(string path)
    {
        var authorize = await GetAsync(path);
        var back = await GetAsync(authorize);
        return await GetAsync(back);
    }

    public void Dispose() => Http.Dispose();

    private static string Outcome(HttpResponseMessage response) => response.Headers.Location?.OriginalString ?? $"{(int)response.StatusCode}";
}

/// <summary>A mail server that keeps what it is given.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly Task _serving;

    public SmtpSink()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>An address that it takes nothing for; null for none.</summary>
    public string? Refused { get; init; }

    /// <summary>Texts of the messages, in the order in which they came.</summary>
    public IReadOnlyList<string> Messages => [.. _messages.Select(Text)];

    /// <summary>The link in the last message.</summary>
    public string Link() => Regex.Match(Messages[^1], @"https?://\S+").Value;

    private static string Text(string message)
    {
        var body = message[(message.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        return message.Contains("base64", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)))
            : body.Replace("=\n", "", StringComparison.Ordinal).Replace("=0D=0A", "\n", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await TalkAsync(client);
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 sink");
        while (await reader.ReadLineAsync() is { } line && !line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
        {
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var message = new StringBuilder();
                while (await reader.ReadLineAsync() is { } part && part != ".")
                {
                    message.Append(part.StartsWith("..", StringComparison.Ordinal) ? part[1..] : part).Append('\n');
                }

                _messages.Enqueue(message.ToString());
            }

            await writer.WriteLineAsync(Refused is not null && line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && line.Contains(Refused, StringComparison.Ordinal) ? "550 nobody here" : "250 ok");
        }
    }
}

/// <summary>A sign-in provider on the loopback with a key of its own, that signs in one person: vera.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> _codes = new();

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>What is wrong with the tokens; null for nothing.</summary>
    public string? Fault { get; set; }

    private string Address => _app.Urls.First();

    public static async Task<FakeProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var provider = new FakeProvider(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = provider.Address,
            authorization_endpoint = provider.Address + "/authorize",
            token_endpoint = provider.Address + "/token",
            jwks_uri = provider.Address + "/keys",
        }));
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        await app.StartAsync();
        return provider;
    }

    public void Configure(IConfiguration configuration)
    {
        configuration["Authentication:Oidc:Authority"] = Address;
        configuration["Authentication:Oidc:ClientId"] = "portal";
        configuration["Authentication:Oidc:ClientSecret"] = "client secret";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Keys()
    {
        var key = _key.ExportParameters(false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "one", n = IdTokens.Base64Url(key.Modulus!), e = IdTokens.Base64Url(key.Exponent!) } } });
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["nonce"].ToString(), query["code_challenge"].ToString());
        return query["client_id"] == "portal" && query["response_type"] == "code" && query["code_challenge_method"] == "S256"
            ? Results.Redirect($"{query["redirect_uri"]}?code={code}&state={query["state"]}")
            : Results.BadRequest();
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var challenge = IdTokens.Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var begun) || begun.Challenge != challenge || form["client_secret"] != "client secret")
        {
            return Results.BadRequest(new { error = "invalid_grant" });
        }

        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Fault == "issuer" ? "https://elsewhere.example" : Address,
            ["aud"] = Fault == "client" ? "another" : "portal",
            ["exp"] = Fault == "valid%20now" ? now - 3600 : now + 300,
            ["iat"] = now,
            ["nonce"] = Fault == "another%20sign-in" ? "stale" : begun.Nonce,
            ["sub"] = "subject-1",
            ["email"] = "vera@example.org",
            ["email_verified"] = true,
            ["preferred_username"] = "vera",
        };
        var head = IdTokens.Base64Url(JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", kid = "one" }));
        var signed = $"{head}.{IdTokens.Base64Url(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (Fault == "signature")
        {
            signature[10] ^= 1;
        }

        return Results.Json(new { access_token = "unused", token_type = "Bearer", id_token = $"{signed}.{IdTokens.Base64Url(signature)}" });
    }
}
