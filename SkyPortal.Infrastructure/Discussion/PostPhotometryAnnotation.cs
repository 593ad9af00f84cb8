using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Attaches named values to a point of photometry; an origin has one annotation on a point.</summary>
public sealed class PostPhotometryAnnotation(Contexts contexts)
{
    /// <summary>Posts and returns the id; refuses a point that the viewer may not see and a second annotation of the same origin.</summary>
    public async Task<long> HandleAsync(Viewer viewer, long photometryId, string origin, JsonElement data, int[]? groupIds, CancellationToken ct)
    {
        PostAnnotation.CheckOrigin(origin);
        await using var db = contexts.For(viewer);
        var objId = await db.Set<PhotometryPoint>()
            .Where(point => point.Id == photometryId && db.Set<Obj>().Any(obj => obj.Id == point.ObjId))
            .Select(point => point.ObjId)
            .SingleOrDefaultAsync(ct) ?? throw Refusal.Forbidden($"Could not access photometry {photometryId}.");
        var groups = await ShareWith.GroupsOrAllOwnAsync(db, groupIds, ct);
        var annotation = new PhotometryAnnotation
        {
            PhotometryId = photometryId,
            ObjId = objId,
            Origin = origin,
            Data = data,
            AuthorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may annotate."),
            GroupIds = groups,
        };
        db.Add(annotation);
        db.Record("photometry_annotation.posted", objId, groups, new { photometryId, origin });
        await SaveAsync(db, photometryId, origin, ct);
        return annotation.Id;
    }

    internal static Refusal NotThere() => Refusal.Forbidden("Could not find any accessible annotations.");

    internal static async Task SaveAsync(SkyPortalContext db, long photometryId, string origin, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid(
                $"Annotation already exists: duplicate key value violates unique constraint on (photometry_id, origin) = ({photometryId}, {origin}).");
        }
    }
}

/// <summary>Changes an annotation of the viewer's on a point.</summary>
public sealed class EditPhotometryAnnotation(Contexts contexts)
{
    /// <summary>Changes what is given; data is replaced whole.</summary>
    public async Task HandleAsync(Viewer viewer, long photometryId, long id, string? origin, JsonElement? data, int[]? groupIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var annotation = await db.Allowed<PhotometryAnnotation>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id && row.PhotometryId == photometryId, ct)
            ?? throw PostPhotometryAnnotation.NotThere();
        if (origin is not null)
        {
            PostAnnotation.CheckOrigin(origin);
            annotation.Origin = origin;
        }

        annotation.Data = data ?? annotation.Data;
        if (groupIds is { Length: > 0 })
        {
            annotation.GroupIds = await ShareWith.GroupsOrAllOwnAsync(db, groupIds, ct);
        }

        db.Record("photometry_annotation.edited", annotation.ObjId, annotation.GroupIds, new { id });
        await PostPhotometryAnnotation.SaveAsync(db, photometryId, annotation.Origin, ct);
    }
}

/// <summary>Removes an annotation of the viewer's from a point.</summary>
public sealed class DeletePhotometryAnnotation(Contexts contexts)
{
    /// <summary>Removes it; refuses where it is not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, long photometryId, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var annotation = await db.Allowed<PhotometryAnnotation>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == id && row.PhotometryId == photometryId, ct)
            ?? throw PostPhotometryAnnotation.NotThere();
        db.Remove(annotation);
        db.Record("photometry_annotation.deleted", annotation.ObjId, annotation.GroupIds, new { id, photometryId, annotation.Origin, before = annotation.Data });
        await db.SaveChangesAsync(ct);
    }
}
