using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A classification to be made.</summary>
public sealed record NewClassification(string ObjId, string ClassName, int TaxonomyId)
{
    public string? Origin { get; init; }
    public double? Probability { get; init; }
    public bool Ml { get; init; }

    /// <summary>Groups to share it with; null for the sitewide group.</summary>
    public int[]? GroupIds { get; init; }

    /// <summary>Vote for it.</summary>
    public bool Vote { get; init; } = true;

    /// <summary>Mark the source as looked at.</summary>
    public bool Label { get; init; } = true;
}

/// <summary>Says what an object is.</summary>
public sealed class Classify(Contexts contexts, TaxonomyCache taxonomies)
{
    /// <summary>Classifies and returns the id.</summary>
    public async Task<long> HandleAsync(Viewer viewer, NewClassification request, CancellationToken ct) => (await HandleAsync(viewer, [request], ct))[0];

    /// <summary>Makes all of these classifications or none, and returns their ids.</summary>
    public async Task<IReadOnlyList<long>> HandleAsync(Viewer viewer, IReadOnlyList<NewClassification> requests, CancellationToken ct)
    {
        viewer.Demand(Acl.Classify);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var ids = new List<long>(requests.Count);
        foreach (var request in requests)
        {
            ids.Add(await AddAsync(db, viewer, request, ct));
        }

        await transaction.CommitAsync(ct);
        return ids;
    }

    private async Task<long> AddAsync(SkyPortalContext db, Viewer viewer, NewClassification request, CancellationToken ct)
    {
        var userId = viewer.UserId ?? throw Wrong("only a user may classify.");
        if (request.Probability is < 0 or > 1)
        {
            throw Wrong("That probability outside the allowable range of 0 to 1.");
        }

        var taxonomy = await db.Set<Taxonomy>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.TaxonomyId, ct)
            ?? throw Wrong($"Cannot find a taxonomy with ID: {request.TaxonomyId}.");
        if (!taxonomies.Of(taxonomy).Classes.Contains(request.ClassName))
        {
            throw Wrong($"That classification ({request.ClassName}) is not in the allowed classes for the chosen taxonomy (id={request.TaxonomyId})");
        }

        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == request.ObjId, ct))
        {
            throw Wrong($"Cannot find the object {request.ObjId}.");
        }

        var groups = await ShareWith.GroupsOrSitewideAsync(db, request.GroupIds, ct);
        var row = new Classification
        {
            ObjId = request.ObjId,
            ClassName = request.ClassName,
            TaxonomyId = request.TaxonomyId,
            Origin = request.Origin,
            Probability = request.Probability,
            Ml = request.Ml,
            AuthorId = userId,
            AuthorName = viewer.Username,
            GroupIds = groups,
        };
        db.Add(row);
        await db.SaveChangesAsync(ct);
        if (request.Vote)
        {
            db.Add(new ClassificationVote { ClassificationId = row.Id, VoterId = userId, Vote = 1 });
        }

        if (request.Label)
        {
            await LabelAsync(db, request.ObjId, groups, userId, ct);
        }

        db.Record("classification.posted", request.ObjId, groups, new { id = row.Id, request.ClassName, request.Probability });
        await db.SaveChangesAsync(ct);
        return row.Id;
    }

    internal static async Task LabelAsync(SkyPortalContext db, string objId, int[] groups, int userId, CancellationToken ct)
    {
        var own = groups.Where(id => db.Viewer.GroupIds.Contains(id)).ToArray();
        var there = await db.Set<SourceLabel>()
            .Where(label => label.ObjId == objId && label.LabellerId == userId && own.Contains(label.GroupId))
            .Select(label => label.GroupId)
            .ToListAsync(ct);
        db.AddRange(own.Except(there).Select(group => new SourceLabel { ObjId = objId, GroupId = group, LabellerId = userId }));
    }

    private static Refusal Wrong(string reason) => Refusal.Invalid($"Error posting classification: {reason}");
}

/// <summary>What is to change of a classification; null leaves as it is, but for ml, which is false where nothing is said.</summary>
public sealed record ClassificationChange(string? ClassName, double? Probability, bool? Ml, string? Origin, int[]? GroupIds);

