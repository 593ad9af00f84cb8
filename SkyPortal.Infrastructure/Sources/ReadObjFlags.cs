using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>What an object has that the viewer may read.</summary>
public sealed record ObjFlags(bool PhotometryExists, bool CommentExists, bool PeriodExists, bool SpectrumExists);

/// <summary>Reads whether objects have photometry, comments, a period and spectra, in one statement.</summary>
public sealed class ReadObjFlags(Contexts contexts)
{
    // Indexes photometry (obj_id, dedup_hash), comments (obj_id), annotations (obj_id, origin), spectra (obj_id, observed_at).
    private const string Sql = $"""
        select o.id,
               exists (select 1 from photometry p where p.obj_id = o.id
                       and (@sees_all or p.group_ids && @viewer_groups or p.stream_ids && @viewer_streams or p.owner_id = @viewer_user)),
               exists (select 1 from comments c where c.obj_id = o.id and (@sees_all or c.group_ids && @viewer_groups)),
               exists (select 1 from annotations a where a.obj_id = o.id and (@sees_all or a.group_ids && @viewer_groups)
                       and jsonb_exists_any(a.data, array['period', 'Period', 'PERIOD'])),
               exists (select 1 from spectra s where s.obj_id = o.id and {SpectrumAccess.Sees})
        from objs o where o.id = any(@ids) and {ViewerSql.SeesObj}
        """;

    /// <summary>Flags by object.</summary>
    public async Task<Dictionary<string, ObjFlags>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader => (Id: reader.GetString(0), Flags: new ObjFlags(reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4))), ct);
        return rows.ToDictionary(row => row.Id, row => row.Flags);
    }
}
