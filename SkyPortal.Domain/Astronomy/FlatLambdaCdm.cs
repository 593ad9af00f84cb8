namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// A flat universe with matter, radiation, neutrinos and a cosmological constant. Distances follow Hogg (1999,
/// astro-ph/9905116); massive neutrinos the fit of Komatsu et al. (2011, ApJS 192, 18), as astropy does, to which
/// luminosity distances agree to about 1e-9.
/// </summary>
public sealed class FlatLambdaCdm
{
    private const double SpeedOfLightKmS = 299_792.458;
    private const double MetersPerMpc = 3.0856775814913674e22;
    private const double GravitationalConstantSi = 6.6743e-11;
    private const double StefanBoltzmannSi = 5.6703744191844314e-8;
    private const double BoltzmannEvPerKelvin = 8.617333262145179e-5;
    private const double NeutrinoToPhotonTemperature = 0.7137658555036082;
    private readonly double _hubbleDistanceMpc;
    private readonly double _photonDensity;
    private readonly double _lambdaDensity;
    private readonly double _neutrinoMassRatio;
    private readonly int _masslessSpecies;
    private readonly double _effectiveSpecies;

    /// <summary>Describes a universe with three kinds of neutrino, at most one of which has mass.</summary>
    /// <param name="hubbleKmSMpc">Hubble constant in km/s/Mpc.</param>
    /// <param name="matterDensity">Density of matter without neutrinos over the critical density, today.</param>
    /// <param name="cmbTemperatureKelvin">Temperature of the background radiation, today; 0 for none.</param>
    /// <param name="effectiveNeutrinoSpecies">Effective number of kinds of neutrino.</param>
    /// <param name="neutrinoMassEv">Mass of the one massive kind in eV; 0 for none.</param>
    public FlatLambdaCdm(double hubbleKmSMpc, double matterDensity, double cmbTemperatureKelvin, double effectiveNeutrinoSpecies, double neutrinoMassEv)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hubbleKmSMpc);
        ArgumentOutOfRangeException.ThrowIfNegative(matterDensity);
        ArgumentOutOfRangeException.ThrowIfNegative(cmbTemperatureKelvin);
        HubbleKmSMpc = hubbleKmSMpc;
        MatterDensity = matterDensity;
        _hubbleDistanceMpc = SpeedOfLightKmS / hubbleKmSMpc;
        _effectiveSpecies = effectiveNeutrinoSpecies;
        _masslessSpecies = neutrinoMassEv > 0 ? 2 : 3;
        _neutrinoMassRatio = cmbTemperatureKelvin > 0
            ? neutrinoMassEv / (BoltzmannEvPerKelvin * NeutrinoToPhotonTemperature * cmbTemperatureKelvin)
            : 0;
        var hubblePerSecond = hubbleKmSMpc * 1000 / MetersPerMpc;
        var criticalKgM3 = 3 * hubblePerSecond * hubblePerSecond / (8 * Math.PI * GravitationalConstantSi);
        var lightMetersPerSecond = SpeedOfLightKmS * 1000;
        var photonKgM3 = 4 * StefanBoltzmannSi / Math.Pow(lightMetersPerSecond, 3) * Math.Pow(cmbTemperatureKelvin, 4);
        _photonDensity = photonKgM3 / criticalKgM3;
        _lambdaDensity = 1 - matterDensity - (_photonDensity * (1 + NeutrinoPerPhoton(0)));
    }

    /// <summary>Parameters of Planck 2018 (arXiv:1807.06209, table 2, last column), as in astropy's <c>Planck18</c>.</summary>
    public static FlatLambdaCdm Planck18 { get; } = new(67.66, 0.30966, 2.7255, 3.046, 0.06);

    /// <summary>Hubble constant in km/s/Mpc.</summary>
    public double HubbleKmSMpc { get; }

    /// <summary>Density of matter without neutrinos over the critical density, today.</summary>
    public double MatterDensity { get; }

    /// <summary>Luminosity distance in Mpc.</summary>
    /// <param name="redshift">Redshift, not below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The redshift is negative or not finite.</exception>
    public double LuminosityDistanceMpc(double redshift) => (1 + redshift) * ComovingDistanceMpc(redshift);

    /// <summary>Angular diameter distance in Mpc.</summary>
    /// <param name="redshift">Redshift, not below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The redshift is negative or not finite.</exception>
    public double AngularDiameterDistanceMpc(double redshift) => ComovingDistanceMpc(redshift) / (1 + redshift);

    /// <summary>Distance modulus in mag; minus infinity at redshift 0.</summary>
    /// <param name="redshift">Redshift, not below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The redshift is negative or not finite.</exception>
    public double DistanceModulusMag(double redshift) => DistanceModulusMagOf(LuminosityDistanceMpc(redshift));

    /// <summary>Distance modulus in mag of a luminosity distance in Mpc.</summary>
    public static double DistanceModulusMagOf(double luminosityDistanceMpc) => (5 * Math.Log10(luminosityDistanceMpc)) + 25;

    /// <summary>Line-of-sight comoving distance in Mpc.</summary>
    /// <param name="redshift">Redshift, not below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The redshift is negative or not finite.</exception>
    public double ComovingDistanceMpc(double redshift)
    {
        if (!(redshift >= 0 && double.IsFinite(redshift)))
        {
            throw new ArgumentOutOfRangeException(nameof(redshift), redshift, "A redshift must be finite and not negative.");
        }

        // With u = ln(1 + z) the integrand is smooth over any range, and few Gauss points per unit of u suffice.
        var end = Math.Log(1 + redshift);
        var pieces = Math.Max(1, (int)Math.Ceiling(end * 4));
        var sum = 0.0;
        for (var piece = 0; piece < pieces; piece++)
        {
            var half = end / pieces / 2;
            var middle = ((2 * piece) + 1) * half;
            for (var i = 0; i < GaussNodes.Length; i++)
            {
                var offset = GaussNodes[i] * half;
                sum += GaussWeights[i] * half * (Integrand(middle + offset) + Integrand(middle - offset));
            }
        }

        return _hubbleDistanceMpc * sum;
    }

    // Ten-point Gauss-Legendre rule (Abramowitz and Stegun, table 25.4); the nodes are symmetric.
    private static ReadOnlySpan<double> GaussNodes => [0.148874338981631211, 0.433395394129247191, 0.679409568299024406, 0.865063366688984511, 0.973906528517171720];

    private static ReadOnlySpan<double> GaussWeights => [0.295524224714752870, 0.269266719309996355, 0.219086362515982044, 0.149451349150580593, 0.066671344308688138];

    private double Integrand(double logOnePlusZ)
    {
        var onePlusZ = Math.Exp(logOnePlusZ);
        var cube = onePlusZ * onePlusZ * onePlusZ;
        var radiation = _photonDensity * (1 + NeutrinoPerPhoton(onePlusZ - 1));
        return onePlusZ / Math.Sqrt((cube * (MatterDensity + (radiation * onePlusZ))) + _lambdaDensity);
    }

    /// <summary>Energy density of neutrinos over that of photons (Komatsu et al. 2011, equations 26 and following).</summary>
    private double NeutrinoPerPhoton(double redshift)
    {
        const double Power = 1.83;
        const double Slope = 0.3173;
        const double PerSpecies = 0.22710731766;
        if (_masslessSpecies == 3)
        {
            return PerSpecies * _effectiveSpecies;
        }

        var massive = Math.Pow(1 + Math.Pow(Slope * _neutrinoMassRatio / (1 + redshift), Power), 0.54644808743);
        return PerSpecies * (_effectiveSpecies / 3) * (_masslessSpecies + massive);
    }
}
