using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Spectra;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>A spectrum as read from a file.</summary>
/// <param name="Samples">Checked samples.</param>
/// <param name="Header">What the file's header says, by keyword; null where it has none.</param>
/// <param name="SkippedRows">Rows without a measurement (flux not-a-number or infinite), which were left out.</param>
/// <param name="Units">Unit of the fluxes where the file names one that the platform keeps; else null.</param>
/// <param name="ObservedAt">Middle of the exposure (UTC) where the file tells it; else null.</param>
public sealed record ParsedSpectrum(SpectrumSamples Samples, JsonObject? Header, int SkippedRows, string? Units = null, DateTime? ObservedAt = null)
{
    /// <summary>The refusal of a file.</summary>
    internal static Refusal Wrong(string reason) => Refusal.Invalid($"Error parsing spectrum: {reason}");

    /// <summary>
    /// Samples without those whose flux is not finite. An error that is negative or not finite, as pipelines write where they
    /// know none, is kept as unknown.
    /// </summary>
    internal static (SpectrumSamples Samples, int Skipped) Measured(IReadOnlyList<double> wavelengthsAngstrom, IReadOnlyList<double> fluxes, IReadOnlyList<double>? errors)
    {
        var kept = Enumerable.Range(0, wavelengthsAngstrom.Count).Where(row => double.IsFinite(fluxes[row])).ToArray();
        var samples = SpectrumSamples.From(
            Array.ConvertAll(kept, row => wavelengthsAngstrom[row]),
            Array.ConvertAll(kept, row => fluxes[row]),
            errors is null ? null : Array.ConvertAll(kept, row => errors[row] >= 0 && double.IsFinite(errors[row]) ? errors[row] : double.NaN));
        return (samples, wavelengthsAngstrom.Count - kept.Length);
    }
}
