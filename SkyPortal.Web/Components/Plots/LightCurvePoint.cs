namespace SkyPortal.Web.Components.Plots;

/// <summary>A measurement or a limit to be drawn.</summary>
/// <param name="Mjd">UTC MJD.</param>
/// <param name="Filter">Bandpass name.</param>
/// <param name="Mag">AB magnitude; null for a limit or a flux that is not positive.</param>
/// <param name="Magerr">AB magnitude, one sigma.</param>
/// <param name="LimitingMag">AB magnitude of the limit.</param>
/// <param name="FluxMicroJansky">Flux in µJy; null where nothing was measured.</param>
/// <param name="FluxerrMicroJansky">One sigma in µJy.</param>
/// <param name="Origin">Which reduction it comes from.</param>
/// <param name="Instrument">Name of the instrument; null where it is of no interest.</param>
public sealed record LightCurvePoint(
    double Mjd,
    string Filter,
    double? Mag,
    double? Magerr,
    double? LimitingMag,
    double? FluxMicroJansky = null,
    double? FluxerrMicroJansky = null,
    string? Origin = null,
    string? Instrument = null)
{
    private static readonly string[] ForcedOrigins = ["fp", "alert_fp", "forced"];

    /// <summary>A limit: nothing was detected, and how deep one looked is known.</summary>
    public bool IsLimit => Mag is null && LimitingMag is not null;

    /// <summary>Measured at a place given beforehand.</summary>
    public bool IsForced => Origin is not null && ForcedOrigins.Any(name => Origin.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The flux is below zero: the object was fainter than in the reference.</summary>
    public bool IsNegative => FluxMicroJansky < 0;
}
