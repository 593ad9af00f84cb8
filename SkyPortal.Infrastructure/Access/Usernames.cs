using System.Text;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>How user names are stored.</summary>
public static class Usernames
{
    /// <summary>Lower case, every run of other characters than letters and digits as one hyphen: a@b.com becomes a-b-com.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Trim('-');
    }

    /// <summary>What a user name may be, for people.</summary>
    public const string Rule = "letters, digits and any of - _ . @ +, with at least one letter or digit, and at most 100 characters";

    /// <summary>The name as it is stored; refuses one that does not keep the <see cref="Rule"/>, so that nobody becomes somebody else by a slip.</summary>
    /// <exception cref="Refusal">It does not.</exception>
    public static string Check(string name)
    {
        var trimmed = name.Trim();
        var slug = Slug(trimmed);
        return slug.Length > 0 && trimmed.Length <= 100 && trimmed.All(c => char.IsLetterOrDigit(c) || "-_.@+".Contains(c, StringComparison.Ordinal))
            ? slug
            : throw Refusal.Invalid($"Invalid/missing parameters: username: a user name has {Rule}.");
    }

    /// <summary>The name, or the name with the smallest number that makes it free.</summary>
    internal static async Task<string> FreeAsync(SkyPortalContext db, string name, CancellationToken ct)
    {
        var slug = Slug(name) is { Length: > 0 } usable ? usable : "user";
        var taken = await db.Set<User>().Where(user => user.Username.StartsWith(slug)).Select(user => user.Username)
            .Concat(db.Set<Group>().Where(group => group.Name.StartsWith(slug)).Select(group => group.Name))
            .ToListAsync(ct);
        return taken.Contains(slug)
            ? Enumerable.Range(2, taken.Count + 1).Select(number => $"{slug}-{number}").First(free => !taken.Contains(free))
            : slug;
    }
}
