using System.Globalization;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>A page of another site about a position.</summary>
/// <param name="Name">Short name of the site.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Href">Address.</param>
public sealed record SkyLink(string Name, string Title, string Href);

/// <summary>Pages of other sites about a position in the sky.</summary>
public static class SkyLinks
{
    /// <summary>The links, catalogues first, then pictures.</summary>
    /// <param name="raDegrees">ICRS right ascension.</param>
    /// <param name="decDegrees">ICRS declination.</param>
    /// <param name="tnsName">Name at TNS where it is known, with or without its prefix.</param>
    public static IReadOnlyList<SkyLink> Of(double raDegrees, double decDegrees, string? tnsName)
    {
        var ra = raDegrees.ToString("0.000000", CultureInfo.InvariantCulture);
        var dec = decDegrees.ToString("0.000000", CultureInfo.InvariantCulture);
        return
        [
            new("TNS", "Transient Name Server", tnsName is null
                ? $"https://www.wis-tns.org/search?ra={ra}&decl={dec}&radius=5&coords_unit=arcsec"
                : $"https://www.wis-tns.org/object/{Uri.EscapeDataString(tnsName[(tnsName.IndexOf(' ', StringComparison.Ordinal) + 1)..])}"),
            new("SIMBAD", "SIMBAD within 10 arcsec", $"https://simbad.cds.unistra.fr/simbad/sim-coo?Coord={ra}+{Signed(decDegrees)}&CooFrame=ICRS&Radius=10&Radius.unit=arcsec"),
            new("NED", "NASA/IPAC Extragalactic Database within 1 arcmin", $"https://ned.ipac.caltech.edu/conesearch?search_type=Near%20Position%20Search&in_csys=Equatorial&in_equinox=J2000&coordinates={ra}d%20{dec}d&radius=1"),
            new("VizieR", "VizieR catalogues within 5 arcsec", $"https://vizier.cds.unistra.fr/viz-bin/VizieR-4?-c={ra}+{Signed(decDegrees)}&-c.rs=5&-out.add=_r&-sort=_r"),
            new("Legacy", "Legacy Surveys sky viewer", $"https://www.legacysurvey.org/viewer?ra={ra}&dec={dec}&layer=ls-dr10&zoom=16&mark={ra},{dec}"),
            new("PS1", "Pan-STARRS1 cut-outs", $"https://ps1images.stsci.edu/cgi-bin/ps1cutouts?pos={ra}+{Signed(decDegrees)}&filter=color&size=240"),
            new("SDSS", "SDSS finding chart", $"https://skyserver.sdss.org/dr18/VisualTools/navi?ra={ra}&dec={dec}&scale=0.2"),
            new("ESASky", "ESASky, all wavelengths", $"https://sky.esa.int/esasky/?target={ra}%20{dec}&fov=0.05&sci=true"),
        ];
    }

    // A plus sign in an address stands for a space.
    private static string Signed(double degrees) =>
        Uri.EscapeDataString(degrees.ToString("+0.000000;-0.000000", CultureInfo.InvariantCulture));
}
