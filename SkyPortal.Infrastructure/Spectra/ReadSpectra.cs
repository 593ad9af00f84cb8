using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Which spectra; null for any. Times are UTC.</summary>
public sealed record SpectrumSearch
{
    public DateTime? ObservedBefore { get; init; }
    public DateTime? ObservedAfter { get; init; }
    public DateTime? ModifiedBefore { get; init; }
    public DateTime? ModifiedAfter { get; init; }

    public string[]? ObjIds { get; init; }

    /// <summary>Part of the object's name, in any case.</summary>
    public string? ObjIdPart { get; init; }

    public int[]? InstrumentIds { get; init; }
    public int[]? GroupIds { get; init; }
    public int[]? FollowupRequestIds { get; init; }
    public int[]? AssignmentIds { get; init; }

    /// <summary>Any of these parts of the origin.</summary>
    public string[]? OriginParts { get; init; }

    /// <summary>Any of these parts of the label.</summary>
    public string[]? LabelParts { get; init; }

    public string[]? Types { get; init; }

    /// <summary>A comment that the viewer may see holds any of these texts, in any case.</summary>
    public string[]? CommentParts { get; init; }

    /// <summary>Part of the name of the comment's author, in any case.</summary>
    public string? CommentAuthorPart { get; init; }

    public DateTime? CommentedBefore { get; init; }
    public DateTime? CommentedAfter { get; init; }

    /// <summary>Without wavelengths, fluxes and errors.</summary>
    public bool WithoutSamples { get; init; }
}

/// <summary>
/// Reads spectra that a viewer may see: one statement, one each for instruments, telescopes and people, and with samples one each
/// for comments and annotations.
/// </summary>
public sealed class ReadSpectra(Contexts contexts, ReadComments comments, ReadSpectrumAnnotations annotations)
{
    /// <summary>Most samples that one list carries; more must be asked for in parts.</summary>
    public const long MostSamplesTogether = 20_000_000;

    /// <summary>One spectrum; no row where it is missing or hidden.</summary>
    public Task<SpectraView> OneAsync(Viewer viewer, long id, CancellationToken ct) =>
        ReadAsync(viewer, "s.id = @id", command => command.With("id", id), withSamples: true, ct);

    /// <summary>Spectra of an object by time, oldest first. That the viewer may see the object is the caller's part.</summary>
    /// <exception cref="Refusal">They have more samples together than <see cref="MostSamplesTogether"/>.</exception>
    public Task<SpectraView> OfObjectAsync(Viewer viewer, string objId, CancellationToken ct) =>
        SearchAsync(viewer, new SpectrumSearch { ObjIds = [objId] }, ct);

    /// <summary>Spectra of an object by time, oldest first, without their samples. One statement. That the viewer may see the object is the caller's part.</summary>
    public async Task<IReadOnlyList<SpectrumRecord>> ListOfObjectAsync(Viewer viewer, string objId, CancellationToken ct) =>
        await RowsAsync(viewer, "s.obj_id = @obj", command => command.With("obj", objId), withSamples: false, ct);

