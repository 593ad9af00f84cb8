namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// The most recent schemas by their exact bytes: every packet of a container stream carries its schema, which is the
/// same for millions of packets. Comparing a few tens of kilobytes costs a microsecond, less than any good hash of them.
/// </summary>
internal sealed class AvroSchemaCache
{
    private const int Capacity = 32;
    private const int LargestCachedBytes = 1 << 20;

    private readonly Lock _gate = new();
    private volatile Entry[] _entries = [];

    private sealed record Entry(byte[] Text, AvroSchema Schema);

    public AvroSchema GetOrAdd(ReadOnlySpan<byte> text, Func<ReadOnlyMemory<byte>, AvroSchema> parse)
    {
        foreach (var entry in _entries)
        {
            if (text.SequenceEqual(entry.Text))
            {
                return entry.Schema;
            }
        }

        // The parsed defaults keep pointing into this copy.
        var copy = text.ToArray();
        var schema = parse(copy);
        if (copy.Length <= LargestCachedBytes)
        {
            lock (_gate)
            {
                _entries = [new Entry(copy, schema), .. _entries.Take(Capacity - 1)];
            }
        }

        return schema;
    }
}
