namespace SkyPortal.Infrastructure.Operations;

/// <summary>The private database cannot be used; the message says why and what the operator can do.</summary>
public sealed class PrivatePostgresException : Exception
{
    /// <summary>Creates it with a message for the operator.</summary>
    public PrivatePostgresException(string message) : base(message) { }

    /// <summary>Creates it with a message for the operator and the cause.</summary>
    public PrivatePostgresException(string message, Exception inner) : base(message, inner) { }
}
