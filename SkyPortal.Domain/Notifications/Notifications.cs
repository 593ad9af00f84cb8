namespace SkyPortal.Domain.Notifications;

/// <summary>A call for attention to an object, sent to the members of groups.</summary>
public sealed class SourceNotification : DataRow
{
    /// <summary>E-mail alone.</summary>
    public const string Soft = "soft";

    /// <summary>E-mail and a text message.</summary>
    public const string Hard = "hard";

    public required string SourceId { get; set; }
    public int SentById { get; set; }
    public string? AdditionalNotes { get; set; }

    /// <summary><see cref="Soft"/> or <see cref="Hard"/>.</summary>
    public required string Level { get; set; }

    public int[] GroupIds { get; set; } = [];
}

/// <summary>What a user was told of, until they remove it.</summary>
public sealed class UserNotification : DataRow
{
    /// <summary>Who was told; nobody else reads it.</summary>
    public int UserId { get; set; }

    /// <summary>Markdown.</summary>
    public required string Text { get; set; }

    public string? NotificationType { get; set; }
    public bool Viewed { get; set; }

    /// <summary>Page of the site that it leads to, such as /source/A.</summary>
    public string? Url { get; set; }
}

/// <summary>
/// A message that waits to be sent, or was. It is written in the transaction of what it tells of and sent afterwards, until the
/// mail server takes it or it was tried too often.
/// </summary>
public sealed class OutgoingMail : DataRow
{
    /// <summary>After so many attempts a message is given up.</summary>
    public const int MostAttempts = 8;

    /// <summary>Whose message it is.</summary>
    public int UserId { get; set; }

    public required string Recipient { get; set; }
    public required string Subject { get; set; }
    public required string Text { get; set; }
    public int Attempts { get; set; }

    /// <summary>Not to be tried before (UTC).</summary>
    public DateTime NextAttempt { get; set; }

    /// <summary>When the mail server took it (UTC); null until then.</summary>
    public DateTime? SentAt { get; set; }

    /// <summary>What the mail server said to the last attempt; null where it failed none.</summary>
    public string? Fault { get; set; }

    /// <summary>When to try again after the attempts so far: a minute, and twice as long after each.</summary>
    public static TimeSpan PauseAfter(int attempts) => TimeSpan.FromMinutes(1 << Math.Clamp(attempts - 1, 0, MostAttempts));
}
