using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>A server that holds light curves.</summary>
public interface IArchive
{
    /// <summary>What it is and gives.</summary>
    ArchiveAbout About { get; }

    /// <summary>Everything that it holds at a position, in microjansky; empty where it holds nothing.</summary>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<IReadOnlyList<ArchivePoint>> FetchAsync(ArchiveAsk ask, CancellationToken ct);
}

/// <summary>What an archive is and gives, for people.</summary>
/// <param name="Name">Name on the wire, such as ztf.</param>
/// <param name="Title">Its name.</param>
/// <param name="Gives">What it gives, in one line.</param>
/// <param name="Bands">Bands, in one line.</param>
/// <param name="Service">The server that is asked first.</param>
public sealed record ArchiveAbout(string Name, string Title, string Gives, string Bands, OutsideService Service)
{
    /// <summary>Setting without which it cannot be asked, such as Token; null where none is needed.</summary>
    public string? NeedsSetting { get; init; }
}

/// <summary>What is asked of an archive.</summary>
/// <param name="Viewer">On whose behalf.</param>
/// <param name="ObjId">The object.</param>
/// <param name="Position">Where it is, ICRS.</param>
/// <param name="Names">Names under which it is known.</param>
/// <param name="Tell">Takes how far it is, 0 to 1, and what is being done.</param>
public sealed record ArchiveAsk(Viewer Viewer, string ObjId, SkyPosition Position, IReadOnlyList<string> Names, Func<double, string, Task> Tell);

/// <summary>An instrument that an archive's measurements come from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TelescopeNickname">Nickname of its telescope.</param>
/// <param name="TelescopeName">Name of its telescope.</param>
/// <param name="Band">Kind of light.</param>
/// <param name="Filters">Names of its bandpasses.</param>
public sealed record ArchiveInstrument(string Name, string TelescopeNickname, string TelescopeName, string Band, IReadOnlyList<string> Filters)
{
    /// <summary>Whether the telescope stands at one place on the ground.</summary>
    public bool HasFixedLocation { get; init; } = true;

    public static ArchiveInstrument Ztf { get; } = new("ZTF", "P48", "Palomar 1.2m", "optical", ["ztfg", "ztfr", "ztfi"]);
    public static ArchiveInstrument Gaia { get; } = new("Gaia", "Gaia", "Gaia", "optical", ["gaia::g", "gaia::gbp", "gaia::grp"]) { HasFixedLocation = false };
    public static ArchiveInstrument Wise { get; } =
        new("WISE", "WISE", "Wide-field Infrared Survey Explorer", "infrared", ["wise::w1", "wise::w2", "wise::w3", "wise::w4"]) { HasFixedLocation = false };

    public static ArchiveInstrument Css { get; } = new("CSS", "CSS", "Catalina Sky Survey", "optical", ["bessellv"]) { HasFixedLocation = false };
    public static ArchiveInstrument Vla { get; } = new("VLA", "VLA", "Very Large Array", "radio", ["radio-1.4GHz"]);
    public static ArchiveInstrument Sdss { get; } = new("SDSS imager", "SDSS2.5m", "SDSS 2.5m", "optical", ["sdssu", "sdssg", "sdssr", "sdssi", "sdssz"]);
    public static ArchiveInstrument PanStarrs { get; } = new("PS1", "PS1", "Pan-STARRS 1", "optical", ["ps1::g", "ps1::r", "ps1::i", "ps1::z", "ps1::y"]);
    public static ArchiveInstrument Linear { get; } = new("LINEAR", "LINEAR", "Lincoln Near-Earth Asteroid Research 1m", "optical", ["sdssr"]);
    public static ArchiveInstrument AsasSn { get; } = new("ASAS-SN", "ASAS-SN", "ASAS-SN", "optical", ["bessellv", "sdssg"]) { HasFixedLocation = false };
    public static ArchiveInstrument Atlas { get; } = new("ATLAS", "ATLAS-0.5m", "ATLAS 0.5m", "optical", ["atlasc", "atlaso"]) { HasFixedLocation = false };
    public static ArchiveInstrument Lsst { get; } = new("LSST", "Simonyi", "Simonyi Survey Telescope", "optical", ["lsstu", "lsstg", "lsstr", "lssti", "lsstz", "lssty"]);
}

/// <summary>One measurement of an archive.</summary>
/// <param name="Instrument">What took it.</param>
/// <param name="Origin">Where it comes from, as stored.</param>
/// <param name="MjdUtcDays">When, MJD in UTC.</param>
/// <param name="Filter">Bandpass.</param>
/// <param name="FluxMicroJansky">Flux on the AB system, with its sign; null for a non-detection.</param>
/// <param name="FluxErrMicroJansky">One sigma; of a non-detection the limit over its number of sigmas.</param>
public sealed record ArchivePoint(ArchiveInstrument Instrument, string Origin, double MjdUtcDays, string Filter, double? FluxMicroJansky, double FluxErrMicroJansky)
{
    /// <summary>ICRS right ascension of the measurement, degrees.</summary>
    public double? RaDegrees { get; init; }

    /// <summary>ICRS declination of the measurement, degrees.</summary>
    public double? DecDegrees { get; init; }

    /// <summary>What else the archive tells, as it tells it.</summary>
    public IReadOnlyDictionary<string, object?>? Data { get; init; }

    /// <summary>Whether it can be stored.</summary>
    public bool IsUsable => double.IsFinite(MjdUtcDays) && MjdUtcDays is > -100_000 and < 200_000 && double.IsFinite(FluxErrMicroJansky) && FluxErrMicroJansky is > 0 and < 1e25
        && (FluxMicroJansky is not { } flux || (double.IsFinite(flux) && Math.Abs(flux) < 1e25));
}
