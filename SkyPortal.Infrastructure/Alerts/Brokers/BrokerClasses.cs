using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>The kinds of broker that this platform speaks with, and how their settings are kept.</summary>
public sealed class BrokerClasses(IEnumerable<IBroker> brokers, SealedSecrets secrets)
{
    private const string Purpose = "broker";

    /// <summary>All, in the order in which they are shown.</summary>
    public IReadOnlyList<IBroker> All { get; } = [.. brokers];

    /// <summary>The plug-in of a class; null where there is none.</summary>
    public IBroker? Find(string classname) => All.FirstOrDefault(broker => broker.About.Classname == classname);

    /// <summary>Settings sealed for keeping.</summary>
    public string Seal(JsonObject altdata) => secrets.Seal(Purpose, altdata.ToJsonString());

    /// <summary>A broker's settings; null where they were sealed with keys that are gone.</summary>
    public BrokerConfig? Open(Broker broker) => broker.SealedAltdata is not { } kept
        ? new BrokerConfig(broker.Id, broker.Name, [])
        : secrets.Open(Purpose, kept) is { } plain && JsonNode.Parse(plain) is JsonObject altdata ? new BrokerConfig(broker.Id, broker.Name, altdata) : null;

    /// <summary>
    /// What this site can do with a plug-in, by the names on the wire.
    /// </summary>
    public static SortedDictionary<string, object?> Capabilities(IBroker client)
    {
        var hasAlerts = client is IBrokerAlerts;
        var hasPipelines = client is IBrokerPipelines;
        var hasOwnFilters = hasPipelines || client is IBrokerQueries;
        return new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["query_alerts"] = hasAlerts,
            ["get_alert"] = hasAlerts,
            ["save_as_source"] = hasAlerts,
            ["get_photometry"] = hasAlerts,
            ["get_cutouts"] = client is IBrokerCutouts,
            ["cone_search"] = hasAlerts || client is IBrokerCatalogs,
            ["cross_match_catalogs"] = client is IBrokerCatalogs,
            ["get_filters"] = client.About.FilterKind != "none",
            ["create_filter"] = hasOwnFilters,
            ["update_filter"] = hasOwnFilters,
            ["delete_filter"] = hasOwnFilters,
            ["validate_filter"] = hasPipelines,
            ["test_filter"] = hasOwnFilters,
            ["filter_modules"] = hasPipelines,
            ["filter_pipeline"] = hasPipelines ? client.About.FilterPipeline : null,
            ["run_ingestion"] = client is IBrokerPolling or IBrokerMailbox || client.About.HasMessages,
            ["validate_config"] = true,
            ["test_connection"] = client.About.NeedsAccount,
        };
    }

    /// <summary>The JSON object of an element; empty where there is none.</summary>
    public static JsonObject Settings(JsonElement? altdata) => altdata is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given.Clone())! : [];
}
