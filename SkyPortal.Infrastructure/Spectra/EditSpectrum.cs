using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>What is to change of a spectrum; null leaves as it is.</summary>
public sealed record SpectrumChange
{
    public string? ObjId { get; init; }
    public int? InstrumentId { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? ObservedAt { get; init; }

    /// <summary>Ångström.</summary>
    public double[]? Wavelengths { get; init; }

    public double[]? Fluxes { get; init; }
    public double[]? Errors { get; init; }
    public string? Units { get; init; }
    public string? Origin { get; init; }
    public string? Type { get; init; }
    public string? Label { get; init; }
    public JsonElement? Altdata { get; init; }
    public SpectrumPeople People { get; init; } = new();

    /// <summary>Groups that get it besides those that have it.</summary>
    public SpectrumSharing Added { get; init; } = new(GroupsMeant.Named, []);

    public int? FollowupRequestId { get; init; }
    public int? AssignmentId { get; init; }
}

/// <summary>Changes a spectrum of the viewer's. The original file stays as it was uploaded.</summary>
public sealed class EditSpectrum(Contexts contexts)
{
    /// <summary>Changes what is given; refuses a spectrum that the viewer cannot see (403) or does not own (400).</summary>
    public async Task HandleAsync(Viewer viewer, long id, SpectrumChange change, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var spectrum = await db.Set<Spectrum>().SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Forbidden($"Could not access spectrum {id}.");
        SpectrumIntake.Links(change.FollowupRequestId, change.AssignmentId);
        var objBefore = spectrum.ObjId;
        if (change.ObjId is { } objId)
        {
            spectrum.ObjId = (await SpectrumIntake.ObjAsync(db, objId, ct)).Id;
        }

        if (change.InstrumentId is { } instrumentId)
        {
            await SpectrumIntake.InstrumentAsync(db, instrumentId, ct);
            spectrum.InstrumentId = instrumentId;
        }

        if (change.Wavelengths is not null || change.Fluxes is not null || change.Errors is not null)
        {
            var samples = SpectrumSamples.From(change.Wavelengths ?? spectrum.Wavelengths, change.Fluxes ?? spectrum.Fluxes, change.Errors ?? spectrum.Errors);
            (spectrum.Wavelengths, spectrum.Fluxes, spectrum.Errors) = (samples.WavelengthsAngstrom, samples.Fluxes, samples.Errors);
        }

        spectrum.ObservedAt = change.ObservedAt ?? spectrum.ObservedAt;
        spectrum.Units = SpectrumIntake.Units(change.Units) ?? spectrum.Units;
        spectrum.Origin = SpectrumIntake.Text("origin", change.Origin) ?? spectrum.Origin;
        spectrum.Type = change.Type is null ? spectrum.Type : SpectrumIntake.Type(change.Type);
        spectrum.Label = SpectrumIntake.Text("label", change.Label) ?? spectrum.Label;
        spectrum.Altdata = SpectrumIntake.Altdata(change.Altdata) ?? spectrum.Altdata;
        await SpectrumIntake.PeopleAsync(db, spectrum, change.People, ct);
        spectrum.GroupIds = [.. (await SpectrumIntake.GroupsAsync(db, change.Added, ct)).Union(spectrum.GroupIds).Order()];
        foreach (var changed in new[] { objBefore, spectrum.ObjId }.Distinct())
        {
            db.Record("spectrum.edited", changed, spectrum.GroupIds, new { id });
        }

        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Removes a spectrum of the viewer's.</summary>
public sealed class DeleteSpectrum(Contexts contexts)
{
    /// <summary>Removes it; refuses a spectrum that the viewer cannot see (403) or does not own (400).</summary>
    public async Task HandleAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var spectrum = await db.Set<Spectrum>().SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Forbidden("Could not find spectrum.");
        db.Remove(spectrum);
        db.Record(
            "spectrum.deleted",
            spectrum.ObjId,
            spectrum.GroupIds,
            new { id, spectrum.ObservedAt, spectrum.InstrumentId, spectrum.OwnerId, spectrum.OriginalFileHash, spectrum.OriginalFileFilename });
        await db.SaveChangesAsync(ct);
    }
}
