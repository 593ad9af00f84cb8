using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Keeps a picture of an object. <see cref="DeleteThumbnail"/> is its inverse.</summary>
public sealed class PostThumbnail(Contexts contexts, FileStore files)
{
    /// <summary>
    /// Keeps a PNG, each side 16 to 500 pixels, in place of an earlier upload of the same type and survey; returns the row's id.
    /// Refuses an unknown type, what is not such a PNG, and an object that the viewer may not see.
    /// </summary>
    public async Task<long> HandleAsync(Viewer viewer, string objId, string type, string? survey, ReadOnlyMemory<byte> png, CancellationToken ct)
    {
        if (!ThumbnailTypes.All.Contains(type))
        {
            throw Wrong($"{type} is not among the defined enum values");
        }

        var info = Inspect(png);
        await using var db = contexts.For(viewer);
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Wrong($"cannot find the object {objId}");
        }

        // The file first: a row never points to half a file.
        var address = await files.PutAsync(png, ct);
        var row = new Thumbnail { ObjId = objId, Type = type, Survey = survey, FileHash = address, IsGrayscale = info.IsGreyscale };
        db.Add(row);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        db.Record("thumbnail.posted", objId, await GroupsAsync(db, objId, ct), new { id = row.Id, type, survey });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return row.Id;
    }

    internal static Task<int[]> GroupsAsync(SkyPortalContext db, string objId, CancellationToken ct) =>
        db.Set<Obj>().Where(obj => obj.Id == objId).Select(obj => obj.GroupIds).SingleAsync(ct);

    private static PngInfo Inspect(ReadOnlyMemory<byte> png)
    {
        try
        {
            var info = PngInfo.Read(png);
            return info.IsThumbnailSize ? info : throw Wrong("Invalid thumbnail size. Each side must be 16 to 500 pixels.");
        }
        catch (PngFormatException error)
        {
            throw Wrong($"cannot identify image file. Only PNG are supported. {error.Message}");
        }
    }

    private static Refusal Wrong(string reason) => Refusal.Invalid($"Thumbnail failed to post: {reason}");
}

/// <summary>Removes a picture; for system administrators, as the policy says.</summary>
public sealed class DeleteThumbnail(Contexts contexts)
{
    /// <summary>Removes it; refuses where the viewer sees none such.</summary>
    public async Task HandleAsync(Viewer viewer, long thumbnailId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Thumbnail>().SingleOrDefaultAsync(picture => picture.Id == thumbnailId, ct)
            ?? throw Refusal.Invalid($"Cannot find thumbnail with ID {thumbnailId}");
        db.Remove(row);
        db.Record("thumbnail.deleted", row.ObjId, await PostThumbnail.GroupsAsync(db, row.ObjId, ct), new { row.Id, row.Type, row.Survey, row.FileHash });
        await db.SaveChangesAsync(ct);
    }
}
