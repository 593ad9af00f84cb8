using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SkyPortal.Domain.Photometry;

/// <summary>A magnitude system is unknown, or not defined in a bandpass. The message names both and may be shown to a client.</summary>
public sealed class MagnitudeSystemException(string message) : ArgumentException(message);

/// <summary>
/// Magnitude systems and their zero points against AB. Only published values are held: a combination without one is
/// refused, never estimated.
/// </summary>
public static class MagnitudeSystems
{
    /// <summary>The system in which fluxes are stored.</summary>
    public const string Ab = "ab";

    /// <summary>The system in which Vega has magnitude 0.</summary>
    public const string Vega = "vega";

    private const string AbB12 = "ab-b12";
    private const string Bd17 = "bd17";

    private static readonly FrozenDictionary<string, string> AliasTable = new Dictionary<string, string>
    {
        ["vega2"] = "jla1",
        ["vegahst"] = Vega,
        ["ab_b12"] = AbB12,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>SDSS magnitude of an object of AB magnitude 0, Betoule et al. 2013 (A&amp;A 552, A124).</summary>
    private static readonly FrozenDictionary<string, double> B12OffsetsMag = new Dictionary<string, double>
    {
        ["sdssu"] = 0.06791,
        ["sdssg"] = -0.02028,
        ["sdssr"] = -0.00493,
        ["sdssi"] = -0.01780,
        ["sdssz"] = -0.01015,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>AB magnitudes of BD+17 4708, Smith et al. 2002 (AJ 123, 2121), after Fukugita et al. 1996.</summary>
    private static readonly FrozenDictionary<string, double> Bd17AbMag = new Dictionary<string, double>
    {
        ["sdssu"] = 10.56,
        ["sdssg"] = 9.64,
        ["sdssr"] = 9.35,
        ["sdssi"] = 9.25,
        ["sdssz"] = 9.23,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of the systems, in the order in which clients list them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["jla1", Ab, Vega, Bd17, "csp", AbB12];

    /// <summary>Second names and the system each stands for.</summary>
    public static IReadOnlyDictionary<string, string> Aliases => AliasTable;

    /// <summary>Where the Vega offsets of <see cref="Bandpass.AbMinusVegaMag"/> come from, by <see cref="Bandpass.VegaSource"/>.</summary>
    public static IReadOnlyDictionary<string, string> VegaSources { get; } = new Dictionary<string, string>
    {
        ["BR07"] = "Blanton & Roweis 2007, AJ 133, 734, table 1 (Bessell, SDSS, 2MASS)",
        ["B11"] = "Breeveld et al. 2011, AIP Conf. Proc. 1358, 373 (Swift UVOT)",
        ["R21"] = "Riello et al. 2021, A&A 649, A3: zero points of Gaia EDR3",
        ["SVO"] = "SVO Filter Profile Service: Vega fluxes of Pan-STARRS1 against 3631 Jy",
        ["ZTF"] = "ZTF filters, rounded; within 0.01 mag of the DES filters of nearly the same wavelengths",
        ["FSPS"] = "Filter table of FSPS (Conroy, Gunn & White 2009, ApJ 699, 486): AB less Vega magnitude of the Sun",
        ["S05"] = "Sirianni et al. 2005, PASP 117, 1049, table 10 (HST ACS WFC)",
        ["J11"] = "Jarrett et al. 2011, ApJ 735, 112 (WISE; also WISE Explanatory Supplement IV.4.h)",
        ["WFC3"] = "STScI, WFC3/IR photometric zero points of March 2012",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The system of that name or alias, under its first name; null when there is none.</summary>
    public static string? Resolve(string? name) =>
        name is null ? null : AliasTable.GetValueOrDefault(name) ?? (Names.Contains(name, StringComparer.Ordinal) ? name : null);

    /// <summary>
    /// Zero point of a system against AB in a bandpass, 2.5 log10(f0_system / f0_AB): what to add to an AB magnitude (or
    /// to the AB zero point 23.9) to get the magnitude (or the zero point) in that system.
    /// </summary>
    /// <param name="system">Name or alias of a magnitude system.</param>
    /// <param name="bandpassName">Name or alias of a bandpass.</param>
    /// <returns>The offset in magnitudes.</returns>
    /// <exception cref="MagnitudeSystemException">The system or the bandpass is unknown, or no published offset is held.</exception>
    public static double ZeroPointOffsetMag(string system, string bandpassName) =>
        TryZeroPointOffsetMag(system, bandpassName, out var offsetMag, out var error)
            ? offsetMag
            : throw new MagnitudeSystemException(error);

    /// <summary>As <see cref="ZeroPointOffsetMag"/>, with the reason instead of an exception.</summary>
    /// <param name="system">Name or alias of a magnitude system.</param>
    /// <param name="bandpassName">Name or alias of a bandpass.</param>
    /// <param name="offsetMag">The offset in magnitudes; 0 when the answer is false.</param>
    /// <param name="error">Why there is no offset; null when the answer is true.</param>
    public static bool TryZeroPointOffsetMag(
        string? system,
        string? bandpassName,
        out double offsetMag,
        [NotNullWhen(false)] out string? error)
    {
        offsetMag = 0;
        error = null;
        if (Resolve(system) is not { } resolved)
        {
            error = $"Unknown magnitude system '{system}'; use one of {string.Join(", ", Names)}.";
            return false;
        }

        if (Bandpasses.Find(bandpassName) is not { } bandpass)
        {
            error = $"Unknown bandpass '{bandpassName}'.";
            return false;
        }

        if (resolved == Ab || bandpass.IsAlwaysAb)
        {
            return true;
        }

        double? known = resolved switch
        {
            Vega => -bandpass.AbMinusVegaMag,
            AbB12 when B12OffsetsMag.TryGetValue(bandpass.Name, out var mag) => mag,
            Bd17 when Bd17AbMag.TryGetValue(bandpass.Name, out var mag) => -mag,
            _ => null,
        };
        if (known is null)
        {
            error = $"Magnitude system '{system}' is not supported in bandpass '{bandpassName}': no published zero point against AB is held.";
            return false;
        }

        offsetMag = known.Value;
        return true;
    }
}
