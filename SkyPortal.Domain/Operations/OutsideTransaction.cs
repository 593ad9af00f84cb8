namespace SkyPortal.Domain.Operations;

/// <summary>One call of the platform to another server: what was asked, what came back and how long it took. Secrets are left out.</summary>
public sealed class OutsideTransaction : DataRow
{
    /// <summary>Name of the service, such as Irsa.</summary>
    public required string Service { get; set; }

    /// <summary>HTTP verb.</summary>
    public required string Method { get; set; }

    /// <summary>Address with its query; the values of secret parameters are stars.</summary>
    public required string Address { get; set; }

    /// <summary>Beginning of the request's body as text; null where there was none.</summary>
    public string? RequestHead { get; set; }

    /// <summary>By which the other side knows a repeated request; null where none was sent.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>How often it was sent; 0 where the circuit was open.</summary>
    public int Attempts { get; set; }

    /// <summary>HTTP status of the last reply; null where there was none.</summary>
    public int? Status { get; set; }

    /// <summary>Length of the body of the last reply after decompression, bytes.</summary>
    public long ReplyBytes { get; set; }

    /// <summary>Beginning of the last reply as text; null where there was none or it is binary.</summary>
    public string? ReplyHead { get; set; }

    /// <summary>Why it failed; null where it succeeded.</summary>
    public string? Error { get; set; }

    /// <summary>From the first attempt to the end of the last, with the pauses between them, milliseconds.</summary>
    public double DurationMilliseconds { get; set; }

    /// <summary>On whose behalf; null for the platform itself.</summary>
    public int? UserId { get; set; }

    /// <summary>What it was about, such as an object's name; null where nothing in particular.</summary>
    public string? Subject { get; set; }
}
