using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>A spectrum to be kept.</summary>
public sealed record NewSpectrum
{
    public required string ObjId { get; init; }
    public required int InstrumentId { get; init; }

    /// <summary>Middle of the exposure, UTC.</summary>
    public required DateTime ObservedAt { get; init; }

    public required SpectrumSamples Samples { get; init; }

    /// <summary>One of <see cref="SpectrumUnits"/>; null for arbitrary units.</summary>
    public string? Units { get; init; }

    public string? Origin { get; init; }

    /// <summary>One of <see cref="SpectrumTypes"/>; null for the default.</summary>
    public string? Type { get; init; }

    public string? Label { get; init; }
    public JsonElement? Altdata { get; init; }
    public SpectrumPeople People { get; init; } = new();
    public required SpectrumSharing Sharing { get; init; }
    public int? FollowupRequestId { get; init; }
    public int? AssignmentId { get; init; }

    /// <summary>The file it was read from, kept byte for byte.</summary>
    public SpectrumFile? File { get; init; }
}

/// <summary>Keeps a spectrum of an object; its owner's own group always has it.</summary>
public sealed class PostSpectrum(Contexts contexts, FileStore files)
{
    /// <summary>Keeps it and returns its id; refuses anything that is wrong, and then nothing is kept.</summary>
    public async Task<long> HandleAsync(Viewer viewer, NewSpectrum request, CancellationToken ct)
    {
        if (!viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden("Only who may upload data may post spectra.");
        }

        await using var db = contexts.For(viewer);
        SpectrumIntake.Links(request.FollowupRequestId, request.AssignmentId);
        await SpectrumIntake.ObjAsync(db, request.ObjId, ct);
        await SpectrumIntake.InstrumentAsync(db, request.InstrumentId, ct);
        var groups = await SpectrumIntake.GroupsAsync(db, request.Sharing, ct);
        var spectrum = new Spectrum
        {
            ObjId = request.ObjId,
            InstrumentId = request.InstrumentId,
            ObservedAt = request.ObservedAt,
            Wavelengths = request.Samples.WavelengthsAngstrom,
            Fluxes = request.Samples.Fluxes,
            Errors = request.Samples.Errors,
            Units = SpectrumIntake.Units(request.Units),
            Origin = SpectrumIntake.Text("origin", request.Origin),
            Type = SpectrumIntake.Type(request.Type),
            Label = SpectrumIntake.Text("label", request.Label),
            Altdata = SpectrumIntake.Altdata(request.Altdata),
            OriginalFileFilename = request.File is null ? null : SpectrumIntake.FileName(request.File.Name),
            OwnerId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may post spectra."),
            GroupIds = [.. (viewer.OwnGroupId is { } own ? groups.Append(own) : groups).Distinct().Order()],
        };
        await SpectrumIntake.PeopleAsync(db, spectrum, request.People, ct);
        spectrum.OriginalFileHash = request.File is null ? null : await files.PutAsync(request.File.Bytes, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(spectrum);
        await db.SaveChangesAsync(ct);
        db.Record("spectrum.posted", spectrum.ObjId, spectrum.GroupIds, new { id = spectrum.Id, instrument_id = spectrum.InstrumentId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return spectrum.Id;
    }
}
