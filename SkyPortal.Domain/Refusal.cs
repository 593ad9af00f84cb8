namespace SkyPortal.Domain;

/// <summary>Why a request is refused; each kind has one HTTP status.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong (400).</summary>
    Invalid = 400,

    /// <summary>The caller may not do this (403).</summary>
    Forbidden = 403,

    /// <summary>The thing is not there, or not for this caller (404).</summary>
    NotFound = 404,

    /// <summary>It clashes with what is there (409).</summary>
    Conflict = 409,
}

/// <summary>A request that is refused for a reason that its caller may read.</summary>
public sealed class Refusal(RefusalKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public RefusalKind Kind { get; } = kind;

    /// <summary>What is wrong, one by one; empty where the message says it all.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];

    /// <summary>The request itself is wrong; the message names the field.</summary>
    public static Refusal Invalid(string message) => new(RefusalKind.Invalid, message);

    /// <summary>The caller may not do this.</summary>
    public static Refusal Forbidden(string message) => new(RefusalKind.Forbidden, message);

    /// <summary>The thing is not there, or not for this caller.</summary>
    public static Refusal NotFound(string message) => new(RefusalKind.NotFound, message);

    /// <summary>It clashes with what is there.</summary>
    public static Refusal Conflict(string message) => new(RefusalKind.Conflict, message);
}
