using System.Globalization;
using System.Text.RegularExpressions;
using SkyPortal.Domain;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>A subscription as an administrator writes it.</summary>
public sealed record SubscriptionDraft
{
    public string Name { get; init; } = "";
    public int StreamId { get; init; }

    /// <summary>Broker whose messages these are; null for packets of the survey itself.</summary>
    public int? BrokerId { get; init; }

    /// <summary>host:port, separated by commas.</summary>
    public string Brokers { get; init; } = "";

    /// <summary>Topics and patterns.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    public string ConsumerGroup { get; init; } = "";
    public string Security { get; init; } = StreamSecurity.Plaintext;
    public string? Mechanism { get; init; }
    public string? Username { get; init; }

    /// <summary>The password; null keeps the one that is there.</summary>
    public string? Password { get; init; }

    public string Framing { get; init; } = StreamFramings.Container;
    public string? RegistryAddress { get; init; }
    public string? SchemaFolder { get; init; }
    public bool Active { get; init; } = true;
}

/// <summary>What a subscription may be.</summary>
public static partial class SubscriptionRules
{
    private const int MostTopics = 50;
    private const int LongestTopic = 249;
    private const int LongestName = 100;
    private const int LongestText = 1000;
    private static readonly TimeSpan PatternPatience = TimeSpan.FromSeconds(1);

    /// <summary>The draft with its blanks trimmed, and nulls where nothing belongs.</summary>
    /// <exception cref="Refusal">Something is wrong with it; the message names the field.</exception>
    public static SubscriptionDraft Check(SubscriptionDraft draft)
    {
        // How a broker frames its messages is known.
        draft = draft.BrokerId is null ? draft : draft with { Framing = StreamFramings.Container };
        var hasSasl = StreamSecurity.HasSasl(draft.Security);
        var isFramed = draft.Framing == StreamFramings.Confluent;
        var plain = draft with
        {
            Name = draft.Name.Trim(),
            Brokers = string.Join(",", draft.Brokers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
            Topics = [.. draft.Topics.Select(topic => topic.Trim()).Where(topic => topic.Length > 0).Distinct(StringComparer.Ordinal)],
            ConsumerGroup = draft.ConsumerGroup.Trim(),
            Mechanism = hasSasl ? draft.Mechanism : null,
            Username = hasSasl ? draft.Username?.Trim() : null,
            Password = hasSasl && draft.Password is { Length: > 0 } password ? password : null,
            RegistryAddress = isFramed && draft.RegistryAddress?.Trim() is { Length: > 0 } address ? address : null,
            SchemaFolder = isFramed && draft.SchemaFolder?.Trim() is { Length: > 0 } folder ? folder : null,
        };
        Demand(IsText(plain.Name, LongestName), "Name: give it a name of at most 100 characters.");
        Demand(plain.Brokers.Length is > 0 and <= LongestText && plain.Brokers.Split(',').All(IsBroker), "Brokers: name them as host:port, separated by commas.");
        Demand(plain.Topics.Count is > 0 and <= MostTopics, "Topics: name one to 50 topics.");
        foreach (var topic in plain.Topics)
        {
            CheckTopic(topic);
        }

        Demand(IsText(plain.ConsumerGroup, 200), "Consumer group: give the group a name of at most 200 characters.");
        Demand(StreamSecurity.All.Contains(plain.Security), $"Security: '{plain.Security}' is none of {string.Join(", ", StreamSecurity.All)}.");
        Demand(!hasSasl || StreamSecurity.Mechanisms.Contains(plain.Mechanism), $"Mechanism: choose one of {string.Join(", ", StreamSecurity.Mechanisms)}.");
        Demand(!hasSasl || IsText(plain.Username ?? "", 200), "User name: the brokers ask for one.");
        Demand(plain.Password is not { Length: > LongestText }, "Password: it is too long.");
        Demand(StreamFramings.All.Contains(plain.Framing), $"Framing: '{plain.Framing}' is none of {string.Join(", ", StreamFramings.All)}.");
        Demand(!isFramed || plain.RegistryAddress is null != plain.SchemaFolder is null, "Schemas: give either the address of a schema registry or a folder with schemas.");
        Demand(plain.RegistryAddress is null || IsAddress(plain.RegistryAddress), "Registry: its address begins with http:// or https:// and holds no user name.");
        Demand(plain.SchemaFolder is null || (plain.SchemaFolder.Length <= LongestText && Path.IsPathFullyQualified(plain.SchemaFolder)), "Schema folder: give its full path, the same on every node.");
        return plain;
    }

    private static void CheckTopic(string topic)
    {
        if (!topic.StartsWith('^'))
        {
            Demand(TopicName().IsMatch(topic), $"Topics: '{Short(topic)}' is no name of a topic; a pattern begins with ^.");
            return;
        }

        Demand(topic.Length <= LongestTopic && !topic.Contains(',', StringComparison.Ordinal), "Topics: a pattern has at most 249 characters, and no comma.");
        Demand(!topic.Contains('\\', StringComparison.Ordinal), $"Topics: in the pattern '{Short(topic)}' write [0-9] for a digit and [.] for a dot; a backslash means nothing there.");
        try
        {
            _ = new Regex(topic, RegexOptions.CultureInvariant, PatternPatience);
        }
        catch (ArgumentException)
        {
            throw Refusal.Invalid($"Topics: the pattern '{Short(topic)}' cannot be read.");
        }
    }

    private static bool IsBroker(string broker)
    {
        var colon = broker.LastIndexOf(':');
        return colon > 0 && BrokerHost().IsMatch(broker[..colon])
            && int.TryParse(broker[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536;
    }

    private static bool IsAddress(string address) => address.Length <= LongestText && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0 && uri.Query.Length == 0;

    private static bool IsText(string text, int most) => text.Length > 0 && text.Length <= most && !text.Any(char.IsControl);

    private static string Short(string text) => new([.. text.Take(60).Select(c => char.IsControl(c) ? '?' : c)]);

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw Refusal.Invalid(otherwise);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,249}\z")]
    private static partial Regex TopicName();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,253}\z|\A\[[0-9A-Fa-f:.]{2,60}\]\z")]
    private static partial Regex BrokerHost();
}
