namespace SkyPortal.Web.Auth;

/// <summary>Under which address people reach the site, for links that leave it.</summary>
public sealed class SiteAddress(IConfiguration configuration)
{
    /// <summary>The setting PublicAddress, or the address that the request was made to; without a slash at the end.</summary>
    public string For(HttpRequest request) => Or($"{request.Scheme}://{request.Host}");

    /// <summary>The setting PublicAddress, or the address under which a page was opened; without a slash at the end.</summary>
    public string Or(string opened) => (configuration["PublicAddress"] is { Length: > 0 } configured ? configured : opened).TrimEnd('/');
}

/// <summary>Tells requests of the site's own pages from those that another site's page makes.</summary>
internal static class SameOrigin
{
    /// <summary>
    /// Whether a form came from one of our pages. Browsers say so in Sec-Fetch-Site, and where they do not, in Origin; programs send
    /// neither. It stands in for a token in the form: signing somebody in under a stranger's name is what has to be prevented, and
    /// the session's cookie (SameSite=Lax) does not travel with a foreign form anyway.
    /// </summary>
    public static bool Holds(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);
    }

    /// <summary>
    /// Whether a request surely came from our pages, or from the address bar: for what a plain link must not set off. Where a
    /// browser sends no Sec-Fetch-Site, as on plain http, the page that it came from decides; a program names none and does not
    /// ask for a page.
    /// </summary>
    public static bool IsSure(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var from = request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : request.Headers.Referer.ToString();
        return from.Length == 0
            ? !request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            : Uri.TryCreate(from, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value;
    }

    /// <summary>Whether a redirect to this address stays on the site.</summary>
    public static bool IsLocal(string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl);
}
