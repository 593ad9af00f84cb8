using SkyPortal.Domain;
using SkyPortal.Infrastructure.Access;

namespace SkyPortal.Web.Api.Access;

/// <summary>Reads what a request changes of a user.</summary>
internal static class UserChangesBody
{
    private static readonly string[] Own =
        ["username", "first_name", "last_name", "affiliations", "contact_email", "contact_phone", "bio", "is_bot", "preferences"];

    // Clients send a user back as they read it; what follows from other rows cannot be set here and is passed over.
    private static readonly string[] PassedOver =
        ["id", "oauth_uid", "created_at", "modified", "expiration_date", "permissions", "roles", "acls", "gravatar_url", "groups", "streams"];

    /// <summary>Changes of the caller's own profile.</summary>
    public static UserChanges ForProfile(ApiBody body)
    {
        body.AllowOnly(Own);
        return Read(body);
    }

    /// <summary>Changes by somebody who manages users; they may set the expiration date.</summary>
    public static UserChanges ForAdministration(ApiBody body)
    {
        body.AllowOnly([.. Own, .. PassedOver, "expirationDate"]);
        if (!body.Mentions("expirationDate"))
        {
            return Read(body);
        }

        var text = body.Text("expirationDate");
        var date = string.IsNullOrWhiteSpace(text)
            ? (DateTime?)null
            : ApiTime.Parse(text) ?? throw Refusal.Invalid($"Invalid expirationDate: {text} is not a date or time.");
        return Read(body) with { ExpirationDate = new Change<DateTime?>(true, date) };
    }

    private static UserChanges Read(ApiBody body) => new()
    {
        Username = Text(body, "username"),
        FirstName = Text(body, "first_name"),
        LastName = Text(body, "last_name"),
        Affiliations = body.Mentions("affiliations") ? new Change<string[]>(true, body.Texts("affiliations")) : default,
        ContactEmail = Text(body, "contact_email"),
        ContactPhone = Text(body, "contact_phone"),
        Bio = Text(body, "bio"),
        IsBot = body.Bool("is_bot") is { } bot ? new Change<bool>(true, bot) : default,
        Preferences = body.Object("preferences"),
    };

    private static Change<string> Text(ApiBody body, string field) => body.Mentions(field) ? new Change<string>(true, body.Text(field)) : default;
}
