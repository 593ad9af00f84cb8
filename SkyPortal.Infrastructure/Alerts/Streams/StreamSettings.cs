using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>
/// What the configuration says about alert streams, in its section Streams: Consume (true), whether this node takes part;
/// NodeName (machine and process); MostPacketBytes (16 MiB); SessionSeconds (30), after which a silent node loses its partitions;
/// TopicsSeconds (60), how often new topics are looked for; CertificateAuthorities, a PEM file of those that are trusted (the system's).
/// </summary>
public sealed class StreamSettings(IConfiguration? configuration)
{
    private readonly IConfigurationSection? _section = configuration?.GetSection("Streams");

    /// <summary>Whether this node consumes.</summary>
    public bool Consumes => _section?.GetValue("Consume", true) ?? true;

    /// <summary>Name of this node among the members of a subscription.</summary>
    public string NodeName { get; } = configuration?["Streams:NodeName"] is { Length: > 0 } name
        ? name
        : string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>PEM file of the authorities whose certificates of brokers are trusted; null for the system's.</summary>
    public string? CertificateAuthorities => _section?["CertificateAuthorities"] is { Length: > 0 } path ? path : null;

    /// <summary>Longest message that is taken for a packet.</summary>
    public int MostPacketBytes => Number("MostPacketBytes", 16 << 20);

    /// <summary>After how long a silent node loses its partitions, milliseconds.</summary>
    public int SessionMilliseconds => Number("SessionSeconds", 30) * 1000;

    /// <summary>How often new topics are looked for, milliseconds.</summary>
    public int TopicsMilliseconds => Number("TopicsSeconds", 60) * 1000;

    private int Number(string name, int fallback) => _section?[name] is { Length: > 0 } text
        ? int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 1 << 30
            ? value
            : throw new InvalidOperationException($"The setting Streams:{name} must be a whole number above zero.")
        : fallback;
}
