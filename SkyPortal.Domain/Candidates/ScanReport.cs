using System.Text.Json;

namespace SkyPortal.Domain.Candidates;

/// <summary>What a scanning session brought: a list of sources with what was known of them when it was made.</summary>
public sealed class ScanReport : DirectoryRow
{
    /// <summary>Who made it; null where the account is gone.</summary>
    public int? AuthorId { get; set; }

    /// <summary>Groups whose members read it.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>Windows and switches of which it was made, as on the wire.</summary>
    public JsonElement Options { get; set; }
}

/// <summary>One source of a scan report with the facts as they were.</summary>
public sealed class ScanReportItem : DataRow
{
    public required string ObjId { get; set; }
    public int ScanReportId { get; set; }

    /// <summary>The facts, as on the wire.</summary>
    public JsonElement Data { get; set; }
}
