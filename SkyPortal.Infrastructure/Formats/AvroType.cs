using System.Text.Json;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Kinds of type in an Avro schema.</summary>
internal enum AvroKind : byte
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Fixed,
    Array,
    Map,
    Union,
}

/// <summary>One type of a parsed schema. Named types are shared by all their references, so a schema may be a cyclic graph.</summary>
internal sealed class AvroType(AvroKind kind)
{
    public AvroKind Kind { get; } = kind;

    /// <summary>Namespace and name, of records, enums and fixed.</summary>
    public string FullName { get; init; } = "";

    /// <summary>Logical type such as <c>timestamp-micros</c>; values keep the type that they are stored as.</summary>
    public string? LogicalType { get; init; }

    /// <summary>Digits of a decimal.</summary>
    public int? Precision { get; init; }

    /// <summary>Digits after the point of a decimal.</summary>
    public int? Scale { get; init; }

    /// <summary>
    /// Fields of a record as they are stored; set once its own name can be referred to. Names may repeat: the
    /// specification forbids it, but WINTER's packets do, and then the last value counts.
    /// </summary>
    public AvroField[] Fields { get; set; } = [];

    /// <summary>Fields of a record with distinct names, at the place of the first and with the type of the last.</summary>
    public IReadOnlyList<AvroField> DistinctFields =>
        [.. Fields.GroupBy(static stored => stored.Name, StringComparer.Ordinal).Select(static same => same.Last())];

    /// <summary>Symbols of an enum.</summary>
    public string[] Symbols { get; init; } = [];

    /// <summary>Length in bytes of a fixed.</summary>
    public int Size { get; init; }

    /// <summary>Elements of an array or values of a map.</summary>
    public AvroType? Items { get; init; }

    /// <summary>Branches of a union.</summary>
    public AvroType[] Branches { get; init; } = [];

    /// <summary>Branch of a union that holds null, or -1.</summary>
    public int NullBranch => System.Array.FindIndex(Branches, static branch => branch.Kind == AvroKind.Null);
}

/// <summary>One field of a record type.</summary>
/// <param name="DefaultJson">Default as in the schema; undefined where there is none.</param>
/// <param name="Default">The default as a value; null also where there is none.</param>
internal sealed record AvroField(string Name, AvroType Type, JsonElement DefaultJson, object? Default);
