using System.Text.Json;

namespace SkyPortal.Domain.Notifications;

/// <summary>How a user wants to be told of a kind of thing, as their preferences under notifications.{kind} say. Who never chose wants nothing.</summary>
/// <param name="Active">Whether they want a notification: the kind is true, or its part active is.</param>
/// <param name="Email">Whether its part email is on in the same way.</param>
public readonly record struct NotificationWish(bool Active, bool Email)
{
    /// <summary>Key of the wishes in a user's preferences.</summary>
    public const string Preference = "notifications";

    /// <summary>Kind: somebody named them in a comment.</summary>
    public const string Mention = "mention";

    /// <summary>Kind: a reminder is due. A notification comes in any case; only the e-mail is chosen.</summary>
    public const string Reminders = "reminders";

    /// <summary>Kind: an object passed a filter that names them. A notification comes in any case; only the e-mail is chosen.</summary>
    public const string Passings = "filter_passings";

    /// <summary>Kind: an alert matched a watch list of one of their groups. A list of their own tells them in any case; then only the e-mail is chosen.</summary>
    public const string Watches = "watchlists";

    /// <summary>The wish in a user's preferences.</summary>
    public static NotificationWish Of(JsonElement? preferences, string kind) => OfKind(Part(preferences, Preference), kind);

    /// <summary>The wish in the part of a user's preferences that lies under <see cref="Preference"/>.</summary>
    public static NotificationWish OfKind(JsonElement? notifications, string kind)
    {
        var wish = Part(notifications, kind);
        return new(IsOn(wish), IsOn(Part(wish, "email")));
    }

    private static bool IsOn(JsonElement? wish) => wish is { ValueKind: JsonValueKind.True } || Part(wish, "active") is { ValueKind: JsonValueKind.True };

    private static JsonElement? Part(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var part) ? part : null;
}
