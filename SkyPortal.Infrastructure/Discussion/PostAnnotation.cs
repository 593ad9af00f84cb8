using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Attaches named values to a source; an origin has one annotation on an object.</summary>
public sealed partial class PostAnnotation(Contexts contexts)
{
    /// <summary>Posts and returns the id; refuses a second annotation of the same origin.</summary>
    public async Task<long> HandleAsync(Viewer viewer, string objId, string origin, JsonElement data, int[]? groupIds, CancellationToken ct)
    {
        CheckOrigin(origin);
        await using var db = contexts.For(viewer);
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.NotFound($"Could not find source {objId}.");
        }

        var groups = await ShareWith.GroupsOrAllOwnAsync(db, groupIds, ct);
        var annotation = new Annotation
        {
            ObjId = objId,
            Origin = origin,
            Data = data,
            AuthorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may annotate."),
            GroupIds = groups,
        };
        db.Add(annotation);
        db.Record("annotation.posted", objId, groups, new { origin });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid($"Annotation already exists: duplicate key value violates unique constraint on (obj_id, origin) = ({objId}, {origin}).");
        }

        return annotation.Id;
    }

    internal static void CheckOrigin(string origin)
    {
        if (!Origin().IsMatch(origin))
        {
            throw Refusal.Invalid("Invalid/missing parameters: origin: String should match pattern '^\\w+'");
        }
    }

    [GeneratedRegex(@"^\w")]
    private static partial Regex Origin();
}

/// <summary>Changes an annotation of the viewer's.</summary>
public sealed class EditAnnotation(Contexts contexts)
{
    /// <summary>Changes what is given; data is replaced whole.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, string? origin, JsonElement? data, int[]? groupIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var annotation = await db.Allowed<Annotation>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id && row.ObjId == objId, ct)
            ?? throw Refusal.Forbidden("Could not find any accessible annotations.");
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

        db.Record("annotation.edited", objId, annotation.GroupIds, new { id });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid($"duplicate key value violates unique constraint on (obj_id, origin) = ({objId}, {origin}).");
        }
    }
}

/// <summary>Removes an annotation of the viewer's.</summary>
public sealed class DeleteAnnotation(Contexts contexts)
{
    /// <summary>Removes it; refuses where it is not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var annotation = await db.Allowed<Annotation>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == id && row.ObjId == objId, ct)
            ?? throw Refusal.Forbidden("Could not find any accessible annotations.");
        db.Remove(annotation);
        db.Record("annotation.deleted", objId, annotation.GroupIds, new { id, before = annotation.Data });
        await db.SaveChangesAsync(ct);
    }
}
