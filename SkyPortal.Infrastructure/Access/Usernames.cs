using System.Text;

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
}
