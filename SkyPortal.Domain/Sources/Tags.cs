namespace SkyPortal.Domain.Sources;

/// <summary>A word of the site's vocabulary for marking objects.</summary>
public sealed class ObjTagOption : DirectoryRow
{
    /// <summary>Letters and digits; unique whatever the case.</summary>
    public required string Name { get; set; }

    /// <summary>Colour as #RRGGBB; null for none.</summary>
    public string? Color { get; set; }
}

/// <summary>A word of the vocabulary on an object, as seen by some groups.</summary>
public sealed class ObjTag : DataRow
{
    public required string ObjId { get; set; }

    /// <summary>Which word; named as on the wire.</summary>
    public int ObjtagoptionId { get; set; }
    public int AuthorId { get; set; }

    /// <summary>Groups that see it.</summary>
    public int[] GroupIds { get; set; } = [];
}
