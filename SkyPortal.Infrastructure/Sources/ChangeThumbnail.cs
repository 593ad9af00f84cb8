using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>What changes of a picture's row; null for what stays.</summary>
public sealed record ThumbnailChanges(string? ObjId, string? Type, string? PublicUrl, string? Origin, bool? IsGrayscale);

/// <summary>Changes what is known of a picture; for system administrators, as the policy says.</summary>
public sealed class ChangeThumbnail(Contexts contexts)
{
    /// <summary>Refuses a picture or an object that the viewer does not see, an unknown type, and an address that is none.</summary>
    public async Task HandleAsync(Viewer viewer, long thumbnailId, ThumbnailChanges changes, CancellationToken ct)
    {
        if (changes.Type is { } type && !ThumbnailTypes.All.Contains(type))
        {
            throw Refusal.Invalid($"Invalid type: {type} is not among the defined enum values");
        }

        if (changes.PublicUrl is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"))
        {
            throw Refusal.Invalid("Invalid public_url: it must be an address that begins with http or https.");
        }

        await using var db = contexts.For(viewer);
        var row = await db.Set<Thumbnail>().SingleOrDefaultAsync(picture => picture.Id == thumbnailId, ct)
            ?? throw Refusal.Invalid($"Cannot find thumbnail with ID {thumbnailId}");
        if (changes.ObjId is { } objId && !await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.Invalid($"Invalid obj_id: cannot find the object {objId}");
        }

        (row.ObjId, row.Type, row.RemoteUrl) = (changes.ObjId ?? row.ObjId, changes.Type ?? row.Type, changes.PublicUrl ?? row.RemoteUrl);
        (row.Origin, row.IsGrayscale) = (changes.Origin ?? row.Origin, changes.IsGrayscale ?? row.IsGrayscale);
        db.Record("thumbnail.changed", row.ObjId, await PostThumbnail.GroupsAsync(db, row.ObjId, ct), new { row.Id, row.Type });
        await db.SaveChangesAsync(ct);
    }
}
