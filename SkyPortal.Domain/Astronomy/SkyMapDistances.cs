namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// How far away a source would be, tile by tile: a Gaussian in distance times distance squared (Singer et al. 2016, ApJL 829,
/// L15). Not-a-number or infinite where a line of sight has no distance. All three are as long as the map.
/// </summary>
/// <param name="MuMpc">Location parameter in Mpc (DISTMU).</param>
/// <param name="SigmaMpc">Scale parameter in Mpc (DISTSIGMA).</param>
/// <param name="NormPerSquareMpc">Normalisation in Mpc^-2 (DISTNORM).</param>
public sealed record SkyMapDistances(double[] MuMpc, double[] SigmaMpc, double[] NormPerSquareMpc);
