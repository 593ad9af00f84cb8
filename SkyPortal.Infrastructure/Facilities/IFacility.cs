using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>A request as a facility is told of it.</summary>
/// <param name="RequestId">Its key.</param>
/// <param name="Initiator">On whose behalf; nobody where the platform acts for somebody who is gone.</param>
/// <param name="ObjId">The object.</param>
/// <param name="RaDegrees">Its right ascension (ICRS); null where it has no place.</param>
/// <param name="DecDegrees">Its declination (ICRS).</param>
/// <param name="AllocationId">The allocation.</param>
/// <param name="Payload">Values of the form.</param>
/// <param name="Altdata">What the facility wants to know of who asks; null where the allocation has nothing.</param>
public sealed record FacilityOrder(
    int RequestId, Viewer Initiator, string ObjId, double? RaDegrees, double? DecDegrees, int AllocationId, JsonElement Payload, JsonObject? Altdata)
{
    /// <summary>Name of the instrument.</summary>
    public string InstrumentName { get; init; } = "";

    /// <summary>Who asks, for people.</summary>
    public string RequesterName { get; init; } = "";

    /// <summary>Comment on the request; null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>The payload in words.</summary>
    public string Words { get; init; } = "";

    /// <summary>By which names the facility knows it; none where it gave none.</summary>
    public IReadOnlyList<string> RemoteIds { get; init; } = [];

    /// <summary>The same for every attempt of one telling.</summary>
    public Guid Key { get; init; }

    /// <summary>What was said and answered; kept with the request whatever comes of it.</summary>
    public List<(JsonObject Request, JsonObject Response)> Transactions { get; } = [];
}

/// <summary>What became of a telling.</summary>
/// <param name="Status">Status of the request from now on; where the facility refused, the telling decides.</param>
/// <param name="RemoteId">By which name the facility knows the request; null where it gave none.</param>
public sealed record FacilityAnswer(string Status, string? RemoteId = null)
{
    /// <summary>Why the facility will not do what it was told; null where it will.</summary>
    public string? Refusal { get; private init; }

    /// <summary>That the facility will not do it.</summary>
    /// <param name="reason">Why, for people and without secrets.</param>
    public static FacilityAnswer Refused(string reason) => new("") { Refusal = reason };
}

/// <summary>
/// A facility could not be told. The message holds no secrets and may be shown to people.
/// </summary>
/// <param name="message">Why.</param>
/// <param name="mayPass">Whether the same may succeed later.</param>
/// <param name="inner">What was caught.</param>
public sealed class FacilityException(string message, bool mayPass, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same may succeed later.</summary>
    public bool MayPass => mayPass;

    /// <summary>Whether it may have heard of it all the same, as where its answer was lost.</summary>
    public bool MayHaveHeard { get; init; } = true;
}

/// <summary>A kind of facility: its form, and how it is told of requests. What else it can do, it says by the interfaces that it implements.</summary>
public interface IFacility
{
    /// <summary>Its name on the wire, such as GENERICAPI.</summary>
    string Classname { get; }

    /// <summary>The form of requests for an instrument with these filters.</summary>
    RequestForm FormOf(IReadOnlyList<string> filters);

    /// <summary>What is wrong with an allocation's settings; null where nothing is.</summary>
    string? AltdataFault(JsonObject altdata);

    /// <summary>JSON Schema of an allocation's settings.</summary>
    JsonObject AltdataSchema();

    /// <summary>Settings that say where secrets go: who changes them enters the secrets anew.</summary>
    IReadOnlyList<string> Addresses { get; }

    /// <summary>Settings that are secret.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>Tells of a new request.</summary>
    /// <exception cref="FacilityException">It could not be told.</exception>
    Task<FacilityAnswer> SubmitAsync(FacilityOrder order, CancellationToken ct);
}

/// <summary>A facility that takes changes of a request.</summary>
public interface IFacilityUpdates
{
    /// <summary>Tells of a changed request.</summary>
    /// <exception cref="FacilityException">It could not be told.</exception>
    Task<FacilityAnswer> UpdateAsync(FacilityOrder order, CancellationToken ct);
}

/// <summary>A facility that lets requests be withdrawn.</summary>
public interface IFacilityDeletes
{
    /// <summary>Withdraws a request that the facility was told of.</summary>
    /// <exception cref="FacilityException">It could not be told.</exception>
    Task<FacilityAnswer> DeleteAsync(FacilityOrder order, CancellationToken ct);
}
