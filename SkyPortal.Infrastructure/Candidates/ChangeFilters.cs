using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A filter to be made.</summary>
public sealed record NewFilter(string Name, int StreamId, int GroupId)
{
    public int? BrokerId { get; init; }
    public JsonElement? Altdata { get; init; }
    public bool Autosave { get; init; }

    /// <summary>Condition that packets must meet; null for a filter whose candidates are posted from outside.</summary>
    public string? Expression { get; init; }

    /// <summary>Expressions by name, whose values are noted with objects that pass.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>Words to its first version.</summary>
    public string? Note { get; init; }

    /// <summary>Why it is to be on although it passes too much; counts from who manages groups.</summary>
    public string? Override { get; init; }
}

/// <summary>Makes a filter of a group on a stream.</summary>
public sealed class CreateFilter(Contexts contexts, FilterGate gate)
{
    /// <summary>
    /// Makes it and returns its id. The group must use the stream, because what passes is shown to all members.
    /// </summary>
    /// <exception cref="Refusal">
    /// The viewer may not upload data (403), group or stream are not the viewer's, the group does not use the stream, or the text has
    /// an error, whose place is told.
    /// </exception>
    public async Task<int> HandleAsync(Viewer viewer, NewFilter request, CancellationToken ct)
    {
        viewer.RequireUploadData();
        if (string.IsNullOrWhiteSpace(request.Name))
        {
            throw Refusal.Invalid("Invalid/missing parameters: name: Field required");
        }

        await using var db = contexts.For(viewer);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.StreamId, ct);
        if (stream is null || !(viewer.SeesAll || viewer.StreamIds.Contains(stream.Id)))
        {
            throw Refusal.Invalid($"Stream with ID {request.StreamId} is not accessible.");
        }

        if (!(viewer.SeesAll ? await db.Set<Group>().AnyAsync(group => group.Id == request.GroupId, ct) : viewer.GroupIds.Contains(request.GroupId)))
        {
            throw Refusal.Invalid($"Group with ID {request.GroupId} is not accessible.");
        }

        if (request.BrokerId is { } brokerId && !await db.Set<Broker>().AnyAsync(broker => broker.Id == brokerId, ct))
        {
            throw Refusal.Invalid($"No broker with id {brokerId}");
        }

        FilterText.Demand(stream, request.Expression, request.Annotations);
        if (request.Active)
        {
            await gate.CheckAsync(viewer, stream, request.GroupId, request.Expression, request.Override, ct);
        }

        await using var transaction = await db.BeginAccessChangeAsync(ct);
        if (!await db.Set<GroupStream>().AnyAsync(use => use.GroupId == request.GroupId && use.StreamId == request.StreamId, ct))
        {
            throw Refusal.Invalid(
                $"Group with ID {request.GroupId} does not use the stream '{stream.Name}' (ID {stream.Id}); an administrator of the group must add it first.");
        }

        var filter = new Filter
        {
            Name = request.Name.Trim(),
            StreamId = request.StreamId,
            GroupId = request.GroupId,
            BrokerId = request.BrokerId,
            Altdata = BrokerAltdata.Written(viewer, null, request.Altdata),
            Autosave = request.Autosave,
            Expression = request.Expression,
            AnnotationExpressions = FilterText.Stored(request.Annotations),
            Active = request.Active,
            Version = 1,
        };
        db.Add(filter);
        await db.SaveChangesAsync(ct);
        FilterVersions.Add(db, filter, 1, filter.Expression, filter.AnnotationExpressions, request.Note);
        db.Record("filter.created", filter.Id.ToString(CultureInfo.InvariantCulture), [filter.GroupId]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return filter.Id;
    }
}

/// <summary>What is to be changed of a filter; null leaves a value as it is.</summary>
public sealed record FilterChanges
{
    public string? Name { get; init; }
    public JsonElement? Altdata { get; init; }
    public bool? Autosave { get; init; }
    public int? GroupId { get; init; }
    public int? StreamId { get; init; }
    public bool? Active { get; init; }

    /// <summary>Whether <see cref="Expression"/> is to be set, be it to null.</summary>
    public bool SetsExpression { get; init; }

    public string? Expression { get; init; }

