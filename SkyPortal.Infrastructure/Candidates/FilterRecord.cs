using System.Text.Json;
using SkyPortal.Domain.Candidates;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A filter as its group sees it. <c>Expression</c>, <c>Annotations</c>, <c>Active</c> and <c>Version</c> are additions of ours.</summary>
public sealed record FilterRecord(
    int Id,
    string Name,
    int StreamId,
    int GroupId,
    int? BrokerId,
    JsonElement? Altdata,
    bool Autosave,
    string? Expression,
    JsonElement? Annotations,
    bool Active,
    int? Version,
    DateTime CreatedAt,
    DateTime Modified)
{
    /// <summary>Its stream; only where one filter is asked for.</summary>
    public FilterStreamRecord? Stream { get; init; }

    internal static FilterRecord Of(Filter filter) => new(
        filter.Id,
        filter.Name,
        filter.StreamId,
        filter.GroupId,
        filter.BrokerId,
        filter.Altdata,
        filter.Autosave,
        filter.Expression,
        filter.AnnotationExpressions,
        filter.Active,
        filter.Version,
        filter.CreatedAt,
        filter.Modified);
}

/// <summary>The stream of a filter.</summary>
public sealed record FilterStreamRecord(int Id, string Name, JsonElement? Altdata, bool AutoJoin, DateTime CreatedAt, DateTime Modified);
