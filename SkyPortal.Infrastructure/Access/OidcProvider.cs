using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Access;

/// <summary>The sign-in provider; section Authentication:Oidc of the configuration.</summary>
public sealed record OidcSettings
{
    /// <summary>Issuer, https except on the loopback; null where there is no provider.</summary>
    public string? Authority { get; init; }
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public string Scope { get; init; } = "openid profile email";

    /// <summary>Claim by which users are known: sub, or email, which counts only where the provider has verified it.</summary>
    public string UserClaim { get; init; } = "sub";

    /// <summary>Whether somebody without an invitation becomes a user with the default role.</summary>
    public bool CreateUsers { get; init; }

    /// <summary>Whether a provider is configured.</summary>
    public bool IsEnabled => !string.IsNullOrWhiteSpace(Authority) && !string.IsNullOrWhiteSpace(ClientId);

    /// <summary>Reads the section.</summary>
    public static OidcSettings Read(IConfiguration? configuration) => configuration?.GetSection("Authentication:Oidc").Get<OidcSettings>() ?? new OidcSettings();
}

/// <summary>Somebody whom the provider has signed in.</summary>
public sealed record OidcIdentity(string Uid, string? Email, string? FirstName, string? LastName, string? PreferredName);

/// <summary>One sign-in under way; kept by the browser in an encrypted cookie.</summary>
/// <param name="State">Ties the reply to this browser.</param>
/// <param name="Nonce">Ties the identity token to this sign-in.</param>
/// <param name="Verifier">Secret whose hash was sent ahead (PKCE, RFC 7636).</param>
/// <param name="InviteToken">Secret of the invitation that brought the user, or null.</param>
public sealed record OidcAttempt(string State, string Nonce, string Verifier, string? InviteToken)
{
    /// <summary>A fresh attempt.</summary>
    public static OidcAttempt New(string? inviteToken) => new(Secrets.NewLinkSecret(), Secrets.NewLinkSecret(), Secrets.NewLinkSecret(), inviteToken);
}

/// <summary>
/// Speaks OpenID Connect with one provider: authorization code flow with PKCE, identity tokens signed with RS256
/// (OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3).
/// </summary>
public sealed class OidcProvider(OidcSettings settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan KeysFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeysAtLeast = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(15),
        MaxResponseContentBufferSize = 1 << 20,
    };

    private readonly SemaphoreSlim _gate = new(1, 1);
    private (Discovery Endpoints, IReadOnlyList<JsonElement> Keys, DateTimeOffset ReadAt)? _known;

    /// <summary>Whether a provider is configured.</summary>
    public bool IsEnabled => settings.IsEnabled;

    /// <summary>Where to send the browser.</summary>
    public async Task<string> AuthorizationUrlAsync(OidcAttempt attempt, string redirectUri, CancellationToken ct)
    {
        var (endpoints, _, _) = await KnownAsync(KeysFor, ct);
        var challenge = IdTokens.Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier)));
        var query = string.Join('&', new (string Name, string Value)[]
        {
            ("response_type", "code"), ("client_id", settings.ClientId!), ("redirect_uri", redirectUri), ("scope", settings.Scope),
            ("state", attempt.State), ("nonce", attempt.Nonce), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        }.Select(item => $"{item.Name}={Uri.EscapeDataString(item.Value)}"));
        return endpoints.Authorization + (endpoints.Authorization.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;
    }

    /// <summary>Exchanges the code for an identity; refuses what the provider does not sign for this client and this attempt.</summary>
    public async Task<OidcIdentity> IdentifyAsync(OidcAttempt attempt, string code, string redirectUri, CancellationToken ct)
    {
        var (endpoints, keys, _) = await KnownAsync(KeysFor, ct);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectUri,
            ["client_id"] = settings.ClientId!,
            ["code_verifier"] = attempt.Verifier,
        };
        if (settings.ClientSecret is not null)
        {
            form["client_secret"] = settings.ClientSecret;
        }

        var token = await PostAsync(endpoints.Token, form, ct);
        if (!IdTokens.HasKeyFor(token, keys))
        {
            (_, keys, _) = await KnownAsync(KeysAtLeast, ct);
        }

        var claims = IdTokens.Verify(token, keys, endpoints.Issuer, settings.ClientId!, attempt.Nonce, clock.GetUtcNow());
        return Identity(claims);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _gate.Dispose();
    }

    private OidcIdentity Identity(JsonElement claims)
    {
        string? Text(string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var verified = claims.TryGetProperty("email_verified", out var flag)
            && (flag.ValueKind == JsonValueKind.True || (flag.ValueKind == JsonValueKind.String && flag.GetString() == "true"));
        var uid = settings.UserClaim == "email" && !verified ? null : Text(settings.UserClaim);
        return string.IsNullOrEmpty(uid)
            ? throw Refusal.Invalid($"The sign-in provider did not give a usable claim {settings.UserClaim}.")
            : new OidcIdentity(uid, verified ? Text("email") : null, Text("given_name"), Text("family_name"), Text("preferred_username"));
    }

    private async Task<string> PostAsync(string endpoint, Dictionary<string, string> form, CancellationToken ct)
    {
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var response = await _http.PostAsync(endpoint, content, ct);
            var reply = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            return response.IsSuccessStatusCode && reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty("id_token", out var token)
                && token.ValueKind == JsonValueKind.String
                ? token.GetString()!
                : throw Refusal.Invalid("The sign-in provider refused the code.");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException || (error is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new Refusal(RefusalKind.Invalid, "The sign-in provider did not answer.", error);
        }
    }

    private async Task<(Discovery Endpoints, IReadOnlyList<JsonElement> Keys, DateTimeOffset ReadAt)> KnownAsync(TimeSpan youngerThan, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_known is not { } known || known.ReadAt + youngerThan <= clock.GetUtcNow())
            {
                _known = known = await ReadAsync(ct);
            }

            return known;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException || (error is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new Refusal(RefusalKind.Invalid, "The sign-in provider did not answer.", error);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<(Discovery Endpoints, IReadOnlyList<JsonElement> Keys, DateTimeOffset ReadAt)> ReadAsync(CancellationToken ct)
    {
        var authority = settings.Authority!.TrimEnd('/');
        var document = await _http.GetFromJsonAsync<JsonElement>(Safe(authority + "/.well-known/openid-configuration"), ct);
        string Text(string name) => document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var value) && value.GetString() is { } text
            ? text
            : throw Refusal.Invalid($"The sign-in provider's configuration lacks {name}.");
        if (Text("issuer").TrimEnd('/') != authority)
        {
            throw Refusal.Invalid("The sign-in provider's configuration names another issuer.");
        }

        var endpoints = new Discovery(Text("issuer"), Safe(Text("authorization_endpoint")), Safe(Text("token_endpoint")));
        var keys = await _http.GetFromJsonAsync<JsonElement>(Safe(Text("jwks_uri")), ct);
        return (endpoints, [.. keys.GetProperty("keys").EnumerateArray().Select(key => key.Clone())], clock.GetUtcNow());
    }

    private static string Safe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? url
            : throw Refusal.Invalid("The sign-in provider must be reached by https.");

    private sealed record Discovery(string Issuer, string Authorization, string Token);
}
