using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Google;

/// <summary>
/// A service account of Google's: signs the assertion for which an access token is given (RFC 7523 with RS256, RFC 7518). The token is
/// asked of Google's own address, whatever address the key file names.
/// </summary>
/// <param name="Email">The account.</param>
/// <param name="PrivateKey">Its key, PEM.</param>
/// <param name="KeyId">Name of the key; null where the file tells none.</param>
internal sealed record GoogleAccount(string Email, string PrivateKey, string? KeyId)
{
    /// <summary>Where access tokens are given.</summary>
    public static OutsideService Accounts { get; } = new("GoogleAccounts", "Google (accounts)", "https://oauth2.googleapis.com") { TimeoutSeconds = 30 };

    /// <summary>Most that an assertion may hold.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromHours(1);

    /// <summary>Reads a key file.</summary>
    /// <exception cref="OutsideException">It is none.</exception>
    public static GoogleAccount Read(string? file)
    {
        try
        {
            var root = JsonNode.Parse(file ?? "") as JsonObject;
            return root?["client_email"]?.GetValue<string>() is { Length: > 0 } email && root["private_key"]?.GetValue<string>() is { Length: > 0 } key
                ? new GoogleAccount(email, key, root["private_key_id"]?.GetValue<string>())
                : throw NoKey(null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw NoKey(error);
        }
    }

    /// <summary>A signed assertion.</summary>
    /// <param name="scope">What it is for, separated by blanks.</param>
    /// <param name="now">When, UTC.</param>
    /// <exception cref="OutsideException">The key cannot be used.</exception>
    public string Assertion(string scope, DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" };
        if (KeyId is { } id)
        {
            header["kid"] = id;
        }

        var claims = new JsonObject
        {
            ["iss"] = Email,
            ["scope"] = scope,
            ["aud"] = "https://oauth2.googleapis.com/token",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Holds).ToUnixTimeSeconds(),
        };
        var signed = $"{Text(header)}.{Text(claims)}";
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(PrivateKey);
            return $"{signed}.{Base64(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw NoKey(error);
        }
    }

    /// <summary>Keeps the key out of logs.</summary>
    public override string ToString() => Email;

    private static string Text(JsonObject part) => Base64(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static OutsideException NoKey(Exception? inner) =>
        new(Accounts, OutsideFailure.NotConfigured, "The service account key is none: paste the whole JSON file that Google gave, with client_email and private_key.", inner);
}
