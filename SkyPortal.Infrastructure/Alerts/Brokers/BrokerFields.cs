namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Settings that brokers have in common.</summary>
internal static class BrokerFields
{
    /// <summary>Filters that its alerts are for.</summary>
    public static BrokerField FilterIds { get; } = new("filter_ids", "Filters", "array") { Help = "Keys of filters of this site whose candidates its alerts become, besides those that are attached to it." };

    /// <summary>Filters by topic; by the API alone.</summary>
    public static BrokerField TopicFilterIds { get; } = new("topic_filter_ids", "Filters by topic", "object") { Help = "Keys of filters by the name of a topic; other topics are for all of its filters." };

    /// <summary>What is asked for where a filter has no query of its own; by the API alone.</summary>
    public static BrokerField Query { get; } = new("query", "Query", "object") { Help = "In the broker's own terms." };
}
