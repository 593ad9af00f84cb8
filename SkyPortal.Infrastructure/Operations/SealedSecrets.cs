using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>
/// Seals what the platform must be able to show to other servers, such as the password of a broker, for keeping in the database.
/// The keys are those of the site, which every node shares.
/// </summary>
public sealed class SealedSecrets(IDataProtectionProvider protection)
{
    /// <summary>Encrypts a text, with a check against changes.</summary>
    /// <param name="purpose">What it is for, such as "broker"; what was sealed for one purpose does not open for another.</param>
    /// <param name="plain">The text.</param>
    public string Seal(string purpose, string plain) => protection.CreateProtector("secrets", purpose).Protect(plain);

    /// <summary>Decrypts what <see cref="Seal"/> made; null where it was made with keys that are gone, or changed.</summary>
    public string? Open(string purpose, string sealedText)
    {
        try
        {
            return protection.CreateProtector("secrets", purpose).Unprotect(sealedText);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
