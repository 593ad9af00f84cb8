using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Scores;

/// <summary>A model to be kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="StreamId">A stream that the group uses.</param>
/// <param name="File">The ONNX file.</param>
/// <param name="Inputs">See <see cref="ScoringRecipe"/>.</param>
/// <param name="Outputs">See <see cref="ScoringRecipe"/>.</param>
public sealed record NewScoringModel(string Name, int GroupId, int StreamId, byte[] File, JsonElement Inputs, JsonElement Outputs);

/// <summary>A model as it is shown.</summary>
public sealed record ScoringModelRecord(int Id, string Name, int GroupId, int StreamId, JsonElement Inputs, JsonElement Outputs, bool Active, DateTime CreatedAt, DateTime Modified);

/// <summary>Keeps a model for a group.</summary>
public sealed class AddScoringModel(Contexts contexts, FileStore files)
{
    /// <summary>Largest model, bytes.</summary>
    public const int MostBytes = 64 << 20;

    private const int LongestName = 100;

    /// <summary>Checks that it runs, keeps it and returns its id. The next batch of packets is scored by it.</summary>
    /// <exception cref="Refusal">
    /// The viewer is no administrator of the group (403), the group does not use the stream or has <see cref="ScoringModelAccess.MostActive"/>
    /// active models, or the model or a field is wrong, which is named.
    /// </exception>
    public async Task<int> HandleAsync(Viewer viewer, NewScoringModel request, CancellationToken ct)
    {
        viewer.RequireUploadData();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > LongestName)
        {
            throw ScoringRecipe.Wrong("name", $"It must have 1 to {LongestName} characters");
        }

        await using var db = contexts.For(viewer);
        if (!await db.Set<Group>().AnyAsync(group => group.Id == request.GroupId, ct))
        {
            throw Refusal.Invalid($"Group with ID {request.GroupId} is not accessible.");
        }

        if (!viewer.SeesAll && !viewer.AdminGroupIds.Contains(request.GroupId))
        {
            throw Refusal.Forbidden("Insufficient permissions: you must be an administrator of the group to keep a model for it.");
        }

        var stream = await db.Set<AlertStream>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.StreamId, ct)
            ?? throw Refusal.Invalid($"Stream with ID {request.StreamId} is not accessible.");
        var environment = FilterText.EnvironmentOf(stream)
            ?? throw Refusal.Invalid($"The packets of stream '{stream.Name}' cannot be scored.");
        await CheckGroupAsync(db, request, stream, ct);
        var recipe = ScoringRecipe.Read(request.Inputs, request.Outputs);
        try
        {
            AlertScorer.Make(request.File, recipe, environment);
        }
        catch (OnnxFormatException error)
        {
            throw ScoringRecipe.Wrong("model", error.Message);
        }

        var address = await files.PutAsync(request.File, ct);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        await CheckGroupAsync(db, request, stream, ct);
        var added = new ScoringModel
        {
            Name = request.Name.Trim(),
            GroupId = request.GroupId,
            StreamId = request.StreamId,
            FileHash = address,
            Inputs = request.Inputs.Clone(),
            Outputs = request.Outputs.Clone(),
        };
        db.Add(added);
        await db.SaveChangesAsync(ct);
        db.Record("scoring_model.added", added.Id.ToString(CultureInfo.InvariantCulture), [added.GroupId]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return added.Id;
    }

    // Before the model is tried, so that nobody is given work for nothing, and once more when nothing can change any more.
    private static async Task CheckGroupAsync(SkyPortalContext db, NewScoringModel request, AlertStream stream, CancellationToken ct)
    {
        if (!await db.Set<GroupStream>().AnyAsync(use => use.GroupId == request.GroupId && use.StreamId == request.StreamId, ct))
        {
            throw Refusal.Invalid($"Group with ID {request.GroupId} does not use the stream '{stream.Name}' (ID {stream.Id}); an administrator of the group must add it first.");
        }

        if (await db.Set<ScoringModel>().AnyAsync(model => model.GroupId == request.GroupId && model.Name == request.Name.Trim(), ct))
        {
            throw ScoringRecipe.Wrong("name", "The group has a model of this name");
        }

        await ScoringModelAccess.CheckActiveAsync(db, request.GroupId, ct);
    }
}

/// <summary>Switches a model on or off.</summary>
public sealed class SwitchScoringModel(Contexts contexts)
{
    /// <summary>Switches it; the next batch of packets knows.</summary>
    /// <exception cref="Refusal">
    /// It is not there for this viewer, the viewer is no administrator of its group (403), or the group has
    /// <see cref="ScoringModelAccess.MostActive"/> active models.
    /// </exception>
    public async Task HandleAsync(Viewer viewer, int modelId, bool isActive, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var model = await ScoringModelAccess.FindAsync(db, viewer, modelId, ct);
        if (isActive && !model.Active)
        {
            await ScoringModelAccess.CheckActiveAsync(db, model.GroupId, ct);
        }

        model.Active = isActive;
        db.Record("scoring_model.changed", modelId.ToString(CultureInfo.InvariantCulture), [model.GroupId]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Deletes a model; the scores that it gave stay.</summary>
public sealed class DeleteScoringModel(Contexts contexts)
{
    /// <summary>Deletes it.</summary>
    /// <exception cref="Refusal">It is not there for this viewer, or the viewer is no administrator of its group (403).</exception>
    public async Task HandleAsync(Viewer viewer, int modelId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var model = await ScoringModelAccess.FindAsync(db, viewer, modelId, ct);
        db.Remove(model);
        db.Record("scoring_model.deleted", modelId.ToString(CultureInfo.InvariantCulture), [model.GroupId]);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>The models that a viewer may see.</summary>
public sealed class ListScoringModels(Contexts contexts)
{
    /// <summary>All of them, by group and name.</summary>
    public async Task<IReadOnlyList<ScoringModelRecord>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<ScoringModel>().AsNoTracking()
            .OrderBy(model => model.GroupId).ThenBy(model => model.Name)
            .Select(model => new ScoringModelRecord(
                model.Id, model.Name, model.GroupId, model.StreamId, model.Inputs, model.Outputs, model.Active, model.CreatedAt, model.Modified))
            .ToListAsync(ct);
    }
}

/// <summary>Who may change a model, and how many a group may have.</summary>
internal static class ScoringModelAccess
{
    /// <summary>Most active models of a group: each takes time and memory for each alert that passes.</summary>
    public const int MostActive = 10;

    public static async Task CheckActiveAsync(SkyPortalContext db, int groupId, CancellationToken ct)
    {
        if (await db.Set<ScoringModel>().CountAsync(model => model.GroupId == groupId && model.Active, ct) >= MostActive)
        {
            throw Refusal.Invalid($"Group with ID {groupId} has {MostActive} active scoring models, which is the most; switch one off or delete it first.");
        }
    }

    public static async Task<ScoringModel> FindAsync(SkyPortalContext db, Viewer viewer, int modelId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var model = await db.Set<ScoringModel>().SingleOrDefaultAsync(row => row.Id == modelId, ct)
            ?? throw Refusal.Invalid($"Cannot find a scoring model with ID {modelId}.");
        return viewer.SeesAll || viewer.AdminGroupIds.Contains(model.GroupId)
            ? model
            : throw Refusal.Forbidden("Insufficient permissions: you must be an administrator of the group to change its models.");
    }
}
