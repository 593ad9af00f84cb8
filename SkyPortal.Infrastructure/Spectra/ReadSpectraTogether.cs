using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Whose spectra are read together; null for any.</summary>
public sealed record SpectraOfMany
{
    /// <summary>Saved to this group.</summary>
    public int? GroupId { get; init; }

    public string[]? ObjIds { get; init; }

    /// <summary>Any of these classes.</summary>
    public string[]? Classes { get; init; }

    /// <summary>Least probability of the class, 0 to 1; a class without one counts.</summary>
    public double? LeastProbability { get; init; }

    public int MostSources { get; init; } = 200;
}

/// <summary>What aligns the spectra of a source: redshift, and times in MJD (UTC).</summary>
public sealed record SpectraSource(string Id, double? Redshift, double? FirstDetectedMjd, double? PeakMjd, string? TnsDiscoveryDate);

/// <summary>A spectrum without its surroundings; wavelengths in ångström.</summary>
public sealed record BareSpectrum(string ObjId, DateTime ObservedAt, double[] Wavelengths, double[] Fluxes);

/// <summary>Spectra of many sources.</summary>
/// <param name="Sources">The sources, by name.</param>
/// <param name="Spectra">Their spectra, oldest first.</param>
/// <param name="Truncated">Whether there are more of either.</param>
public sealed record SpectraTogether(IReadOnlyList<SpectraSource> Sources, IReadOnlyList<BareSpectrum> Spectra, bool Truncated);

/// <summary>Reads spectra of many sources for comparison, in three statements.</summary>
public sealed class ReadSpectraTogether(Contexts contexts)
{
    /// <summary>Most sources that may be asked for.</summary>
    public const int MostSources = 1_000;

    private const int MostSpectra = 3_000;

    private const string SourcesSql = $"""
        select o.id, o.redshift, p.first_detected_mjd, p.peak_mjd_global, o.tns_info ->> 'discoverydate'
        from objs o left join photstats p on p.obj_id = o.id and {ViewerSql.SeesPhotStats}
        where {ViewerSql.SeesObj}
          and exists (select 1 from spectra s where s.obj_id = o.id and {SpectrumAccess.Sees})
          and (@group = 0 or exists (select 1 from sources saved where saved.obj_id = o.id and saved.group_id = @group and saved.active and (@sees_all or @group = any(@viewer_groups))))
          and (@any_id or o.id = any(@ids))
          and (@any_class or exists (select 1 from classifications k join taxonomies x on x.id = k.taxonomy_id where k.obj_id = o.id
               and k.classification = any(@classes) and (@least = 0 or k.probability is null or k.probability >= @least)
               and (@sees_all or (k.group_ids && @viewer_groups and x.group_ids && @viewer_groups))))
        order by o.id
        limit @take
        """;

    // The running sum keeps a reply bounded whatever the spectra.
    private const string SpectraSql = $"""
        select obj_id, observed_at, wavelengths, fluxes from (
            select s.obj_id, s.observed_at, s.id, s.wavelengths, s.fluxes,
                   sum(cardinality(s.wavelengths)) over (order by s.observed_at, s.id) as samples
            from spectra s join objs o on o.id = s.obj_id
            where s.obj_id = any(@ids) and {SpectrumAccess.Sees}) spectrum
        where samples <= @most_samples
        order by observed_at, id
        limit @take
        """;

    /// <summary>Spectra of the sources that match and have any.</summary>
    public async Task<SpectraTogether> HandleAsync(Viewer viewer, SpectraOfMany which, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(SourcesSql).WithViewer(viewer)
            .With("group", which.GroupId ?? 0)
            .With("any_id", which.ObjIds is null).With("ids", which.ObjIds ?? [])
            .With("any_class", which.Classes is null).With("classes", which.Classes ?? [])
            .With("least", which.LeastProbability ?? 0.0)
            .With("take", which.MostSources + 1);
        var found = await command.ReadAllAsync(
            reader => new SpectraSource(reader.GetString(0), reader.Maybe<double?>(1), reader.Maybe<double?>(2), reader.Maybe<double?>(3), reader.Maybe<string>(4)), ct);
        var sources = found.Take(which.MostSources).ToList();
        var (spectra, all) = await SpectraAsync(viewer, [.. sources.Select(source => source.Id)], ct);
        return new SpectraTogether(sources, spectra, found.Count > sources.Count || all > spectra.Count);
    }

    private async Task<(List<BareSpectrum> Spectra, long All)> SpectraAsync(Viewer viewer, string[] ids, CancellationToken ct)
    {
        await using var counting = contexts.DataSource.CreateCommand($"select count(*) from spectra s join objs o on o.id = s.obj_id where s.obj_id = any(@ids) and {SpectrumAccess.Sees}")
            .WithViewer(viewer).With("ids", ids);
        var all = (long)(await counting.ExecuteScalarAsync(ct))!;
        await using var command = contexts.DataSource.CreateCommand(SpectraSql).WithViewer(viewer)
            .With("ids", ids).With("most_samples", (decimal)ReadSpectra.MostSamplesTogether).With("take", MostSpectra);
        return (await command.ReadAllAsync(Read, ct), all);
    }

    private static BareSpectrum Read(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetDateTime(1), reader.GetFieldValue<double[]>(2), reader.GetFieldValue<double[]>(3));
}
