using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Reads what ties one object to the vocabulary, to galaxies and to other objects.</summary>
public sealed class ReadRelations(ReadHosts hosts, ReadObjTags tags, ReadSuperObjs supers)
{
    /// <summary>
    /// Adds the galaxies near an object (null for a body of the solar system), its host, and its tags and tied objects where asked
    /// for; with the tags of those, too, where super-objects are asked for. Four statements at most.
    /// </summary>
    public async Task AddToAsync(Viewer viewer, ObjRecord obj, SourceIncludes includes, CancellationToken ct)
    {
        var position = obj is { Ra: { } ra, Dec: { } dec } ? new SkyPosition(ra, dec) : (SkyPosition?)null;
        if (includes.Galaxies)
        {
            obj.With("galaxies", obj.IsRoid != true && position is { } center ? await hosts.NearAsync(center, ct) : null);
            await hosts.AddToAsync([obj], ct);
        }

        var tied = includes.AssociatedObjs || includes.SuperObjs ? (await supers.AssociatedAsync(viewer, [obj], ct))[obj.Id].ToList() : [];
        if (includes.AssociatedObjs)
        {
            obj.With("associated_objs", tied);
        }

        if (includes.Tags)
        {
            string[] ids = includes.SuperObjs ? [.. tied.Select(other => other.ObjId).Prepend(obj.Id).Distinct()] : [obj.Id];
            obj.With("tags", await tags.ReadAsync(viewer, ids, null, ct));
        }
    }

    /// <summary>The object's name and those of the objects tied to it that the viewer sees.</summary>
    public Task<string[]> WithAssociatedAsync(Viewer viewer, string objId, CancellationToken ct) => supers.WithAssociatedAsync(viewer, objId, ct);
}
