using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Groups that are meant without naming them.</summary>
public enum GroupsMeant
{
    /// <summary>None but those named.</summary>
    Named,

    /// <summary>All groups of the viewer.</summary>
    AllOwn,

    /// <summary>The group that everybody joins.</summary>
    Sitewide,
}

/// <summary>With whom a spectrum is shared, besides its owner's own group.</summary>
public sealed record SpectrumSharing(GroupsMeant Meant, int[] GroupIds);

/// <summary>Who took, reduced and leads; null leaves as it is. A name without account needs a user as contact.</summary>
public sealed record SpectrumPeople
{
    public int[]? PiIds { get; init; }
    public string? ExternalPi { get; init; }
    public int[]? ReducerIds { get; init; }
    public string? ExternalReducer { get; init; }
    public int[]? ObserverIds { get; init; }
    public string? ExternalObserver { get; init; }
}

/// <summary>The file from which a spectrum was read.</summary>
public sealed record SpectrumFile(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>What every spectrum goes through before it is written. Every refusal is one of status 400 that names the field.</summary>
internal static class SpectrumIntake
{
    private const int LongestText = 1_000;

    public static async Task<Obj> ObjAsync(SkyPortalContext db, string objId, CancellationToken ct) =>
        await db.Set<Obj>().AsNoTracking().SingleOrDefaultAsync(obj => obj.Id == objId, ct) ?? throw Wrong($"obj_id: Invalid object ID: {objId}");

    public static async Task InstrumentAsync(SkyPortalContext db, int instrumentId, CancellationToken ct)
    {
        if (!await db.Set<Instrument>().AnyAsync(instrument => instrument.Id == instrumentId, ct))
        {
            throw Wrong($"instrument_id: Cannot find instrument with ID: {instrumentId}");
        }
    }

    /// <summary>The groups, checked; without the viewer's own group.</summary>
    public static async Task<int[]> GroupsAsync(SkyPortalContext db, SpectrumSharing sharing, CancellationToken ct)
    {
        if (sharing.Meant == GroupsMeant.AllOwn)
        {
            return db.Viewer.GroupIds;
        }

        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        if (sharing.Meant == GroupsMeant.Sitewide)
        {
            return [sitewide];
        }

        var wanted = sharing.GroupIds.Distinct().ToArray();
        var known = await db.Set<Group>().Where(group => wanted.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
        var missing = wanted.Where(id => !known.Contains(id) || !(db.Viewer.SeesAll || id == sitewide || db.Viewer.GroupIds.Contains(id))).ToList();
        return missing.Count == 0 ? wanted : throw Wrong($"group_ids: Cannot find groups with IDs: {string.Join(", ", missing)}");
    }

    /// <summary>Sets the people that are given.</summary>
    public static async Task PeopleAsync(SkyPortalContext db, Spectrum spectrum, SpectrumPeople people, CancellationToken ct)
    {
        await UsersAsync(db, "pi", people.PiIds, ct);
        await UsersAsync(db, "reduced_by", people.ReducerIds, ct);
        await UsersAsync(db, "observed_by", people.ObserverIds, ct);
        (spectrum.PiIds, spectrum.ExternalPi) = Chosen("pi", "external_pi", people.PiIds, people.ExternalPi, spectrum.PiIds, spectrum.ExternalPi);
        (spectrum.ReducerIds, spectrum.ExternalReducer) =
            Chosen("reduced_by", "external_reducer", people.ReducerIds, people.ExternalReducer, spectrum.ReducerIds, spectrum.ExternalReducer);
        (spectrum.ObserverIds, spectrum.ExternalObserver) =
            Chosen("observed_by", "external_observer", people.ObserverIds, people.ExternalObserver, spectrum.ObserverIds, spectrum.ExternalObserver);
    }

    public static string? Units(string? units) => units is null || SpectrumUnits.All.Contains(units)
        ? units
        : throw Wrong($"units: {units} is not allowed. Must be one of: {string.Join(", ", SpectrumUnits.All)}.");

    public static string Type(string? type) => type is null
        ? SpectrumTypes.Default
        : SpectrumTypes.All.Contains(type)
            ? type
            : throw Refusal.Invalid($"Invalid / missing parameters; type: {type}. Must be one of: {string.Join(", ", SpectrumTypes.All)}.");

    public static string? Text(string field, string? text) =>
        text is null || (text.Length <= LongestText && !text.Contains('\0', StringComparison.Ordinal))
            ? text
            : throw Refusal.Invalid($"Invalid / missing parameters; {field}: a text has at most {LongestText} characters, and no NUL.");

    /// <summary>The name without its folders, on whatever system it was given.</summary>
    public static string FileName(string name)
    {
        var last = name.Trim().Split('/', '\\')[^1];
        return last.Length > 0 && last is not ("." or "..") && last.Length <= 255 && !last.Any(char.IsControl)
            ? last
            : throw Refusal.Invalid("Invalid / missing parameters; filename: a name of 1 to 255 characters is needed.");
    }

    // The platform's jsonb cannot hold the NUL character.
    public static JsonElement? Altdata(JsonElement? altdata) =>
        altdata is { } given && (given.GetRawText().Contains("\\u0000", StringComparison.Ordinal) || given.GetRawText().Length > (1 << 20))
            ? throw Refusal.Invalid("Invalid / missing parameters; altdata: it has a NUL character or is longer than 1 MB.")
            : altdata;

    /// <summary>The site keeps neither follow-up requests nor assignments, so that none can be named.</summary>
    public static void Links(int? followupRequestId, int? assignmentId)
    {
        if (followupRequestId is { } request)
        {
            throw Wrong($"followup_request_id: Cannot find follow-up request with ID: {request}");
        }

        if (assignmentId is { } assignment)
        {
            throw Wrong($"assignment_id: Cannot find assignment with ID: {assignment}");
        }
    }

    public static Refusal Wrong(string reason) => Refusal.Invalid($"Failed to post spectrum: {reason}");

    private static async Task UsersAsync(SkyPortalContext db, string field, int[]? ids, CancellationToken ct)
    {
        if (ids is null or [])
        {
            return;
        }

        var known = await db.Set<User>().Where(user => ids.Contains(user.Id)).Select(user => user.Id).ToListAsync(ct);
        var missing = ids.Except(known).ToList();
        if (missing.Count > 0)
        {
            throw Wrong($"{field}: Invalid user IDs: {string.Join(", ", missing)}");
        }
    }

    private static (int[] Ids, string? External) Chosen(string field, string externalField, int[]? ids, string? external, int[] idsBefore, string? externalBefore)
    {
        external = Text(externalField, string.IsNullOrWhiteSpace(external) ? null : external.Trim());
        var now = ids?.Distinct().Order().ToArray() ?? idsBefore;
        if (external is not null && now.Length == 0)
        {
            throw Wrong($"{externalField}: an external name needs a user of {field} as point of contact.");
        }

        // New people without a name are people with accounts.
        return (now, external ?? (ids is null ? externalBefore : null));
    }
}
