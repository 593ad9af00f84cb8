using System.Net.Mail;
using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Rules for what people say of themselves.</summary>
public static class ContactRules
{
    /// <summary>The trimmed address, null for an empty one; refuses what is no e-mail address.</summary>
    public static string? Email(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            return null;
        }

        var at = trimmed.LastIndexOf('@');
        return trimmed.Length <= 254 && MailAddress.TryCreate(trimmed, out var address) && address.Address == trimmed
            && trimmed.IndexOf('.', at + 1) > at + 1 && !trimmed.EndsWith('.')
            ? trimmed
            : throw Refusal.Invalid("Email does not appear to be valid: " + trimmed);
    }

    /// <summary>The number as E.164, taken as a North American one where it has no country code; null for an empty one.</summary>
    public static string? Phone(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            return null;
        }

        var digits = new string([.. trimmed.Where(char.IsAsciiDigit)]);
        if (trimmed.Any(c => !char.IsAsciiDigit(c) && !"+-(). /".Contains(c, StringComparison.Ordinal)) || digits.Length < 2 || trimmed.LastIndexOf('+') > 0)
        {
            throw Refusal.Invalid("Could not parse input as a phone number");
        }

        var international = trimmed[0] == '+' ? digits : digits.Length == 10 ? "1" + digits : digits.Length == 11 && digits[0] == '1' ? digits : "";
        var plausible = international.Length is >= 8 and <= 15 && international[0] != '0' && (international[0] != '1' || international is { Length: 11 } && international[1] >= '2');
        return plausible ? "+" + international : throw Refusal.Invalid("Phone number given is not valid");
    }

    /// <summary>
    /// The biography as stored: trimmed, its first letter a capital, closed by a full stop. Null for an empty one; refuses less
    /// than 10 or more than 1000 characters.
    /// </summary>
    public static string? Bio(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            return null;
        }

        if (trimmed.Length is < 10 or > 1000)
        {
            throw Refusal.Invalid("Invalid bio: it needs 10 to 1000 characters.");
        }

        var capital = char.ToUpperInvariant(trimmed[0]) + trimmed[1..];
        return capital[^1] is '.' or '!' or '?' ? capital : capital + ".";
    }
}
