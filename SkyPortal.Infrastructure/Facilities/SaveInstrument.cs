using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Values of an instrument; null stays as it is.</summary>
public sealed record InstrumentValues
{
    public string? Name { get; init; }
    public string? Type { get; init; }
    public string? Band { get; init; }
    public int? TelescopeId { get; init; }
    public string[]? Filters { get; init; }
    public JsonElement? SensitivityData { get; init; }
    public JsonElement? ConfigurationData { get; init; }
    public string? ApiClassname { get; init; }
    public string? ApiClassnameObsplan { get; init; }
    public string? ListenerClassname { get; init; }
    public int? TreasuremapId { get; init; }
    public int? TnsId { get; init; }
    public string? AcrossId { get; init; }

    /// <summary>Field of view as a DS9 region.</summary>
    public string? Region { get; init; }

    /// <summary>Pointings; null to keep those that are there.</summary>
    public IReadOnlyList<InstrumentField>? Fields { get; init; }
}

/// <summary>Adds an instrument or changes one.</summary>
public sealed class SaveInstrument(Contexts contexts)
{
    private static readonly string[] Types = ["imager", "spectrograph", "imaging spectrograph"];

    /// <summary>Saves and answers the key.</summary>
    /// <param name="viewer">Who saves.</param>
    /// <param name="id">Instrument to change; null to add one, which needs name, type and telescope.</param>
    /// <param name="values">Values.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<int> HandleAsync(Viewer viewer, int? id, InstrumentValues values, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var instrument = id is null
            ? new Instrument { Name = "", Type = "" }
            : await db.Allowed<Instrument>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw Refusal.Invalid($"Missing instrument with ID {id}");
        var formerFilters = instrument.Filters;
        Apply(instrument, values);
        await CheckAsync(db, instrument, values, ct);
        if (id is { } known)
        {
            await KeepUsedFiltersAsync(known, formerFilters.Except(instrument.Filters).ToArray(), ct);
        }
        else
        {
            db.Add(instrument);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        if (values.Fields is { } fields)
        {
            await db.Allowed<InstrumentField>(AccessMode.Delete).Where(field => field.InstrumentId == instrument.Id).ExecuteDeleteAsync(ct);
            foreach (var field in fields)
            {
                field.InstrumentId = instrument.Id;
            }

            db.AddRange(fields);
        }

        db.Record("instrument.saved", instrument.Id.ToString(CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return instrument.Id;
    }

    private static void Apply(Instrument instrument, InstrumentValues values)
    {
        instrument.Name = values.Name ?? instrument.Name;
        instrument.Type = values.Type ?? instrument.Type;
        instrument.Band = values.Band ?? instrument.Band;
        instrument.TelescopeId = values.TelescopeId ?? instrument.TelescopeId;
        instrument.Filters = values.Filters ?? instrument.Filters;
        instrument.SensitivityData = values.SensitivityData ?? instrument.SensitivityData;
        instrument.ConfigurationData = values.ConfigurationData ?? instrument.ConfigurationData;
        instrument.ApiClassname = values.ApiClassname ?? instrument.ApiClassname;
        instrument.ApiClassnameObsplan = values.ApiClassnameObsplan ?? instrument.ApiClassnameObsplan;
        instrument.ListenerClassname = values.ListenerClassname ?? instrument.ListenerClassname;
        instrument.TreasuremapId = values.TreasuremapId ?? instrument.TreasuremapId;
        instrument.TnsId = values.TnsId ?? instrument.TnsId;
        instrument.AcrossId = values.AcrossId ?? instrument.AcrossId;
        instrument.Region = values.Region ?? instrument.Region;
        instrument.HasFields = values.Fields is { } fields ? fields.Count > 0 : instrument.HasFields;
    }

    private static async Task CheckAsync(SkyPortalContext db, Instrument instrument, InstrumentValues values, CancellationToken ct)
    {
        Require(instrument.Name.Length is > 0 and <= 300, "name", "Field required");
        Require(instrument.Type.Length > 0, "type", "Field required");
        Require(Types.Contains(instrument.Type), "type", $"Input should be {string.Join(", ", Types.Select(type => $"'{type}'"))}");
        Require(instrument.TelescopeId != 0, "telescope_id", "Field required");
        Require(await db.Set<Telescope>().AnyAsync(row => row.Id == instrument.TelescopeId, ct), "telescope_id", $"Missing telescope with ID {instrument.TelescopeId}");
        var unknown = Array.Find(instrument.Filters, name => Bandpasses.Find(name) is null);
        Require(unknown is null, "filters", $"{unknown} is not an allowed bandpass");
        Named(FacilityInterfaces.ApiClassnames, instrument.ApiClassname, "api_classname");
        Named(FacilityInterfaces.ApiClassnames, instrument.ApiClassnameObsplan, "api_classname_obsplan");
        Named(FacilityInterfaces.ListenerClassnames, instrument.ListenerClassname, "listener_classname");
        var foreign = instrument.SensitivityData?.EnumerateObject().Select(item => item.Name).FirstOrDefault(name => !instrument.Filters.Contains(name));
        Require(foreign is null, "sensitivity_data", $"{foreign} is not one of the filters of the instrument");
        Require(values.Fields is null or { Count: 0 } || instrument.Region is not null, "field_data", "field_region or field_fov_type is required with field_data");
        Require(
            !await db.Set<Instrument>().AnyAsync(row => row.Name == instrument.Name && row.TelescopeId == instrument.TelescopeId && row.Id != instrument.Id, ct),
            "name",
            $"Instrument {instrument.Name} already exists on telescope {instrument.TelescopeId}");
    }

    private static void Named(IReadOnlyList<string> allowed, string? name, string field) =>
        Require(name is null || allowed.Contains(name), field, $"Must be one of: {string.Join(", ", allowed)}");

    private static void Require(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {field}: {reason}");
        }
    }

    private async Task KeepUsedFiltersAsync(int id, string[] removed, CancellationToken ct)
    {
        if (removed.Length == 0)
        {
            return;
        }

        // Also points that the viewer may not see keep their filter.
        await using var all = contexts.For(Viewer.System);
        foreach (var filter in removed)
        {
            if (await all.Set<PhotometryPoint>().CountAsync(point => point.InstrumentId == id && point.Filter == filter, ct) is > 0 and var count)
            {
                throw Refusal.Invalid($"filters: filter {filter} cannot be removed: {count} photometry points use it.");
            }
        }
    }
}

/// <summary>Removes an instrument, or its grid only.</summary>
public sealed class DeleteInstrument(Contexts contexts)
{
    /// <summary>Removes; refuses where photometry was taken with it.</summary>
    public async Task HandleAsync(Viewer viewer, int id, bool fieldsOnly, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var instrument = await db.Allowed<Instrument>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Invalid($"Missing instrument with ID {id}");
        try
        {
            if (fieldsOnly)
            {
                await db.Allowed<InstrumentField>(AccessMode.Delete).Where(field => field.InstrumentId == id).ExecuteDeleteAsync(ct);
                instrument.HasFields = false;
            }
            else
            {
                await db.Allowed<Instrument>(AccessMode.Delete).Where(row => row.Id == id).ExecuteDeleteAsync(ct);
            }
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw Refusal.Invalid($"Instrument {id} cannot be deleted: data taken with it are kept here.");
        }

        db.Record(fieldsOnly ? "instrument.saved" : "instrument.deleted", id.ToString(CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
