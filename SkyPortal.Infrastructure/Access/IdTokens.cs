using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Verifies identity tokens: RS256 only (RFC 7515, RFC 7518), then issuer, audience, time and nonce.</summary>
public static class IdTokens
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>Bytes in the alphabet of URLs, without padding.</summary>
    public static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Whether one of the keys is the one that the token names.</summary>
    public static bool HasKeyFor(string token, IReadOnlyList<JsonElement> keys) => Candidates(Header(Split(token)[0]), keys).Count > 0;

    /// <summary>The claims of a token; refuses it where anything is wrong.</summary>
    public static JsonElement Verify(string token, IReadOnlyList<JsonElement> keys, string issuer, string clientId, string nonce, DateTimeOffset now)
    {
        var parts = Split(token);
        var header = Header(parts[0]);
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (Text(header, "alg") != "RS256" || !Candidates(header, keys).Any(key => IsSignedBy(key, signed, Bytes(parts[2]))))
        {
            throw Wrong("its signature does not hold");
        }

        var claims = Json(parts[1]);
        if (Text(claims, "iss") != issuer)
        {
            throw Wrong("it comes from another issuer");
        }

        var audiences = claims.TryGetProperty("aud", out var aud)
            ? aud.ValueKind == JsonValueKind.Array ? [.. aud.EnumerateArray().Select(item => item.ToString())] : new[] { aud.ToString() }
            : [];
        if (!audiences.Contains(clientId) || (audiences.Length > 1 && Text(claims, "azp") != clientId))
        {
            throw Wrong("it is meant for another client");
        }

        if (Time(claims, "exp") is not { } expires || expires + Skew <= now || Time(claims, "iat") is not { } issued || issued - Skew > now)
        {
            throw Wrong("it is not valid now");
        }

        return Text(claims, "nonce") is { } given && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(nonce))
            ? claims
            : throw Wrong("it answers another sign-in");
    }

    private static List<JsonElement> Candidates(JsonElement header, IReadOnlyList<JsonElement> keys)
    {
        var kid = Text(header, "kid");
        return [.. keys.Where(key => Text(key, "kty") == "RSA" && Text(key, "use") is null or "sig" && (kid is null || Text(key, "kid") == kid))];
    }

    private static bool IsSignedBy(JsonElement key, byte[] signed, byte[] signature)
    {
        if (Text(key, "n") is not { } modulus || Text(key, "e") is not { } exponent)
        {
            return false;
        }

        using var rsa = RSA.Create();
        rsa.ImportParameters(new RSAParameters { Modulus = Bytes(modulus), Exponent = Bytes(exponent) });
        return rsa.KeySize >= 2048 && rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static string[] Split(string token) => token.Split('.') is { Length: 3 } parts ? parts : throw Wrong("it has no three parts");

    private static JsonElement Header(string part) => Json(part);

    private static JsonElement Json(string part)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(Bytes(part));
            return json.ValueKind == JsonValueKind.Object ? json : throw Wrong("it is no JSON object");
        }
        catch (JsonException)
        {
            throw Wrong("it is no JSON");
        }
    }

    private static byte[] Bytes(string part)
    {
        try
        {
            return Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (part.Length % 4)) % 4));
        }
        catch (FormatException)
        {
            throw Wrong("it is no base64");
        }
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 1e11
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    private static Refusal Wrong(string why) => Refusal.Invalid($"The sign-in provider's token is refused: {why}.");
}
