using System.Text.Json;

namespace SkyPortal.Domain.Candidates;

/// <summary>A group's rule that decides which packets of a stream become candidates.</summary>
public sealed class Filter : DirectoryRow
{
    public required string Name { get; set; }
    public int StreamId { get; set; }
    public int GroupId { get; set; }
    public int? BrokerId { get; set; }
    public JsonElement? Altdata { get; set; }

    /// <summary>Save every passing object to the group.</summary>
    public bool Autosave { get; set; }

    /// <summary>Text of the expression; null for a filter whose candidates are posted from outside.</summary>
    public string? Expression { get; set; }

    /// <summary>Named expressions whose values become the annotation, as a JSON object of texts.</summary>
    public JsonElement? AnnotationExpressions { get; set; }

    /// <summary>Whether new packets are tried against it.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Number of the version that expression and annotations are of; null where none was ever saved.</summary>
    public int? Version { get; set; }
}

/// <summary>A text that a filter had or may have. It never changes; another text is another version.</summary>
public sealed class FilterVersion : DataRow
{
    public int FilterId { get; set; }

    /// <summary>Counted from 1 within the filter.</summary>
    public int Number { get; set; }

    /// <summary>Text of the expression; null where candidates are posted from outside.</summary>
    public string? Expression { get; set; }

    /// <summary>Named expressions, as a JSON object of texts.</summary>
    public JsonElement? AnnotationExpressions { get; set; }

    /// <summary>Why it was made, in its author's words.</summary>
    public string? Note { get; set; }

    /// <summary>Who saved it; null where the platform did.</summary>
    public int? AuthorId { get; set; }
}

/// <summary>One passing of an object through a filter.</summary>
public sealed class Candidate : DataRow
{
    public required string ObjId { get; set; }
    public int FilterId { get; set; }

    /// <summary>When the packet passed (UTC).</summary>
    public DateTime PassedAt { get; set; }

    public long? PassingAlertId { get; set; }
    public int? UploaderId { get; set; }

    /// <summary>Number of the filter's version that it passed; null where it was posted from outside.</summary>
    public int? FilterVersion { get; set; }
}

/// <summary>That a user looked at a candidate, the newest time only.</summary>
public sealed class CandidateView : DataRow
{
    public required string ObjId { get; set; }
    public int UserId { get; set; }
    public DateTime SeenAt { get; set; }
}
