using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>The kinds of facility that this platform speaks with, and how the settings of allocations are kept.</summary>
public sealed class FacilityClasses(IEnumerable<IFacility> facilities, SealedSecrets secrets)
{
    private const string Purpose = "allocation";
    private const int Longest = 50_000;

    // Names of the wire; those of plans and of queues are for facilities that this platform does not speak with.
    private static readonly string[] Other =
        ["get", "send", "remove", "retrieve", "queued", "remove_queue", "prepare_payload", "send_skymap", "queued_skymap", "remove_skymap", "retrieve_log", "update_status"];

    private readonly IReadOnlyList<IFacility> _all = [.. facilities];

    /// <summary>What may be asked for by name.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["update", "delete", "get", "submit", .. Other[1..]];

    /// <summary>The plug-in of a class; null where there is none.</summary>
    public IFacility? Find(string? classname) => _all.FirstOrDefault(facility => facility.Classname == classname);

    /// <summary>What this site can do with a class, by the names of the wire.</summary>
    public IReadOnlyDictionary<string, bool> Implemented(string? classname)
    {
        var facility = Find(classname);
        var methods = Other.ToDictionary(name => name, _ => false);
        (methods["submit"], methods["update"], methods["delete"], methods["validate_altdata"]) =
            (facility is not null, facility is IFacilityUpdates, facility is IFacilityDeletes, facility is not null);
        return methods;
    }

    /// <summary>Settings without blanks; refused where they cannot be those of the class, or would send a kept secret elsewhere.</summary>
    /// <param name="classname">Class of the instrument; null where it has none.</param>
    /// <param name="kept">What is kept; null for nothing.</param>
    /// <param name="changes">What is laid over it.</param>
    public JsonObject Merge(string? classname, JsonObject? kept, JsonObject changes)
    {
        var merged = kept?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in changes.Where(item => !IsBlank(item.Value)))
        {
            merged[name] = value!.DeepClone();
        }

        if (merged.ToJsonString().Length > Longest)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: _altdata: it is longer than {Longest} characters");
        }

        if (Find(classname) is not { } facility || merged.Count == 0)
        {
            return merged;
        }

        if (facility.AltdataFault(merged) is { } fault)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: _altdata: {fault}");
        }

        var moved = kept is null ? null : facility.Addresses.FirstOrDefault(name => !JsonNode.DeepEquals(kept[name], merged[name]));
        if (moved is not null && facility.Secrets.FirstOrDefault(name => kept![name] is not null && IsBlank(changes[name])) is { } secret)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: _altdata: {secret}: enter it again, because {moved} changed");
        }

        return merged;
    }

    /// <summary>Settings sealed for keeping; null for none.</summary>
    public string? Seal(JsonObject altdata) => altdata.Count == 0 ? null : secrets.Seal(Purpose, altdata.ToJsonString());

    /// <summary>What was sealed; null where there is nothing.</summary>
    /// <exception cref="FacilityException">It was sealed with keys that are gone.</exception>
    public JsonObject? Open(string? sealedAltdata) => sealedAltdata is null ? null
        : secrets.Open(Purpose, sealedAltdata) is { } plain && JsonNode.Parse(plain) is JsonObject altdata ? altdata
        : throw new FacilityException("The allocation's settings cannot be read any more; enter them again.", mayPass: false);

    private static bool IsBlank(JsonNode? value) => value is null || (value is JsonValue one && one.TryGetValue<string>(out var text) && string.IsNullOrWhiteSpace(text));
}
