using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Notes that a user or a program looked at a source; what is looked at most is shown to its groups.</summary>
public sealed class NoteSourceView(Contexts contexts)
{
    /// <summary>Notes it; the caller has just read the object as the viewer, so that nothing more is checked.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        if (viewer.UserId is not { } userId)
        {
            return;
        }

        await using var db = contexts.For(Viewer.System);
        db.Add(new SourceView { ObjId = objId, UserId = userId, IsToken = viewer.TokenId is not null });
        await db.SaveChangesAsync(ct);
    }
}
