using System.Security.Cryptography;
using System.Text;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Secrets that are shown once and kept as hashes. They are random, so a plain fast hash suffices.</summary>
public static class Secrets
{
    /// <summary>A new secret in the form that clients know: a random UUID.</summary>
    public static string NewToken() => Guid.NewGuid().ToString("D");

    /// <summary>A new secret for a link, 256 bits, safe in a URL.</summary>
    public static string NewLinkSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret: SHA-256, 32 bytes.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
