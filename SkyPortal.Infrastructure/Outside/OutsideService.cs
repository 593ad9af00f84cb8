namespace SkyPortal.Infrastructure.Outside;

/// <summary>
/// Another server that the platform calls. The values are those of the public service; the section Outside:NAME of the
/// configuration replaces them (<see cref="OutsideSettings"/>).
/// </summary>
/// <param name="Name">Name in the configuration and in transactions, letters and digits.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Address">Base address; null where each site must give its own.</param>
public sealed record OutsideService(string Name, string Title, string? Address)
{
    /// <summary>How long one attempt may take, seconds.</summary>
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>Most attempts of one call.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Longest reply that is read, after decompression, bytes.</summary>
    public long MostReplyBytes { get; init; } = 32L << 20;

    /// <summary>Most calls at the same time from one node.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>Whether the address stands in settings that people enter on the site, and not in its configuration.</summary>
    public bool IsEntered { get; init; }

    /// <summary>
    /// Whether only public addresses and the hosts of Outside:AllowedHosts are called, because people enter the address who do not
    /// run the site. No redirect is followed and no proxy is used then.
    /// </summary>
    public bool IsPublicOnly { get; init; }
}

/// <summary>A parameter, a field of a form or a header.</summary>
/// <param name="Name">Its name; empty in a query that is a bare value.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsSecret">Whether the value is kept out of transactions, logs and errors.</param>
public readonly record struct OutsideField(string Name, string Value, bool IsSecret = false);

/// <summary>A request to another server.</summary>
/// <param name="Service">Which server.</param>
/// <param name="Path">Path under its base address, without a leading slash and without a query.</param>
public sealed record OutsideCall(OutsideService Service, string Path)
{
    /// <summary>HTTP verb.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The query, in order; a name may come more than once.</summary>
    public IReadOnlyList<OutsideField> Query { get; init; } = [];

    /// <summary>Headers.</summary>
    public IReadOnlyList<OutsideField> Headers { get; init; } = [];

    /// <summary>Body as a form; null where there is none.</summary>
    public IReadOnlyList<OutsideField>? Form { get; init; }

    /// <summary>Body as JSON text; null where there is none. What it holds of secrets is named in <see cref="Secrets"/>.</summary>
    public string? Json { get; init; }

    /// <summary>Texts besides the secret fields that are kept out of transactions, logs and errors, such as a password in the body.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>
    /// Sent as the header Idempotency-Key, the same for every attempt, so that the other side does once what is asked twice. A
    /// request that changes something there is repeated only where this is given.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether a request that is not a GET changes nothing at the other side and may be repeated.</summary>
    public bool IsRead { get; init; }

    /// <summary>Statuses other than success that are an answer and not a failure, such as 404 for "none".</summary>
    public IReadOnlyList<int> AlsoAnswers { get; init; } = [];

    /// <summary>Whether the reply is a secret, such as a token.</summary>
    public bool HidesReply { get; init; }

    /// <summary>Whether only refusals are kept: a reply may hold more than who asked may read.</summary>
    public bool HidesData { get; init; }

    /// <summary>Whether anything in the request is a secret.</summary>
    internal bool HoldsSecrets => Secrets.Count > 0 || Query.Concat(Headers).Concat(Form ?? []).Any(item => item.IsSecret);

    /// <summary>What it is about, such as an object's name.</summary>
    public string? Subject { get; init; }
}

/// <summary>The reply of another server.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type; null where none was told.</param>
/// <param name="Body">The decompressed body.</param>
/// <param name="TransactionId">Key of the stored transaction.</param>
public sealed record OutsideReply(int Status, string? ContentType, byte[] Body, long TransactionId)
{
    /// <summary>The body as UTF-8 text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>How a call failed.</summary>
public enum OutsideFailure
{
    /// <summary>This site has no address for the service, or calls no other servers.</summary>
    NotConfigured,

    /// <summary>No reply in time.</summary>
    TimedOut,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>It answered a status that is no success.</summary>
    Refused,

    /// <summary>The reply is longer than is read.</summary>
    TooLarge,

    /// <summary>It failed so often lately that it is left alone for a while.</summary>
    CircuitOpen,

    /// <summary>It answered what cannot be understood.</summary>
    Unreadable,
}

/// <summary>Another server did not do what was asked. The message holds no secrets and may be shown to people.</summary>
/// <param name="service">Which server.</param>
/// <param name="failure">How it failed.</param>
/// <param name="message">Why, for people.</param>
/// <param name="inner">What was caught.</param>
public sealed class OutsideException(OutsideService service, OutsideFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which server.</summary>
    public OutsideService Service { get; } = service;

    /// <summary>How it failed.</summary>
    public OutsideFailure Failure { get; } = failure;

    /// <summary>HTTP status; null where there was no reply.</summary>
    public int? Status { get; init; }

    /// <summary>After which time the server wants to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it was asked for a token with a user name or a key.</summary>
    public bool IsSignIn { get; init; }

    /// <summary>Whether the user name, the password, the token or the key was refused; servers that give tokens say so with 400, too.</summary>
    public bool RefusesCredentials => Failure == OutsideFailure.Refused && (Status is 401 or 403 || (IsSignIn && Status == 400));

    /// <summary>Whether the same call may succeed later.</summary>
    public bool MayPass => Failure is OutsideFailure.TimedOut or OutsideFailure.Unreachable or OutsideFailure.CircuitOpen
        || (Failure == OutsideFailure.Refused && Status is 408 or 425 or 429 or >= 500);

    /// <summary>Whether it tells of the server or the account, so that any other call would meet with the same now.</summary>
    public bool IsOfServer => Failure is OutsideFailure.NotConfigured or OutsideFailure.CircuitOpen || Status is 401 or 403 or 429;

    /// <summary>That a reply cannot be understood.</summary>
    /// <param name="service">Which server.</param>
    /// <param name="what">What is wrong with the reply.</param>
    /// <param name="inner">What was caught.</param>
    public static OutsideException Unreadable(OutsideService service, string what, Exception? inner = null) =>
        new(service, OutsideFailure.Unreadable, $"{service.Title} answered what cannot be read: {what}", inner);
}
