using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Access;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>An allocation as it is answered; what is sealed is no part of it.</summary>
public sealed record AllocationRecord(
    int Id, string? Pi, string? ProposalId, JsonElement? ValidityRanges, double HoursAllocated, int[] DefaultShareGroupIds, string[] Types, int GroupId, int InstrumentId,
    DateTime CreatedAt, DateTime Modified)
{
    /// <summary>Its instrument, where the answer carries it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AllocatedInstrument? Instrument { get; init; }

    /// <summary>Its group, where the answer carries it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GroupRow? Group { get; init; }

    /// <summary>Who looks after it, where the answer carries them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UserRow>? AllocationUsers { get; init; }

    internal static Expression<Func<Allocation, AllocationRecord>> Of { get; } = row => new AllocationRecord(
        row.Id, row.Pi, row.ProposalId, row.ValidityRanges, row.HoursAllocated, row.DefaultShareGroupIds, row.Types, row.GroupId, row.InstrumentId, row.CreatedAt, row.Modified);
}

/// <summary>An instrument with its telescope.</summary>
public sealed record AllocatedInstrument : InstrumentRecord
{
    /// <summary>Adds the telescope.</summary>
    public AllocatedInstrument(InstrumentRecord row, TelescopeRecord? telescope)
        : base(row) => Telescope = telescope;

    /// <summary>Its telescope; null where the answer does not carry it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TelescopeRecord? Telescope { get; }
}
