using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>The catalogue service of the CDS.</summary>
public static class Vizier
{
    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("Vizier", "VizieR", "https://vizier.cds.unistra.fr/") { TimeoutSeconds = 60 };

    internal const string Tsv = "viz-bin/asu-tsv";

    internal static OutsideField[] Cone(string catalog, Domain.Astronomy.SkyPosition center, double radiusArcsec) =>
    [
        new("-source", catalog), new("-c", $"{center.Ra()} {(center.DecDegrees < 0 ? "" : "+")}{center.Dec()}"), new("-c.rs", ArchiveText.Number(radiusArcsec)),
        new("-out.max", "50"), new("-out.all", "1"), new("-oc.form", "d"),
    ];
}

/// <summary>
/// The FIRST survey at 1.4 GHz (Helfand et al. 2015, VizieR VIII/92): peak flux density in millijansky per beam, 1000 microjansky
/// each, and the noise of the map as one sigma. The time is the mean of the observations that were added up.
/// </summary>
public sealed class FirstArchive(CallOutside call) : IArchive
{
    private const double RadiusArcsec = 5;
    private const double MicroJanskyPerMilliJansky = 1000;
    private const string Origin = "FIRST";
    private static readonly string[] EpochColumns = ["MJD", "Mean-MJD", "MeanMJD", "Epoch"];

    /// <inheritdoc/>
    public ArchiveAbout About { get; } = new("first", "FIRST (VizieR)", "Radio flux density from the VLA survey of 1993 to 2011", "1.4 GHz", Vizier.Service);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct)
    {
        await ask.Tell(0.1, "asking VizieR");
        var reply = await call.HandleAsync(ask.Viewer, ask.Call(About, Vizier.Service, Vizier.Tsv, Vizier.Cone("VIII/92/first14", ask.Position, RadiusArcsec)), ct);
        return Parse(reply.Text);
    }

    /// <summary>The points of a reply.</summary>
    public static IReadOnlyList<ArchivePoint> Parse(string tsv)
    {
        if (ReplyTable.Vizier(Vizier.Service, tsv) is not [var table, ..] || table.Rows.Count == 0)
        {
            return [];
        }

        table.With("Fpeak", "Rms");
        var epoch = Array.Find(EpochColumns, table.Has) ?? throw OutsideException.Unreadable(Vizier.Service, "FIRST has no column with the time of its observations.");
        return [.. table.Rows.Where(row => row.Number("Fpeak") is not null && row.Number("Rms") is not null && row.Number(epoch) is not null).Select(row => new ArchivePoint(
            ArchiveInstrument.Vla, Origin, row.Required(epoch), "radio-1.4GHz", row.Required("Fpeak") * MicroJanskyPerMilliJansky, row.Required("Rms") * MicroJanskyPerMilliJansky)
        {
            RaDegrees = row.Number("RAJ2000"),
            DecDegrees = row.Number("DEJ2000"),
            Data = ArchiveText.Data(row, "FIRST", "Fint", "Maj", "Min", "PA", "p(S)"),
        })];
    }
}
