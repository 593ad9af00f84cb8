using System.Text.Json;

namespace SkyPortal.Domain.Alerts;

/// <summary>A part of filters that is kept under a name for use in others: a variable, a list condition, a switch, a block of conditions.</summary>
public sealed class BrokerModule : DirectoryRow
{
    public int BrokerId { get; set; }

    /// <summary>What it is; one of <see cref="BrokerModuleKinds.All"/>.</summary>
    public required string Elements { get; set; }

    /// <summary>One of its kind at the broker.</summary>
    public required string Name { get; set; }

    /// <summary>Surveys whose filters may use it, such as ZTF.</summary>
    public string[] Streams { get; set; } = [];

    /// <summary>What it says, as the builder of filters wrote it; a JSON object.</summary>
    public JsonElement Data { get; set; }

    /// <summary>Who saved it last; null where the account is gone.</summary>
    public int? AuthorId { get; set; }
}

/// <summary>Kinds of modules by their names on the wire.</summary>
public static class BrokerModuleKinds
{
    /// <summary>All, in the order in which they are told.</summary>
    public static IReadOnlyList<string> All { get; } = ["variables", "listVariables", "switchCases", "blocks"];
}
