namespace SkyPortal.Infrastructure.Formats;

/// <summary>What a decoder accepts before it gives up. The defaults are far above any survey's packets.</summary>
public sealed record AvroLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static AvroLimits Default { get; } = new();

    /// <summary>Largest input in bytes.</summary>
    public int MaxInputBytes { get; init; } = 64 << 20;

    /// <summary>Largest sum in bytes of the inflated blocks of one container.</summary>
    public int MaxInflatedBytes { get; init; } = 64 << 20;

    /// <summary>Most values (fields, elements and records together) in one input.</summary>
    public int MaxValues { get; init; } = 4_000_000;

    /// <summary>Deepest nesting of records, arrays and maps.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Whether values of bytes are passed over and answered as empty: for who reads numbers of many packets and no images.</summary>
    public bool SkipsBytes { get; init; }

    /// <summary>Largest schema text in bytes.</summary>
    public int MaxSchemaBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Values that an input of this length may hold. Nearly every value costs at least one byte, so a short input that
    /// declares many elements of no length is refused long before it costs memory.
    /// </summary>
    internal int ValuesFor(long inputBytes) => (int)Math.Min(MaxValues, 65_536 + 8 * inputBytes);
}
