using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SkyPortal.Infrastructure.Outside;

/// <summary>
/// What the configuration says about other servers, in its section Outside:
/// Enabled (true); Address, one server that stands in for all of them, each under its own name; RetryMilliseconds (500), the
/// first pause; BreakerFailures (5) and BreakerSeconds (30); AllowedHosts, names with commas between them of hosts inside the site's
/// network that may be called where people enter the address; and per service NAME:Address, NAME:TimeoutSeconds, NAME:Attempts,
/// NAME:MostReplyBytes, NAME:Token.
/// </summary>
public sealed class OutsideSettings(IConfiguration? configuration)
{
    private readonly IConfigurationSection? _section = configuration?.GetSection("Outside");

    /// <summary>Whether this site calls other servers at all.</summary>
    public bool IsEnabled => _section?.GetValue("Enabled", true) ?? true;

    /// <summary>Pause before the second attempt; it doubles for each one after, and a random part of it is waited.</summary>
    public TimeSpan FirstPause => TimeSpan.FromMilliseconds(Number("RetryMilliseconds", 500));

    /// <summary>Failed attempts in a row after which a service is left alone.</summary>
    public int BreakerFailures => (int)Number("BreakerFailures", 5);

    /// <summary>How long it is left alone.</summary>
    public TimeSpan BreakerRest => TimeSpan.FromSeconds(Number("BreakerSeconds", 30));

    /// <summary>Whether a host may be called although its address is not public.</summary>
    /// <param name="host">Name, or address, as it was entered.</param>
    public bool Allows(string host) =>
        (_section?["AllowedHosts"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>A service as this site uses it; an address of the configuration may be any.</summary>
    public OutsideService Of(OutsideService service) => Configured(service) is { } address ? Sized(service) with { Address = address, IsPublicOnly = false } : Sized(service);

    private string? Configured(OutsideService service) => Text(service, "Address") ?? (_section?["Address"] is { Length: > 0 } all ? $"{all.TrimEnd('/')}/{service.Name}/" : null);

    private OutsideService Sized(OutsideService service) => service with
    {
        TimeoutSeconds = Number($"{service.Name}:TimeoutSeconds", service.TimeoutSeconds),
        Attempts = (int)Number($"{service.Name}:Attempts", service.Attempts),
        MostReplyBytes = (long)Number($"{service.Name}:MostReplyBytes", service.MostReplyBytes),
    };

    /// <summary>A setting of a service, such as its token; null where it is not given.</summary>
    public string? Text(OutsideService service, string name) => _section?[$"{service.Name}:{name}"] is { Length: > 0 } text ? text : null;

    private double Number(string name, double fallback)
    {
        if (_section?[name] is not { Length: > 0 } text)
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value < 1e15
            ? value
            : throw new InvalidOperationException($"The setting Outside:{name} must be a number above zero.");
    }
}
