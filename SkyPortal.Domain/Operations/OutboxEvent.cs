using System.Text.Json;

namespace SkyPortal.Domain.Operations;

/// <summary>Something that happened, written in the transaction that did it.</summary>
public sealed class OutboxEvent
{
    public long Id { get; set; }

    /// <summary>What happened, such as source.saved.</summary>
    public required string Kind { get; set; }

    /// <summary>Which thing it happened to, such as an object's name.</summary>
    public required string Subject { get; set; }

    public int? ActorId { get; set; }

    /// <summary>Groups whose members may learn of it; empty for the actor and administrators alone.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>Details, with before and after where they matter.</summary>
    public JsonElement? Payload { get; set; }

    public DateTime At { get; set; }
}

/// <summary>A key that protects cookies, shared by all nodes.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; set; }
    public string? FriendlyName { get; set; }
    public required string Xml { get; set; }
}
