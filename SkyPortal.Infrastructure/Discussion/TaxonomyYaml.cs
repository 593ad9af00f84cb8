using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Reads the tree of a taxonomy from YAML text, as in the field <c>hierarchy_file</c> of a posted taxonomy.</summary>
public static class TaxonomyYaml
{
    /// <summary>The tree as JSON, not yet checked against the rules of taxonomies.</summary>
    /// <param name="text">YAML whose top is a map.</param>
    /// <exception cref="FormatException">The text is not acceptable YAML (see <see cref="SafeYaml"/>), or its top is not a map.</exception>
    public static JsonObject ToJson(string text) =>
        SafeYaml.Parse(text) as JsonObject ?? throw new FormatException("The YAML of a taxonomy must be a map with the key 'class'.");

    /// <summary>The checked tree.</summary>
    /// <param name="text">YAML whose top is a map.</param>
    /// <exception cref="FormatException">The text is not acceptable YAML, or the tree is not valid; the message names each path.</exception>
    public static TaxonomyNode Parse(string text) => TaxonomyHierarchy.Parse(ToElement(ToJson(text)));

    internal static JsonElement ToElement(JsonNode node)
    {
        // One level of a tree is two levels of JSON.
        var options = new JsonSerializerOptions { MaxDepth = 256 };
        return JsonSerializer.SerializeToElement(node, options);
    }
}
