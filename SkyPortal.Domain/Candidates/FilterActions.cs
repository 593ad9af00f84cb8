namespace SkyPortal.Domain.Candidates;

/// <summary>
/// What follows for an object that passes a filter, besides the candidate. A filter without such a row saves, where its auto-save is
/// on, to its own group in nobody's name, keeps its annotations and tells nobody.
/// </summary>
public sealed class FilterActions : DirectoryRow
{
    /// <summary>Longest comment [characters].</summary>
    public const int CommentLength = 2_000;

    public int FilterId { get; set; }

    /// <summary>Groups to which passing objects are saved while the filter's auto-save is on.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>In whose name they are saved to the groups of which this user is a member; null for nobody's.</summary>
    public int? SaverId { get; set; }

    /// <summary>What is saved to one of these groups already is not saved.</summary>
    public int[] IgnoreGroupIds { get; set; } = [];

    /// <summary>What a member of the filter's group rejected is not saved.</summary>
    public bool IgnoreRejected { get; set; }

    /// <summary>Comment that is made at the save, in the name of who set it; null for none.</summary>
    public string? Comment { get; set; }

    /// <summary>Whether the values of the filter's annotations are kept with the object.</summary>
    public bool Annotate { get; set; } = true;

    /// <summary>Who is told when an object passes for the first time.</summary>
    public int[] NotifyUserIds { get; set; } = [];

    /// <summary>Who set it: other groups are saved to only as long as this user may; null where the user is gone.</summary>
    public int? SetById { get; set; }
}

/// <summary>That people are to be told of an object's first passing; it goes once they are.</summary>
public sealed class PassingNotice : DataRow
{
    public int FilterId { get; set; }
    public required string ObjId { get; set; }
}
