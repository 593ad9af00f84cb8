using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>What is to be changed of a filter at its broker; null leaves it.</summary>
/// <param name="Active">Whether it runs.</param>
/// <param name="ActiveVersion">Id of the version that runs.</param>
/// <param name="AutoAnnotate">Whether passing objects are annotated.</param>
/// <param name="AutoSave">Whether passing objects are saved to the group.</param>
/// <param name="AutoFollowup">Whether follow-up is asked for what passes.</param>
public sealed record BrokerFilterChanges(bool? Active = null, string? ActiveVersion = null, bool? AutoAnnotate = null, bool? AutoSave = null, bool? AutoFollowup = null)
{
    /// <summary>Whether the broker must be told.</summary>
    public bool TouchesBroker => Active is not null || ActiveVersion is not null;
}

/// <summary>Switches a filter at its broker. Administrators of its group.</summary>
public sealed class ChangeBrokerFilter(OpenBrokerFilter open)
{
    /// <summary>Changes what is given; the broker is told first, and where it fails nothing is changed.</summary>
    /// <exception cref="Refusal">
    /// The filter is not there, not theirs to change or not managed by the broker; a version that did not pass its validation is
    /// activated by system administrators only.
    /// </exception>
    public async Task HandleAsync(Viewer viewer, int brokerId, int filterId, BrokerFilterChanges changes, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var opened = await open.HandleAsync(viewer, brokerId, filterId, ct);
        OpenBrokerFilter.DemandAdmin(viewer, opened.Filter);
        if (opened.Altdata.Query is null || opened.Broker.Client is IBrokerPipelines)
        {
            _ = opened.RemoteId;
        }

        if (changes.TouchesBroker)
        {
            var client = opened.Broker.Needs<IBrokerPipelines>("versions of filters");
            await CheckVersionAsync(viewer, opened, changes, ct);
            await opened.TryAsync("changing the filter on", () => client.UpdateAsync(opened.Broker.Ask, opened.RemoteId, new RemoteFilterChanges(null, changes.Active, changes.ActiveVersion), ct));
        }

        await open.WriteAsync(
            viewer,
            opened.Filter,
            changes.Active == true || changes.ActiveVersion is not null ? "filter.activated" : "filter.changed",
            altdata =>
            {
                foreach (var (name, wanted) in new[] { (BrokerAltdata.AutoAnnotate, changes.AutoAnnotate), (BrokerAltdata.AutoSave, changes.AutoSave), (BrokerAltdata.AutoFollowup, changes.AutoFollowup) })
                {
                    if (wanted is { } on)
                    {
                        altdata.Root[name] = on;
                    }
                }
            },
            (changes.AutoSave, changes.Active),
            changes.ActiveVersion is { } version ? new JsonObject { ["fid"] = version } : null,
            ct,
            (db, filter) => changes.AutoFollowup is { } asks ? FollowUp.SetFilterFollowup.SwitchAsync(db, filter, asks, ct) : Task.CompletedTask);
    }

    private static async Task CheckVersionAsync(Viewer viewer, OpenedFilter opened, BrokerFilterChanges changes, CancellationToken ct)
    {
        if (changes is { Active: not true, ActiveVersion: null })
        {
            return;
        }

        var remoteId = opened.RemoteId;
        var standing = await GetBrokerFilter.StandingAsync(opened, ct) ?? throw Refusal.Invalid($"{opened.Broker.Name} has no filter {remoteId} any more.");
        var version = changes.ActiveVersion ?? standing.ActiveVersion ?? throw Refusal.Invalid("Invalid/missing parameters: active_fid: Field required");
        if (!standing.Ids.Contains(version))
        {
            throw Refusal.Invalid($"Invalid/missing parameters: active_fid: the filter has no version {version}");
        }

        var validation = opened.Altdata.ValidationOf(version);
        if (validation?.HasPassed != true && !viewer.Has(Acl.SystemAdmin))
        {
            throw Refusal.Invalid("This filter version must be validated before it can be activated. " + (validation is null
                ? "It was not validated yet."
                : $"Its validation failed: {validation.Message ?? "the broker gave no reason"}"));
        }
    }
}

/// <summary>Deletes a filter of a broker, here and there.</summary>
public sealed class DeleteBrokerFilter(Contexts contexts, DeleteFilter delete)
{
    /// <summary>Deletes it with its candidates, whether the broker is active or not; what the broker has of it is removed there as soon as that answers.</summary>
    /// <exception cref="Refusal">It is not there for this viewer, or the viewer may not upload data (403).</exception>
    public async Task HandleAsync(Viewer viewer, int brokerId, int filterId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        if (!await db.Set<Broker>().AnyAsync(row => row.Id == brokerId, ct))
        {
            throw OpenBroker.Missing(brokerId);
        }

        if (!await db.Set<Filter>().AnyAsync(row => row.Id == filterId && row.BrokerId == brokerId, ct))
        {
            throw GetFilter.NotThere(filterId);
        }

        await delete.HandleAsync(viewer, filterId, ct);
    }
}

/// <summary>Gives a filter that has none to a broker. Administrators of its group.</summary>
public sealed class AttachFilter(Contexts contexts, OpenBroker open)
{
    /// <summary>Attaches it; the same broker again changes nothing.</summary>
    /// <exception cref="Refusal">Filter or broker are not there, the filter has another broker, or the broker has no filters.</exception>
    public async Task HandleAsync(Viewer viewer, int filterId, int brokerId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        OpenBrokerFilter.DemandAdmin(viewer, filter);
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        if (broker.Client.About.FilterKind == "none")
        {
            throw Refusal.Invalid($"Broker {broker.Name} does not support filters.");
        }

        if (filter.BrokerId is { } other && other != brokerId)
        {
            throw Refusal.Invalid($"Filter {filterId} is already attached to another broker.");
        }

        filter.BrokerId = brokerId;
        db.Record("filter.changed", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId], new { broker = broker.Name });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Tells a broker the new name of a filter that it manages.</summary>
public sealed class RenameAtBroker(OpenBroker open)
{
    /// <summary>Tells it; nothing happens where the filter is not managed by a broker.</summary>
    /// <exception cref="Refusal">The broker could not be told; the filter must keep its name.</exception>
    public async Task HandleAsync(Viewer viewer, Filter filter, string name, CancellationToken ct)
    {
        if (filter.BrokerId is not { } brokerId || BrokerAltdata.Read(filter.Altdata).RemoteId is not { } remoteId)
        {
            return;
        }

        OpenedBroker broker;
        try
        {
            broker = await open.HandleAsync(viewer, brokerId, null, ct);
        }
        catch (Refusal refusal)
        {
            throw Refusal.Invalid($"Failed to rename filter on its broker: {refusal.Message}");
        }

        if (broker.Client is not IBrokerPipelines client)
        {
            return;
        }

        try
        {
            await client.UpdateAsync(broker.Ask, remoteId, new RemoteFilterChanges(Name: name), ct);
        }
        catch (Exception error) when (OpenedBroker.IsItsFault(error))
        {
            throw Refusal.Invalid($"Failed to rename filter on {broker.Name}: {broker.Cause(error)}");
        }
    }
}