    /// <summary>Whether <see cref="Annotations"/> are to be set, be it to none.</summary>
    public bool SetsAnnotations { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Words to the version that another text makes.</summary>
    public string? Note { get; init; }

    /// <summary>Why it is to be on although it passes too much; counts from who manages groups.</summary>
    public string? Override { get; init; }
}

/// <summary>Changes a filter; another text is another version, which is active at once. The next batch of packets is tried against the new one.</summary>
public sealed class ChangeFilter(Contexts contexts, FilterGate gate, RenameAtBroker rename)
{
    /// <summary>Changes it.</summary>
    /// <exception cref="Refusal">The filter is not there for this viewer or not theirs to change, or the text has an error, whose place is told.</exception>
    public async Task HandleAsync(Viewer viewer, int filterId, FilterChanges changes, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        if (!(viewer.Has(Acl.ManageGroups) || viewer.AdminGroupIds.Contains(filter.GroupId)))
        {
            throw Refusal.Forbidden("Insufficient permissions: you must be a group admin or system admin to change the filter.");
        }

        if ((changes.GroupId ?? filter.GroupId) != filter.GroupId || (changes.StreamId ?? filter.StreamId) != filter.StreamId)
        {
            throw Refusal.Invalid("Cannot update group_id or stream_id.");
        }

        var nameBefore = filter.Name;
        if (changes.Name is { } name)
        {
            filter.Name = string.IsNullOrWhiteSpace(name) ? throw Refusal.Invalid("Invalid/missing parameters: name: It is blank") : name.Trim();
        }

        filter.Altdata = BrokerAltdata.Written(viewer, filter.Altdata, changes.Altdata);
        var wasActive = filter.Active;
        filter.Active = changes.Active ?? filter.Active;
        if (changes.Autosave is { } autosave)
        {
            filter.Autosave = autosave;
            filter.Altdata = WithAutosave(filter.Altdata, autosave);
        }

        if (changes.SetsExpression || changes.SetsAnnotations)
        {
            filter.Expression = changes.SetsExpression ? changes.Expression : filter.Expression;
            filter.AnnotationExpressions = changes.SetsAnnotations ? FilterText.Stored(changes.Annotations) : filter.AnnotationExpressions;
            var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
            FilterText.Demand(stream, filter.Expression, FilterText.Read(filter.AnnotationExpressions));
        }

        if (filter.Active && (!wasActive || FilterVersions.IsChanged(db, filter)))
        {
            var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
            await gate.CheckAsync(viewer, stream, filter.GroupId, filter.Expression, changes.Override, ct);
        }

        if (filter.Name != nameBefore)
        {
            await rename.HandleAsync(viewer, filter, filter.Name, ct);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (FilterVersions.IsChanged(db, filter))
        {
            filter.Version = await FilterVersions.NextAsync(db, filterId, ct);
            FilterVersions.Add(db, filter, filter.Version.Value, filter.Expression, filter.AnnotationExpressions, changes.Note);
        }

        db.Record("filter.changed", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId], changes.Override is null ? null : new { changes.Override });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    internal static JsonElement? WithAutosave(JsonElement? altdata, bool autosave) => WithSwitch(altdata, "autoSave", autosave);

    /// <summary>Altdata with a switch set, where it has that switch.</summary>
    internal static JsonElement? WithSwitch(JsonElement? altdata, string name, bool on)
    {
        if (altdata is not { ValueKind: JsonValueKind.Object } data || !data.TryGetProperty(name, out _))
        {
            return altdata;
        }

        var changed = JsonObject.Create(data)!;
        changed[name] = on;
        return JsonSerializer.SerializeToElement(changed);
    }
}

/// <summary>Deletes a filter with its candidates, and what its broker has of it.</summary>
public sealed class DeleteFilter(Contexts contexts)
{
    /// <summary>Deletes it; objects that it found stay with the group. Its broker is told afterwards, and until it answers.</summary>
    /// <exception cref="Refusal">It is not there for this viewer, or the viewer may not upload data (403).</exception>
    public async Task HandleAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await FilterRemovals.OfFilterAsync(db, filterId, ct);
        db.Remove(filter);
        db.Record("filter.deleted", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Checks the text of a filter before it is kept.</summary>
public sealed class CheckFilter(Contexts contexts)
{
    /// <summary>Its errors; empty where it can be used.</summary>
    /// <exception cref="Refusal">The stream is not there for this viewer.</exception>
    public async Task<IReadOnlyList<FilterFault>> HandleAsync(
        Viewer viewer, int streamId, string expression, IReadOnlyDictionary<string, string>? annotations, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == streamId, ct)
            ?? throw Refusal.Invalid($"Stream with ID {streamId} is not accessible.");
        return FilterText.Check(stream, expression, annotations);
    }
}
