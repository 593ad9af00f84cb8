using System.Text.Json;

namespace SkyPortal.Domain.Candidates;

/// <summary>
/// A model that gives scores to the alerts of a stream that pass a filter of its group. The scores are annotations of the object,
/// for the group alone.
/// </summary>
public sealed class ScoringModel : DirectoryRow
{
    /// <summary>Name, one of a kind within the group; the origin of its annotations is "group:name".</summary>
    public required string Name { get; set; }

    public int GroupId { get; set; }
    public int StreamId { get; set; }

    /// <summary>Content address of the ONNX file.</summary>
    public required string FileHash { get; set; }

    /// <summary>What goes into each input of the model, as a JSON object.</summary>
    public JsonElement Inputs { get; set; }

    /// <summary>Names of the numbers of each output that are kept, as a JSON object of arrays.</summary>
    public JsonElement Outputs { get; set; }

    /// <summary>Whether new packets are scored.</summary>
    public bool Active { get; set; } = true;
}
