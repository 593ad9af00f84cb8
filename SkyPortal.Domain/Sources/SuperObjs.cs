namespace SkyPortal.Domain.Sources;

/// <summary>One thing in nature that goes by several objects.</summary>
public sealed class SuperObj : DirectoryRow
{
    public string? Name { get; set; }

    /// <summary>A body of the solar system.</summary>
    public bool IsRoid { get; set; }

    /// <summary>Who made it; they see it while it is empty, too.</summary>
    public int? CreatedById { get; set; }
}

/// <summary>That an object is part of a super-object.</summary>
public sealed class SuperObjMember : DataRow
{
    public int SuperObjId { get; set; }
    public required string ObjId { get; set; }
}

/// <summary>That somebody works on an object, for others to know and to join.</summary>
public sealed class SourceInterest : DataRow
{
    public required string ObjId { get; set; }
    public int UserId { get; set; }
    public required string Title { get; set; }
    public string? Description { get; set; }

    /// <summary>Address of more about it; http or https.</summary>
    public string? Link { get; set; }
}
