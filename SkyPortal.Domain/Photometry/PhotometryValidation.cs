namespace SkyPortal.Domain.Photometry;

/// <summary>What somebody who checked a point of photometry found; a point has one at most.</summary>
public sealed class PhotometryValidation : DataRow
{
    public long PhotometryId { get; set; }

    /// <summary>True for a good point, false for a rejected one, null for one that cannot be told.</summary>
    public bool? Validated { get; set; }

    public int ValidatorId { get; set; }
    public string? Explanation { get; set; }
    public string? Notes { get; set; }
}
