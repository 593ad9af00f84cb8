using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Reads the annotations of spectra in one statement, by origin.</summary>
public sealed class ReadSpectrumAnnotations(Contexts contexts)
{
    // Index annotations_on_spectra (spectrum_id, origin); spectra (obj_id, observed_at).
    private static readonly string Sql = $"""
        select a.id, a.created_at, a.modified, s.obj_id, a.origin, a.data, a.author_id, a.group_ids, s.id, {GroupRecord.JsonList("a.group_ids")}, {UserRecord.Columns}
        from annotations_on_spectra a join spectra s on s.id = a.spectrum_id join objs o on o.id = s.obj_id join users u on u.id = a.author_id
        where (a.spectrum_id = any(@ids) or s.obj_id = @obj) and (@sees_all or a.group_ids && @viewer_groups) and {SpectrumAccess.Sees}
        order by a.spectrum_id, a.origin
        """;

    /// <summary>Annotations by spectrum, with their authors, as replies about spectra carry them.</summary>
    public async Task<ILookup<long, AnnotationRecord>> ForAsync(Viewer viewer, long[] spectrumIds, CancellationToken ct) =>
        (await ReadAsync(viewer, spectrumIds, "", ct)).ToLookup(row => row.SpectrumId!.Value, row => row with { Groups = null });

    /// <summary>Annotations of one spectrum, with their groups and without authors.</summary>
    public async Task<List<AnnotationRecord>> OfAsync(Viewer viewer, long spectrumId, CancellationToken ct) =>
        (await ReadAsync(viewer, [spectrumId], "", ct)).ConvertAll(row => row with { Author = null, Type = null });

    /// <summary>Annotations of all spectra of an object.</summary>
    public Task<List<AnnotationRecord>> AboutAsync(Viewer viewer, string objId, CancellationToken ct) => ReadAsync(viewer, [], objId, ct);

    private async Task<List<AnnotationRecord>> ReadAsync(Viewer viewer, long[] ids, string objId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", ids).With("obj", objId);
        return await command.ReadAllAsync(
            reader => new AnnotationRecord(
                reader.GetInt64(0), reader.GetDateTime(1), reader.GetDateTime(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<JsonElement>(5), reader.GetInt32(6))
            {
                GroupIds = reader.GetFieldValue<int[]>(7),
                SpectrumId = reader.GetInt64(8),
                Groups = reader.GetFieldValue<JsonElement>(9),
                Author = UserRecord.Read(reader, 10),
                Type = "spectrum",
            },
            ct);
    }
}
