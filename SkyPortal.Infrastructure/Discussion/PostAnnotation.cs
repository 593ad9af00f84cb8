using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Attaches named values to something; an origin has one annotation on a thing.</summary>
public sealed partial class PostAnnotation(Contexts contexts)
{
    private const int LongestOrigin = 500;

    /// <summary>Annotates a source and returns the id; refuses a second annotation of the same origin.</summary>
    public Task<long> HandleAsync(Viewer viewer, string objId, string origin, JsonElement data, int[]? groupIds, CancellationToken ct) =>
        HandleAsync(viewer, AnnotatedKind.Sources, objId, origin, data, groupIds, ct);

    /// <summary>Annotates a thing and returns the id; refuses one that is hidden and a second annotation of the same origin.</summary>
    public async Task<long> HandleAsync(Viewer viewer, AnnotatedKind kind, string key, string origin, JsonElement data, int[]? groupIds, CancellationToken ct)
    {
        viewer.Demand(Acl.Annotate);
        CheckOrigin(origin);
        await using var db = contexts.For(viewer);
        var objId = await kind.ObjIdAsync(db, key, ct) ?? throw kind.Missing(key);
        var annotation = kind.Make(key, objId, origin);
        annotation.Data = data;
        annotation.AuthorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may annotate.");
        annotation.GroupIds = await ShareWith.GroupsOrAllOwnAsync(db, groupIds, ct);
        db.Add(annotation);
        db.Record($"{kind.EventName}.posted", objId, await kind.AudienceAsync(db, key, annotation.GroupIds, ct), new { origin, key });
        await SaveAsync(db, kind, key, origin, ct);
        return annotation.Id;
    }

    internal static Refusal NotThere() => Refusal.Forbidden("Could not find any accessible annotations.");

    internal static void CheckOrigin(string origin)
    {
        if (!Origin().IsMatch(origin) || origin.Length > LongestOrigin)
        {
            throw Refusal.Invalid("Invalid/missing parameters: origin: String should match pattern '^\\w+'");
        }
    }

    internal static async Task SaveAsync(SkyPortalContext db, AnnotatedKind kind, string key, string origin, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid($"Annotation already exists: duplicate key value violates unique constraint on ({kind.KeyName}, origin) = ({key}, {origin}).");
        }
    }

    [GeneratedRegex(@"^\w")]
    private static partial Regex Origin();
}

/// <summary>Changes an annotation of the viewer's.</summary>
public sealed class EditAnnotation(Contexts contexts)
{
    /// <summary>Changes what is given; data is replaced whole.</summary>
    public async Task HandleAsync(Viewer viewer, AnnotatedKind kind, string key, long id, string? origin, JsonElement? data, int[]? groupIds, CancellationToken ct)
    {
        viewer.Demand(Acl.Annotate);
        await using var db = contexts.For(viewer);
        var annotation = await kind.FindAsync(db, AccessMode.Update, key, id, ct) ?? throw PostAnnotation.NotThere();
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

        var objId = await kind.ObjIdAsync(db, key, ct) ?? key;
        db.Record($"{kind.EventName}.edited", objId, await kind.AudienceAsync(db, key, annotation.GroupIds, ct), new { id, annotation.Origin });
        await PostAnnotation.SaveAsync(db, kind, key, annotation.Origin, ct);
    }
}

/// <summary>Removes an annotation of the viewer's.</summary>
public sealed class DeleteAnnotation(Contexts contexts)
{
    /// <summary>Removes it; refuses where it is not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, AnnotatedKind kind, string key, long id, CancellationToken ct)
    {
        viewer.Demand(Acl.Annotate);
        await using var db = contexts.For(viewer);
        var annotation = await kind.FindAsync(db, AccessMode.Delete, key, id, ct) ?? throw PostAnnotation.NotThere();
        var objId = await kind.ObjIdAsync(db, key, ct) ?? key;
        db.Remove(annotation);
        db.Record($"{kind.EventName}.deleted", objId, await kind.AudienceAsync(db, key, annotation.GroupIds, ct), new { id, annotation.Origin, before = annotation.Data });
        await db.SaveChangesAsync(ct);
    }
}