    /// <summary>Spectra that match, by time.</summary>
    /// <exception cref="Refusal">They have more samples together than <see cref="MostSamplesTogether"/>.</exception>
    public async Task<SpectraView> SearchAsync(Viewer viewer, SpectrumSearch search, CancellationToken ct)
    {
        var tests = new List<string> { "true" };
        var values = new List<(string Name, object Value)>();
        void Test(string sql, string name, object? value)
        {
            if (value is not null)
            {
                tests.Add(sql);
                values.Add((name, value));
            }
        }

        Test("s.observed_at <= @observed_before", "observed_before", search.ObservedBefore);
        Test("s.observed_at >= @observed_after", "observed_after", search.ObservedAfter);
        Test("s.modified <= @modified_before", "modified_before", search.ModifiedBefore);
        Test("s.modified >= @modified_after", "modified_after", search.ModifiedAfter);
        Test("s.obj_id = any(@objs)", "objs", search.ObjIds);
        Test("strpos(lower(s.obj_id), lower(@obj_part)) > 0", "obj_part", search.ObjIdPart);
        Test("s.instrument_id = any(@instruments)", "instruments", search.InstrumentIds);
        Test("s.group_ids && @in_groups", "in_groups", search.GroupIds);
        Test("s.followup_request_id = any(@followups)", "followups", search.FollowupRequestIds);
        Test("s.assignment_id = any(@assignments)", "assignments", search.AssignmentIds);
        Test("exists (select 1 from unnest(@origins) part where strpos(lower(s.origin), lower(part)) > 0)", "origins", search.OriginParts);
        Test("exists (select 1 from unnest(@labels) part where strpos(lower(s.label), lower(part)) > 0)", "labels", search.LabelParts);
        Test("s.type = any(@types)", "types", search.Types);
        if (CommentTest(search) is { } commented)
        {
            tests.Add(commented);
            values.AddRange(
            [
                ("comment_parts", search.CommentParts ?? []), ("comment_author", search.CommentAuthorPart ?? ""),
                ("commented_before", search.CommentedBefore ?? new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc)), ("commented_after", search.CommentedAfter ?? DateTime.UnixEpoch),
            ]);
        }

        var where = string.Join(" and ", tests);
        void Bind(NpgsqlCommand command) => values.ForEach(item => command.With(item.Name, item.Value));
        if (!search.WithoutSamples)
        {
            await RefuseTooMuchAsync(viewer, where, Bind, ct);
        }

