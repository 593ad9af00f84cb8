using System.Text.Json.Nodes;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>An alert of any broker in the terms that all share.</summary>
public sealed record BrokerAlert
{
    /// <summary>Name of the object.</summary>
    public required string ObjectId { get; init; }

    /// <summary>Survey, such as ZTF.</summary>
    public required string Survey { get; init; }

    /// <summary>ICRS right ascension, degrees, 0 to below 360.</summary>
    public required double RaDegrees { get; init; }

    /// <summary>ICRS declination, degrees, -90 to 90.</summary>
    public required double DecDegrees { get; init; }

    /// <summary>The survey's number of the alert; null where the broker tells of the object only.</summary>
    public string? AlertId { get; init; }

    /// <summary>When, MJD in UTC; null where the broker does not tell.</summary>
    public double? MjdUtcDays { get; init; }

    /// <summary>Programme of the survey under which it was taken; 1 is public.</summary>
    public int Programme { get; init; } = PublicProgramme;

    /// <summary>Real/bogus score, 0 to 1.</summary>
    public double? Score { get; init; }

    /// <summary>Whether it is a known body of the solar system.</summary>
    public bool IsRoid { get; init; }

    /// <summary>Designation of that body.</summary>
    public string? MpcName { get; init; }

    /// <summary>What was measured: of an alert alone its own detection, of an object all, in microjansky (AB).</summary>
    public IReadOnlyList<AlertMeasurement> Points { get; init; } = [];

    /// <summary>The alert's fields as the broker tells them.</summary>
    public JsonObject Candidate { get; init; } = [];

    /// <summary>What the broker adds of its own: classes with probabilities, features, matches. It becomes the annotation of an import.</summary>
    public JsonObject Properties { get; init; } = [];

    /// <summary>Further parts of the reply, by their names on the wire.</summary>
    public JsonObject Extra { get; init; } = [];

    /// <summary>Cut-outs that came with the alert; null where they are asked for on their own.</summary>
    public BrokerCutouts? Cutouts { get; init; }

    /// <summary>Programme of alerts that everybody may see.</summary>
    public const int PublicProgramme = 1;
}

/// <summary>The pictures of an alert: FITS, bare or in gzip, or PNG.</summary>
/// <param name="AlertId">The survey's number of the alert; null where it is not known.</param>
/// <param name="Science">The new picture.</param>
/// <param name="Template">The reference.</param>
/// <param name="Difference">Their difference.</param>
public sealed record BrokerCutouts(string? AlertId, byte[]? Science, byte[]? Template, byte[]? Difference)
{
    /// <summary>Whether there is any picture.</summary>
    public bool HasAny => Science is not null || Template is not null || Difference is not null;
}
