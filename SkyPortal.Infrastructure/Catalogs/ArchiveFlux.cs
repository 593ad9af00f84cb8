using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Takes what archives tell to microjansky on the AB system, f = 10^(-0.4 (m_AB - 23.9)) (Oke and Gunn 1983).</summary>
public static class ArchiveFlux
{
    /// <summary>Flux and uncertainty of a magnitude, the uncertainty to first order: sigma_f = f sigma_m ln(10) / 2.5.</summary>
    /// <param name="mag">Magnitude in its system.</param>
    /// <param name="errorMag">One sigma, magnitudes.</param>
    /// <param name="filter">Bandpass.</param>
    /// <param name="system">Magnitude system.</param>
    public static (double FluxMicroJansky, double ErrorMicroJansky) OfMag(double mag, double errorMag, string filter, string system)
    {
        var flux = StoredFlux.MicroJanskyOfAbMag(mag - MagnitudeSystems.ZeroPointOffsetMag(system, filter));
        return (flux, StoredFlux.ErrorMicroJansky(flux, errorMag));
    }

    /// <summary>One sigma of a non-detection.</summary>
    /// <param name="limitMag">Limiting magnitude in its system.</param>
    /// <param name="sigmas">How many sigmas the limit stands for.</param>
    /// <param name="filter">Bandpass.</param>
    /// <param name="system">Magnitude system.</param>
    public static double SigmaOfLimit(double limitMag, double sigmas, string filter, string system) =>
        StoredFlux.MicroJanskyOfAbMag(limitMag - MagnitudeSystems.ZeroPointOffsetMag(system, filter)) / sigmas;
}
