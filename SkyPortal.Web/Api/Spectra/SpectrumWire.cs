using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Web.Api.Spectra;

/// <summary>Spectra as they appear on the wire.</summary>
public static class SpectrumWire
{
    /// <summary>A spectrum with its instrument, groups and people.</summary>
    public static Dictionary<string, object?> Full(SpectrumRecord spectrum, SpectraView view)
    {
        var row = Columns(spectrum);
        var instrument = view.Instruments[spectrum.InstrumentId];
        var telescope = view.Telescopes[instrument.TelescopeId];
        row["instrument"] = new InstrumentAndTelescope(instrument, telescope);
        row["instrument_name"] = instrument.Name;
        row["telescope_id"] = telescope.Id;
        row["telescope_name"] = telescope.Name;
        row["groups"] = spectrum.Groups;
        row["owner"] = view.Users.GetValueOrDefault(spectrum.OwnerId);
        row["pis"] = People(spectrum.PiIds, view);
        row["reducers"] = People(spectrum.ReducerIds, view);
        row["observers"] = People(spectrum.ObserverIds, view);
        AddExternal(row, "external_pi", spectrum.PiIds, spectrum.ExternalPi);
        AddExternal(row, "external_reducer", spectrum.ReducerIds, spectrum.ExternalReducer);
        AddExternal(row, "external_observer", spectrum.ObserverIds, spectrum.ExternalObserver);
        row["comments"] = (view.Comments?[spectrum.Id] ?? []).Select(comment => comment.Whole());
        row["annotations"] = view.Annotations?[spectrum.Id] ?? [];
        return row;
    }

    /// <summary>The same with the time as MJD, as an object's list has it.</summary>
    public static Dictionary<string, object?> OfSource(SpectrumRecord spectrum, SpectraView view)
    {
        var row = Full(spectrum, view);
        row["observed_at_mjd"] = Mjd.DaysOf(spectrum.ObservedAt);
        return row;
    }

    /// <summary>What is stored of a spectrum, without what only its samples tell.</summary>
    public static Dictionary<string, object?> Minimal(SpectrumRecord spectrum) => new()
    {
        ["id"] = spectrum.Id,
        ["owner_id"] = spectrum.OwnerId,
        ["obj_id"] = spectrum.ObjId,
        ["observed_at"] = spectrum.ObservedAt,
        ["origin"] = spectrum.Origin,
        ["type"] = spectrum.Type,
        ["label"] = spectrum.Label,
        ["instrument_id"] = spectrum.InstrumentId,
        ["followup_request_id"] = spectrum.FollowupRequestId,
        ["assignment_id"] = spectrum.AssignmentId,
        ["altdata"] = spectrum.Altdata,
        ["original_file_filename"] = spectrum.OriginalFileFilename,
        ["modified"] = spectrum.Modified,
        ["created_at"] = spectrum.CreatedAt,
    };

    /// <summary>What is stored of a spectrum.</summary>
    public static Dictionary<string, object?> Columns(SpectrumRecord spectrum)
    {
        var row = Minimal(spectrum);
        row["wavelengths"] = spectrum.Wavelengths;
        row["fluxes"] = spectrum.Fluxes;
        row["errors"] = spectrum.Errors;
        row["units"] = spectrum.Units;
        return row;
    }

    private static IEnumerable<UserRecord> People(int[] ids, SpectraView view) => ids.Where(view.Users.ContainsKey).Select(id => view.Users[id]);

    private static void AddExternal(Dictionary<string, object?> row, string name, int[] ids, string? external)
    {
        if (ids.Length > 0)
        {
            row[name] = external;
        }
    }

    private sealed record InstrumentAndTelescope : InstrumentRecord
    {
        public InstrumentAndTelescope(InstrumentRecord instrument, TelescopeRecord telescope)
            : base(instrument) => Telescope = telescope;

        public TelescopeRecord Telescope { get; }
    }
}
