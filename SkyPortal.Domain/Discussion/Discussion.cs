using System.Text.Json;

namespace SkyPortal.Domain.Discussion;

/// <summary>A remark on something.</summary>
public abstract class CommentBase : DataRow
{
    public required string Text { get; set; }
    public int AuthorId { get; set; }
    public string? AttachmentName { get; set; }

    /// <summary>Content address of the attachment.</summary>
    public string? AttachmentHash { get; set; }

    public string? Origin { get; set; }

    /// <summary>Posted by a program.</summary>
    public bool Bot { get; set; }

    public int[] GroupIds { get; set; } = [];
}

/// <summary>A remark on a source.</summary>
public sealed class Comment : CommentBase
{
    public required string ObjId { get; set; }

    /// <summary>Written by the platform itself.</summary>
    public bool System { get; set; }

    public string? Channel { get; set; }
}

/// <summary>A remark on a spectrum.</summary>
public sealed class SpectrumComment : CommentBase
{
    public long SpectrumId { get; set; }
}

/// <summary>Named values that somebody attaches to something; one per origin.</summary>
public abstract class AnnotationBase : DataRow
{
    public required string Origin { get; set; }
    public JsonElement Data { get; set; }
    public int AuthorId { get; set; }
    public int[] GroupIds { get; set; } = [];
}

/// <summary>Named values that a program or a filter attaches to an object.</summary>
public sealed class Annotation : AnnotationBase
{
    public required string ObjId { get; set; }
}

/// <summary>Named values of a spectrum.</summary>
public sealed class SpectrumAnnotation : AnnotationBase
{
    public long SpectrumId { get; set; }
}

/// <summary>Named values of a point of photometry.</summary>
public sealed class PhotometryAnnotation : AnnotationBase
{
    public long PhotometryId { get; set; }

    /// <summary>Object of the point.</summary>
    public required string ObjId { get; set; }
}

/// <summary>What somebody thinks that an object is.</summary>
public sealed class Classification : DataRow
{
    public required string ObjId { get; set; }

    /// <summary>A class of the taxonomy; on the wire the field is called classification.</summary>
    public required string ClassName { get; set; }

    public int TaxonomyId { get; set; }
    public string? Origin { get; set; }

    /// <summary>0 to 1, or null.</summary>
    public double? Probability { get; set; }

    /// <summary>Made by machine learning.</summary>
    public bool Ml { get; set; }

    public int AuthorId { get; set; }
    public required string AuthorName { get; set; }
    public int[] GroupIds { get; set; } = [];
}

/// <summary>A user's vote on a classification.</summary>
public sealed class ClassificationVote : DataRow
{
    public long ClassificationId { get; set; }
    public int VoterId { get; set; }
    public int Vote { get; set; }
}

/// <summary>A change of a classification's probability.</summary>
public sealed class ClassificationEdit : DataRow
{
    public long ClassificationId { get; set; }
    public int EditorId { get; set; }
    public required string EditorName { get; set; }
    public double? OldProbability { get; set; }
    public double? NewProbability { get; set; }
}

/// <summary>A tree of classes, in versions.</summary>
public sealed class Taxonomy : DirectoryRow
{
    public required string Name { get; set; }
    public JsonElement Hierarchy { get; set; }
    public string? Provenance { get; set; }
    public required string Version { get; set; }
    public bool IsLatest { get; set; } = true;
    public int[] GroupIds { get; set; } = [];
}
