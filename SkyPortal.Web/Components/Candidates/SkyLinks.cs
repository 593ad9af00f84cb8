using System.Globalization;
using SkyPortal.Domain.Astronomy;

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

    /// <summary>Pages of further archives: images, spectra and catalogues at other wavelengths.</summary>
    /// <param name="raDegrees">ICRS right ascension.</param>
    /// <param name="decDegrees">ICRS declination.</param>
    public static IReadOnlyList<SkyLink> Archives(double raDegrees, double decDegrees)
    {
        var ra = raDegrees.ToString("0.000000", CultureInfo.InvariantCulture);
        var dec = decDegrees.ToString("0.000000", CultureInfo.InvariantCulture);
        var words = $"{Sexagesimal.FormatRa(raDegrees, 2, SexagesimalStyle.Spaces)} {Sexagesimal.FormatDec(decDegrees, 1, SexagesimalStyle.Spaces)}".Replace("+", "%2B", StringComparison.Ordinal).Replace(' ', '+');
        string Vizier(string catalogue, int arcsec) => $"https://vizier.cds.unistra.fr/viz-bin/VizieR-3?-source={catalogue}&-c={ra}+{Signed(decDegrees)}&-c.rs={arcsec}&-out.add=_r&-sort=_r";
        return
        [
            new("Aladin", "Aladin Lite, DSS2 in colour", $"https://aladin.cds.unistra.fr/AladinLite/?target={ra}%20{Signed(decDegrees)}&fov=0.05&survey=CDS/P/DSS2/color"),
            new("DSS2", "Digitized Sky Survey, red, 5 arcmin", $"https://archive.stsci.edu/cgi-bin/dss_search?v=poss2ukstu_red&r={ra}&d={dec}&e=J2000&h=5&w=5&f=gif"),
            new("Gaia", "Gaia DR3 within 5 arcsec", Vizier("I/355/gaiadr3", 5)),
            new("ZTF", "ZTF light curves at IRSA within 2 arcsec", $"https://irsa.ipac.caltech.edu/cgi-bin/ZTF/nph_light_curves?POS=CIRCLE+{ra}+{dec}+0.00055&BANDNAME=g,r,i&FORMAT=ipac_table"),
            new("CRTS", "Catalina light curves", $"http://nesssi.cacr.caltech.edu/cgi-bin/getcssconedb_release_img.cgi?RA={ra}&Dec={dec}&Rad=0.1&DB=photcat&OUT=csv&SHORT=short&PLOT=plot"),
            new("WISE", "AllWISE within 10 arcsec", Vizier("II/328/allwise", 10)),
            new("GALEX", "GALEX explorer", $"https://galex.stsci.edu/GR6/?page=explore&ra={ra}&dec={dec}"),
            new("FIRST", "FIRST radio cut-out", $"https://third.ucllnl.org/cgi-bin/firstcutout?RA={words}&Equinox=J2000&ImageSize=4.5&MaxInt=10"),
            new("HEASARC", "High-energy archives", $"https://heasarc.gsfc.nasa.gov/cgi-bin/vo/datascope/jds.pl?position={ra},{dec}&size=0.25"),
            new("ESO", "VLT and other telescopes of ESO", $"https://archive.eso.org/wdb/wdb/eso/eso_archive_main/query?ra={ra}&dec={dec}&deg_or_hour=degrees&box=00+10+00"),
            new("CFHT", "CFHT and others at the CADC", $"https://www.cadc-ccda.hia-iha.nrc-cnrc.gc.ca/en/search/?Plane.position.bounds={ra}%20{Signed(decDegrees)}%200.02#resultTableTab"),
            new("Subaru", "Subaru images at SMOKA", $"https://smoka.nao.ac.jp/search?coords={ra}+{Signed(decDegrees)}&radius=10"),
            new("Extinction", "Galactic extinction at NED", $"https://ned.ipac.caltech.edu/extinction_calculator?in_csys=Equatorial&in_equinox=J2000.0&obs_epoch=2000.0&ra={ra}d&dec={dec}d"),
            new("ADS", "Papers about the position", $"https://ui.adsabs.harvard.edu/search/q=object%3A%22{words}%3A0%205%22"),
            new("MPC", "The Minor Planet Center's checker", "https://minorplanetcenter.net/cgi-bin/checkmp.cgi"),
        ];
    }

    // A plus sign in an address stands for a space.
    private static string Signed(double degrees) =>
        Uri.EscapeDataString(degrees.ToString("+0.000000;-0.000000", CultureInfo.InvariantCulture));
}
