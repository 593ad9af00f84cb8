using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts.Brokers;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>That a version was saved at a broker.</summary>
/// <param name="FilterId">The filter.</param>
/// <param name="Version">Id of the version.</param>
/// <param name="Validation">What the broker said of it; null where it could not be asked, which can be done again.</param>
public sealed record SavedVersion(int FilterId, string Version, Validation? Validation);

/// <summary>Saves a pipeline as a version at the broker. It is validated at once, and runs when it is activated.</summary>
public sealed class SaveBrokerPipeline(OpenBrokerFilter open, ValidateBrokerFilter validate, ForgetAtBroker forget)
{
    /// <summary>Saves it; the first makes the filter there.</summary>
    /// <param name="viewer">A member of the filter's group who may upload data.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="filterId">The filter.</param>
    /// <param name="pipeline">Stages.</param>
    /// <param name="draft">The version as its builder wrote it; may be null.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The pipeline may not be sent, the stream does not tell its alerts, or the broker refused; nothing is saved then.</exception>
    public async Task<SavedVersion> HandleAsync(Viewer viewer, int brokerId, int filterId, JsonNode? pipeline, JsonNode? draft, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var opened = await open.HandleAsync(viewer, brokerId, filterId, ct);
        var client = opened.Broker.Needs<IBrokerPipelines>("pipelines");
        var stages = PipelineRules.Demand(pipeline, "altdata");
        var (survey, programmes) = opened.Programmes();
        var version = opened.Altdata.RemoteId is { } remoteId
            ? await AddAsync(viewer, opened, client, remoteId, stages, draft, ct)
            : await CreateAsync(viewer, opened, client, new RemoteFilterDraft(opened.Filter.Name, survey, programmes, stages), draft, ct);
        return new SavedVersion(filterId, version, await ValidateAsync(viewer, brokerId, filterId, version, ct));
    }

    private async Task<string> AddAsync(Viewer viewer, OpenedFilter opened, IBrokerPipelines client, string remoteId, JsonArray stages, JsonNode? draft, CancellationToken ct)
    {
        var version = await opened.Broker.TryAsync("adding a version to the filter on", () => client.AddVersionAsync(opened.Broker.Ask, remoteId, stages, ct));
        await open.WriteAsync(viewer, opened.Filter, "filter.version_saved", altdata => altdata.KeepDraft(version, draft), default, new JsonObject { ["fid"] = version }, ct);
        return version;
    }

    private async Task<string> CreateAsync(Viewer viewer, OpenedFilter opened, IBrokerPipelines client, RemoteFilterDraft filter, JsonNode? draft, CancellationToken ct)
    {
        var made = await opened.Broker.TryAsync("creating the filter on", () => client.CreateAsync(opened.Broker.Ask, filter, ct));
        try
        {
            await open.WriteAsync(
                viewer,
                opened.Filter,
                "filter.version_saved",
                altdata =>
                {
                    if (altdata.RemoteId is not null)
                    {
                        throw Refusal.Conflict("Somebody else saved the first version at the same time; read the filter again.");
                    }

                    altdata.KeepRemote(made.Id);
                    altdata.KeepDraft(made.Version, draft);
                },
                default,
                new JsonObject { ["fid"] = made.Version },
                ct);
        }
        catch
        {
            await forget.ForgetAsync(opened.Broker, made.Id, opened.Filter.Name);
            throw;
        }

        return made.Version;
    }

    // The version is saved whatever comes of this; it can be validated again.
    private async Task<Validation?> ValidateAsync(Viewer viewer, int brokerId, int filterId, string version, CancellationToken ct)
    {
        try
        {
            return await validate.HandleAsync(viewer, brokerId, filterId, version, ct);
        }
        catch (Refusal)
        {
            return null;
        }
    }
}

/// <summary>Saves the query of a filter whose broker is asked again and again.</summary>
public sealed class SaveBrokerQuery(OpenBrokerFilter open)
{
    /// <summary>
    /// Saves it, and tries it at the broker first. It counts at once, so to replace one, and to change what is saved by itself, takes an
    /// administrator of the group.
    /// </summary>
    /// <exception cref="Refusal">The query cannot be, the broker refused it, or the viewer may not; nothing is saved then.</exception>
    public async Task<Filter> HandleAsync(Viewer viewer, int brokerId, int filterId, JsonObject query, bool? autosave, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var opened = await open.HandleAsync(viewer, brokerId, filterId, ct);
        var client = opened.Broker.Needs<IBrokerQueries>("queries");
        if (opened.Altdata.Query is not null || (autosave is { } wanted && wanted != opened.Filter.Autosave))
        {
            OpenBrokerFilter.DemandAdmin(viewer, opened.Filter);
        }

        var kept = QueryRules.Demand(query, "query");
        var (survey, programmes) = opened.Programmes();
        if (!programmes.Contains(BrokerAlert.PublicProgramme))
        {
            throw Refusal.Invalid($"The stream of the filter holds no public alerts of {survey}, and {opened.Broker.Name} has no others.");
        }

        await opened.TryAsync("trying the query on", () => client.RunAsync(opened.Broker.Ask, kept, 1, 0, ct));
        return await open.WriteAsync(
            viewer,
            opened.Filter,
            "filter.changed",
            altdata =>
            {
                altdata.Root[BrokerAltdata.Lasair] = kept.DeepClone();
                if (autosave is { } on)
                {
                    altdata.Root[BrokerAltdata.AutoSave] = on;
                }
            },
            (autosave, null),
            null,
            ct);
    }
}
