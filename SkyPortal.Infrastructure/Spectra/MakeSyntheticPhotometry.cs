using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Makes photometry of a spectrum and uploads it for all groups of the viewer's that may see the spectrum.</summary>
public sealed class MakeSyntheticPhotometry(ReadSpectra read, PutPhotometry put)
{
    private const int MostFilters = 100;
    private const double DeepestAbMag = 25;

    /// <summary>Makes a point per bandpass, all or none; points that are there already stay.</summary>
    public async Task HandleAsync(Viewer viewer, long id, IReadOnlyList<string> filters, CancellationToken ct)
    {
        if (filters.Count is 0 or > MostFilters)
        {
            throw Refusal.Invalid($"filters: 1 to {MostFilters} names of bandpasses are needed.");
        }

        var spectrum = (await read.OneAsync(viewer, id, ct)).Spectra.SingleOrDefault() ?? throw Refusal.Invalid($"No spectrum with ID {id}");
        if (spectrum.Units is not { } units)
        {
            throw Refusal.Invalid("units: the spectrum has arbitrary units, and no brightness can be made of it.");
        }

        var names = filters.Distinct(StringComparer.Ordinal).ToArray();
        var made = names.Select(name => Flux(name, spectrum, units)).ToArray();
        await put.HandleAsync(
            viewer,
            JsonSerializer.SerializeToElement(new
            {
                obj_id = spectrum.ObjId,
                instrument_id = spectrum.InstrumentId,
                mjd = Mjd.DaysOf(spectrum.ObservedAt),
                filter = names,
                flux = made.Select(point => point.FluxMicroJansky),
                fluxerr = made.Select(point => Math.Max(point.ErrorMicroJansky ?? 0, StoredFlux.MicroJanskyOfAbMag(DeepestAbMag) / StoredFlux.LimitSigmas)),
                zp = StoredFlux.ZeroPointAbMag,
                magsys = MagnitudeSystems.Ab,
                origin = string.Create(CultureInfo.InvariantCulture, $"synthetic photometry of spectrum {id}"),
                group_ids = Shared(viewer, spectrum),
                altdata = names.Select(name => Note(name, id)),
            }),
            false,
            false,
            ct);
    }

    // Groups that may not see the spectrum must not learn of it by its brightness.
    private static int[] Shared(Viewer viewer, SpectrumRecord spectrum)
    {
        var readers = spectrum.Groups.EnumerateArray().Select(group => group.GetProperty("id").GetInt32()).ToHashSet();
        return [.. viewer.GroupIds.Where(readers.Contains)];
    }

    private static SyntheticFlux Flux(string name, SpectrumRecord spectrum, string units)
    {
        if (Bandpasses.Find(name) is null)
        {
            throw Refusal.Invalid($"filters: {name} is not a bandpass.");
        }

        var box = SyntheticMagnitudes.BoxOf(name)
            ?? throw Refusal.Invalid($"Unable to generate synthetic photometry for filter {name}: its width is not held. There are: {string.Join(", ", SyntheticMagnitudes.Filters)}.");
        return SyntheticMagnitudes.Mean(box, spectrum.Wavelengths, spectrum.Fluxes, spectrum.Errors, units);
    }

    private static object Note(string name, long id)
    {
        var box = SyntheticMagnitudes.BoxOf(name)!;
        return new { spectrum_id = id, passband = string.Create(CultureInfo.InvariantCulture, $"box, {box.BlueAngstrom:0} to {box.RedAngstrom:0} ångström") };
    }
}