        return await ReadAsync(viewer, where, Bind, !search.WithoutSamples, ct);
    }

    // One comment must meet all of it.
    private static string? CommentTest(SpectrumSearch search) =>
        search is { CommentParts: null, CommentAuthorPart: null, CommentedBefore: null, CommentedAfter: null } ? null : """
            exists (select 1 from comments_on_spectra c join users w on w.id = c.author_id
                where c.spectrum_id = s.id and (@sees_all or c.group_ids && @viewer_groups)
                  and (cardinality(@comment_parts) = 0 or exists (select 1 from unnest(@comment_parts) part where strpos(lower(c.text), lower(part)) > 0))
                  and strpos(lower(w.username), lower(@comment_author)) > 0 and c.created_at between @commented_after and @commented_before)
            """;

    private async Task RefuseTooMuchAsync(Viewer viewer, string where, Action<NpgsqlCommand> bind, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(
            $"select coalesce(sum(cardinality(s.wavelengths)), 0)::bigint from spectra s join objs o on o.id = s.obj_id where {SpectrumAccess.Sees} and {where}").WithViewer(viewer);
        bind(command);
        if ((long)(await command.ExecuteScalarAsync(ct))! > MostSamplesTogether)
        {
            throw Refusal.Invalid($"The spectra that match have more than {MostSamplesTogether} samples together: narrow the query, or ask with minimalPayload.");
        }
    }

    private async Task<List<SpectrumRecord>> RowsAsync(Viewer viewer, string where, Action<NpgsqlCommand> bind, bool withSamples, CancellationToken ct)
    {
        // Indexes spectra (obj_id, observed_at) and spectra (observed_at).
        var sql = $"""
            select s.id, s.obj_id, s.observed_at, s.instrument_id, s.owner_id, s.type, s.origin, s.label, s.units, s.followup_request_id,
                   s.assignment_id, s.altdata, s.original_file_filename, s.original_file_hash, s.created_at, s.modified,
                   s.pi_ids, s.reducer_ids, s.observer_ids, s.external_pi, s.external_reducer, s.external_observer,
                   {GroupRecord.JsonList("s.group_ids")}, instrument.name, owner.username{(withSamples ? ", s.wavelengths, s.fluxes, s.errors" : "")}
            from spectra s join objs o on o.id = s.obj_id
            join instruments instrument on instrument.id = s.instrument_id join users owner on owner.id = s.owner_id
            where {SpectrumAccess.Sees} and {where}
            order by s.observed_at, s.id
            """;
        await using var command = contexts.DataSource.CreateCommand(sql).WithViewer(viewer);
        bind(command);
        return await command.ReadAllAsync(reader => Read(reader, withSamples), ct);
    }

    private async Task<SpectraView> ReadAsync(Viewer viewer, string where, Action<NpgsqlCommand> bind, bool withSamples, CancellationToken ct)
    {
        var spectra = await RowsAsync(viewer, where, bind, withSamples, ct);
        var view = await WithNamesAsync(viewer, spectra, ct);
        if (!withSamples)
        {
            return view;
        }

        var ids = spectra.Select(spectrum => spectrum.Id).ToArray();
        return view with { Comments = await comments.OfSpectraAsync(viewer, ids, ct), Annotations = await annotations.ForAsync(viewer, ids, ct) };
    }

    private static SpectrumRecord Read(NpgsqlDataReader reader, bool withSamples) => new()
    {
        Id = reader.GetInt64(0),
        ObjId = reader.GetString(1),
        ObservedAt = reader.GetDateTime(2),
        InstrumentId = reader.GetInt32(3),
        OwnerId = reader.GetInt32(4),
        Type = reader.GetString(5),
        Origin = reader.Maybe<string>(6),
        Label = reader.Maybe<string>(7),
        Units = reader.Maybe<string>(8),
        FollowupRequestId = reader.Maybe<int?>(9),
        AssignmentId = reader.Maybe<int?>(10),
        Altdata = reader.Maybe<JsonElement?>(11),
        OriginalFileFilename = reader.Maybe<string>(12),
        OriginalFileHash = reader.Maybe<string>(13),
        CreatedAt = reader.GetDateTime(14),
        Modified = reader.GetDateTime(15),
        PiIds = reader.GetFieldValue<int[]>(16),
        ReducerIds = reader.GetFieldValue<int[]>(17),
        ObserverIds = reader.GetFieldValue<int[]>(18),
        ExternalPi = reader.Maybe<string>(19),
        ExternalReducer = reader.Maybe<string>(20),
        ExternalObserver = reader.Maybe<string>(21),
        Groups = reader.GetFieldValue<JsonElement>(22),
        InstrumentName = reader.GetString(23),
        OwnerName = reader.GetString(24),
        Wavelengths = withSamples ? reader.GetFieldValue<double[]>(25) : [],
        Fluxes = withSamples ? reader.GetFieldValue<double[]>(26) : [],
        Errors = withSamples ? reader.Maybe<double[]>(27) : null,
    };

    private async Task<SpectraView> WithNamesAsync(Viewer viewer, List<SpectrumRecord> spectra, CancellationToken ct)
    {
        if (spectra.Count == 0)
        {
            return new SpectraView([], new Dictionary<int, InstrumentRecord>(), new Dictionary<int, TelescopeRecord>(), new Dictionary<int, UserRecord>());
        }

        var instrumentIds = spectra.Select(spectrum => spectrum.InstrumentId).Distinct().ToArray();
        await using var db = contexts.For(viewer);
        var instruments = await db.Set<Instrument>().Where(row => instrumentIds.Contains(row.Id)).Select(InstrumentRecord.Of).ToDictionaryAsync(row => row.Id, ct);
        var telescopeIds = instruments.Values.Select(row => row.TelescopeId).Distinct().ToArray();
        var telescopes = await db.Set<Telescope>().Where(row => telescopeIds.Contains(row.Id)).Select(TelescopeRecord.Of).ToDictionaryAsync(row => row.Id, ct);
        var userIds = spectra.SelectMany(spectrum => spectrum.PiIds.Concat(spectrum.ReducerIds).Concat(spectrum.ObserverIds).Append(spectrum.OwnerId)).Distinct().ToArray();
        await using var command = contexts.DataSource.CreateCommand($"select {UserRecord.Columns} from users u where u.id = any(@ids)").With("ids", userIds);
        var users = await command.ReadAllAsync(reader => UserRecord.Read(reader)!, ct);
        return new SpectraView(spectra, instruments, telescopes, users.ToDictionary(user => user.Id));
    }
}