/// <summary>Changes a classification; a changed probability is remembered with who changed it.</summary>
public sealed class EditClassification(Contexts contexts, TaxonomyCache taxonomies)
{
    /// <summary>Changes what is given.</summary>
    public async Task HandleAsync(Viewer viewer, long id, ClassificationChange change, CancellationToken ct)
    {
        viewer.Demand(Acl.Classify);
        if (change.Probability is < 0 or > 1)
        {
            throw Refusal.Invalid("That probability is outside the allowable range of 0 to 1.");
        }

        await using var db = contexts.For(viewer);
        var row = await db.Allowed<Classification>(AccessMode.Update).SingleOrDefaultAsync(item => item.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find a classification with ID: {id}.");
        if (change.ClassName is { } name)
        {
            var taxonomy = await db.Set<Taxonomy>().AsNoTracking().SingleAsync(item => item.Id == row.TaxonomyId, ct);
            row.ClassName = taxonomies.Of(taxonomy).Classes.Contains(name)
                ? name
                : throw Refusal.Invalid($"That classification ({name}) is not in the allowed classes for the chosen taxonomy (id={row.TaxonomyId})");
        }

        if (change.Probability is { } probability && probability != row.Probability)
        {
            db.Add(new ClassificationEdit
            {
                ClassificationId = id,
                EditorId = viewer.UserId ?? 0,
                EditorName = viewer.Username,
                OldProbability = row.Probability,
                NewProbability = probability,
            });
            row.Probability = probability;
        }

        row.Ml = change.Ml ?? false;
        row.Origin = change.Origin ?? row.Origin;
        if (change.GroupIds is { Length: > 0 })
        {
            row.GroupIds = await ShareWith.GroupsOrSitewideAsync(db, change.GroupIds, ct);
        }

        db.Record("classification.edited", row.ObjId, row.GroupIds, new { id });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Removes classifications.</summary>
public sealed class DeleteClassification(Contexts contexts)
{
    /// <summary>Removes one; refuses where the viewer may not.</summary>
    public async Task HandleAsync(Viewer viewer, long id, bool label, CancellationToken ct)
    {
        viewer.Demand(Acl.Classify);
        await using var db = contexts.For(viewer);
        var row = await db.Allowed<Classification>(AccessMode.Delete).SingleOrDefaultAsync(item => item.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find a classification with ID: {id}.");
        if (label && viewer.UserId is { } userId)
        {
            await Classify.LabelAsync(db, row.ObjId, row.GroupIds, userId, ct);
        }

        db.Remove(row);
        db.Record("classification.deleted", row.ObjId, row.GroupIds, new { id, row.ClassName, row.TaxonomyId, row.Probability });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Removes all of an object's that the viewer may remove.</summary>
    public async Task OfObjectAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Allowed<Classification>(AccessMode.Delete).Where(item => item.ObjId == objId).ToListAsync(ct);
        db.RemoveRange(rows);
        db.Record("classification.deleted", objId, [.. rows.SelectMany(row => row.GroupIds).Distinct()]);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Votes on a classification, or takes the vote back.</summary>
public sealed class VoteOnClassification(Contexts contexts)
{
    /// <summary>Sets the viewer's vote; null takes it back.</summary>
    public async Task HandleAsync(Viewer viewer, long classificationId, int? vote, CancellationToken ct)
    {
        var userId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may vote.");
        await using var db = contexts.For(viewer);
        var classification = await db.Set<Classification>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == classificationId, ct)
            ?? throw Refusal.Invalid($"Cannot find a classification with ID: {classificationId}.");
        var own = await db.Set<ClassificationVote>().SingleOrDefaultAsync(row => row.ClassificationId == classificationId && row.VoterId == userId, ct);
        if (vote is null)
        {
            db.Remove(own ?? throw Refusal.Invalid("You have not voted on this classification."));
        }
        else if (own is null)
        {
            db.Add(new ClassificationVote { ClassificationId = classificationId, VoterId = userId, Vote = vote.Value });
        }
        else
        {
            own.Vote = vote.Value;
        }

        await Classify.LabelAsync(db, classification.ObjId, classification.GroupIds, userId, ct);
        db.Record("classification.voted", classification.ObjId, classification.GroupIds, new { id = classificationId, vote });
        await db.SaveChangesAsync(ct);
    }
}
