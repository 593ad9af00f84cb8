using System.Text.Json;

namespace SkyPortal.Domain.Facilities;

/// <summary>Time on an instrument, or an account of a service, that a group was given.</summary>
public sealed class Allocation : DirectoryRow
{
    public string? Pi { get; set; }
    public string? ProposalId { get; set; }

    /// <summary>When it may be used: a list of {start_date, end_date}, ISO times in UTC; null for always.</summary>
    public JsonElement? ValidityRanges { get; set; }

    /// <summary>Hours.</summary>
    public double HoursAllocated { get; set; }

    /// <summary>Groups with which requests are shared unless somebody says otherwise.</summary>
    public int[] DefaultShareGroupIds { get; set; } = [];

    /// <summary>What it is for; see <see cref="AllocationTypes"/>.</summary>
    public string[] Types { get; set; } = [AllocationTypes.Triggered];

    public int GroupId { get; set; }
    public int InstrumentId { get; set; }

    /// <summary>What the facility wants to know of who asks, such as a token, sealed; null where it wants nothing.</summary>
    public string? SealedAltdata { get; set; }
}

/// <summary>A user who looks after an allocation.</summary>
public sealed class AllocationUser : DirectoryRow
{
    public int AllocationId { get; set; }
    public int UserId { get; set; }
}

/// <summary>What allocations are for.</summary>
public static class AllocationTypes
{
    /// <summary>Requests for single objects.</summary>
    public const string Triggered = "triggered";

    /// <summary>All, as they appear on the wire.</summary>
    public static IReadOnlyList<string> All { get; } = [Triggered, "forced_photometry", "observation_plan"];
}
