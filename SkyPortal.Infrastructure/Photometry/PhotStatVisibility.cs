using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Who may see some of the points behind the statistics of an object.</summary>
/// <param name="Groups">Members of any of these groups.</param>
/// <param name="Streams">Holders of any of these streams.</param>
internal sealed record PhotStatVisibility(
    [property: JsonPropertyName("groups")] int[] Groups,
    [property: JsonPropertyName("streams")] int[] Streams)
{
    /// <summary>Equal for equal visibilities.</summary>
    [JsonIgnore]
    public string Key => string.Join(',', Groups.Order()) + ';' + string.Join(',', Streams.Order());

    /// <summary>Whether a viewer may see every point behind the statistics by groups and streams alone.</summary>
    public static bool CoversAll(JsonElement? stored, Viewer viewer) =>
        viewer.SeesAll || (stored is { } visibility && visibility.Deserialize<PhotStatVisibility[]>()!
            .All(one => one.Groups.Any(viewer.GroupIds.Contains) || one.Streams.Any(viewer.StreamIds.Contains)));
}
