using System.IO.Compression;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>A named thing in an HDF5 file: a group, which has children, or a data set, which has a type and a shape.</summary>
public sealed class Hdf5Object
{
    private readonly Hdf5File _file;
    private readonly Hdf5Layout _layout;

    internal Hdf5Object(Hdf5File file, string name, Hdf5Layout layout)
    {
        _file = file;
        _layout = layout;
        Name = name;
    }

    /// <summary>Name within its group; empty for the root.</summary>
    public string Name { get; }

    /// <summary>Type of its values; null for a group.</summary>
    public Hdf5Type? Type => _layout.Type;

    /// <summary>Lengths of its axes, the slowest first; empty for a single value.</summary>
    public IReadOnlyList<int> Shape => _layout.Shape;

    /// <summary>Attributes that are text or a number (double, or long for integers), by name.</summary>
    public IReadOnlyDictionary<string, object> Attributes => _layout.Attributes;

    /// <summary>What a group holds, in the order of the names.</summary>
    public IReadOnlyList<Hdf5Object> Children() => _layout.IsGroup ? _file.ChildrenOf(_layout) : [];

    /// <summary>All values of a data set, one after the other.</summary>
    public byte[] ReadBytes() => _file.DataOf(_layout);
}

/// <summary>What the header of an object says.</summary>
internal sealed class Hdf5Layout
{
    public Hdf5Type? Type { get; set; }
    public IReadOnlyList<int> Shape { get; set; } = [];
    public Dictionary<string, object> Attributes { get; } = new(StringComparer.Ordinal);
    public bool IsGroup { get; set; }
    public ulong TreeAddress { get; set; }
    public ulong HeapAddress { get; set; }
    public ReadOnlyMemory<byte>? Compact { get; set; }
    public ulong DataAddress { get; set; } = Hdf5File.Undefined;
    public int[]? ChunkShape { get; set; }
    public List<int> Filters { get; } = [];
}

/// <summary>
/// Reads HDF5 files of the layout that HDF5 writes unless told otherwise, h5py, PyTables and pandas among others: superblock 0 or 1,
/// groups as symbol tables, contiguous or chunked data, gzip, shuffle and checksum as filters. Written from the HDF5 File Format
/// Specification 3.0 (The HDF Group). Whatever the bytes, it reads or throws <see cref="Hdf5FormatException"/>.
/// </summary>
public sealed class Hdf5File
{
    internal const ulong Undefined = ulong.MaxValue;

    private const int MostBytes = 128 << 20;
    private const int MostParts = 100_000;
    private const int MostDepth = 20;

    private readonly ReadOnlyMemory<byte> _bytes;
    private int _parts;

    private Hdf5File(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The eight bytes with which such a file begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Opens a file in memory and returns its root.</summary>
    /// <exception cref="Hdf5FormatException">It is no such file, or its layout is not read here.</exception>
    public static Hdf5Object Open(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.Span.StartsWith(Signature))
        {
            throw new Hdf5FormatException("It is no HDF5 file.");
        }

        var file = new Hdf5File(bytes);
        var at = new Hdf5Cursor(bytes, 8);
        var version = at.Byte();
        if (version > 1)
        {
            throw new Hdf5FormatException("The HDF5 file has the layout of libver='latest'; write it with the default layout (libver='earliest').");
        }

        at.Skip(4);
        if (at.UInt16() != 0x0808)
        {
            throw new Hdf5FormatException("The HDF5 file has addresses that are not of 8 bytes.");
        }

        at.Skip(1 + 4 + 4 + (version == 1 ? 4 : 0) + 32 + 8);
        return new Hdf5Object(file, "", file.HeaderAt(at.UInt64()));
    }

    internal IReadOnlyList<Hdf5Object> ChildrenOf(Hdf5Layout group)
    {
        var heap = new Hdf5Cursor(_bytes, group.HeapAddress);
        heap.Expect("HEAP"u8);
        heap.Skip(4 + 16);
        var names = heap.UInt64();
        var children = new List<Hdf5Object>();
        foreach (var node in Leaves(group.TreeAddress, keyBytes: 8, kind: 0))
        {
            var table = new Hdf5Cursor(_bytes, node.Address);
            table.Expect("SNOD"u8);
            table.Skip(2);
            var count = table.UInt16();
            for (var index = 0; index < count; index++)
            {
                Visit();
                var (name, header) = (table.UInt64(), table.UInt64());
                table.Skip(24);
                children.Add(new Hdf5Object(this, new Hdf5Cursor(_bytes, Sum(names, name)).Text(padded: false), HeaderAt(header)));
            }
        }

        return children;
    }

    internal byte[] DataOf(Hdf5Layout set)
    {
        var type = set.Type ?? throw new Hdf5FormatException("A group of the HDF5 file has no values.");
        var total = set.Shape.Aggregate((long)type.SizeBytes, (size, length) => Math.Min(size * length, int.MaxValue));
        if (total > MostBytes)
        {
            throw new Hdf5FormatException($"A table of the HDF5 file has more than {MostBytes >> 20} MB.");
        }

        if (set.Compact is { } compact)
        {
            return compact.Length >= total ? compact[..(int)total].ToArray() : throw new Hdf5FormatException("The HDF5 file is truncated or damaged.");
        }

        if (set.DataAddress == Undefined || total == 0)
        {
            return new byte[total];
        }

        return set.ChunkShape is null ? new Hdf5Cursor(_bytes, set.DataAddress).Bytes((int)total).ToArray() : Chunks(set, type.SizeBytes, (int)total);
    }

    private byte[] Chunks(Hdf5Layout set, int valueBytes, int total)
    {
        var (chunk, data, rank) = (set.ChunkShape!, new byte[total], set.Shape.Count);
        var chunkBytes = chunk.Aggregate((long)valueBytes, (size, length) => Math.Min(size * length, int.MaxValue));
        if (rank is 0 or > 4 || chunk.Length != rank || chunkBytes > MostBytes)
        {
            throw new Hdf5FormatException("The HDF5 file has a table of a shape that is not read here.");
        }

        var left = set.Shape.Zip(chunk).Aggregate(1L, (count, axis) => Math.Min(count * ((axis.First + axis.Second - 1L) / axis.Second), int.MaxValue));
        foreach (var leaf in Leaves(set.DataAddress, keyBytes: 8 + (8 * (rank + 1)), kind: 1))
        {
            if (left-- == 0)
            {
                throw new Hdf5FormatException("The HDF5 file is damaged: a table has more parts than fit into it.");
            }

            var key = new Hdf5Cursor(leaf.Key, 0);
            var (stored, skipped) = (key.Count32(), key.UInt32());
            var start = new long[rank];
            for (var axis = 0; axis < rank; axis++)
            {
                start[axis] = (long)Math.Min(key.UInt64(), int.MaxValue);
            }

            var bytes = Unfiltered(new Hdf5Cursor(_bytes, leaf.Address).Bytes(stored).ToArray(), set.Filters, skipped, valueBytes, (int)chunkBytes);
            Place(bytes, chunk, data, set.Shape, start, valueBytes);
        }

        return data;
    }

    // Copies row by row along the last axis; what reaches over the edge of the table is left out.
    private static void Place(byte[] from, int[] chunk, byte[] data, IReadOnlyList<int> shape, long[] start, int valueBytes)
    {
        var rank = chunk.Length;
        var length = Math.Min(chunk[^1], shape[rank - 1] - start[^1]);
        if (length <= 0)
        {
            return;
        }

        var rows = chunk.Take(rank - 1).Aggregate(1L, (count, each) => count * each);
        Span<long> place = stackalloc long[rank];
        for (var row = 0L; row < rows; row++)
        {
            var (rest, offset, inside) = (row, 0L, true);
            for (var axis = rank - 2; axis >= 0; axis--)
            {
                place[axis] = start[axis] + (rest % chunk[axis]);
                rest /= chunk[axis];
                inside &= place[axis] < shape[axis];
            }

            if (!inside)
            {
                continue;
            }

            for (var axis = 0; axis < rank - 1; axis++)
            {
                offset = (offset + place[axis]) * shape[axis + 1];
            }

            from.AsSpan((int)(row * chunk[^1] * valueBytes), (int)length * valueBytes).CopyTo(data.AsSpan((int)((offset + start[^1]) * valueBytes)));
        }
    }

    private static byte[] Unfiltered(byte[] bytes, List<int> filters, uint skipped, int valueBytes, int chunkBytes)
    {
        for (var index = filters.Count - 1; index >= 0; index--)
        {
            if ((skipped >> index & 1) == 1)
            {
                continue;
            }

            bytes = filters[index] switch
            {
                1 => Inflated(bytes, chunkBytes + 4),
                2 => Unshuffled(bytes, valueBytes),
                3 when bytes.Length >= 4 => bytes[..^4],
                32001 => throw new Hdf5FormatException("The HDF5 file is compressed with Blosc, which is not read here: write it with complib='zlib' or without compression."),
                var other => throw new Hdf5FormatException($"The HDF5 file is compressed with filter {other}, which is not read here: write it with gzip or without compression."),
            };
        }

        return bytes.Length >= chunkBytes ? bytes : throw new Hdf5FormatException("The HDF5 file is damaged: a part of a table is too short.");
    }

    private static byte[] Inflated(byte[] bytes, int mostBytes)
    {
        var inflated = new byte[mostBytes];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            return inflated[..stream.ReadAtLeast(inflated, mostBytes, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            throw new Hdf5FormatException("The HDF5 file is damaged: a part of a table cannot be unpacked.");
        }
    }

    private static byte[] Unshuffled(byte[] bytes, int valueBytes)
    {
        var (plain, count) = (bytes.ToArray(), bytes.Length / valueBytes);
        for (var place = 0; place < valueBytes; place++)
        {
            for (var value = 0; value < count; value++)
            {
                plain[(value * valueBytes) + place] = bytes[(place * count) + value];
            }
        }

        return plain;
    }

    private static ulong Sum(ulong one, ulong other) => one <= int.MaxValue && other <= int.MaxValue ? one + other : Undefined;

    private IEnumerable<(ReadOnlyMemory<byte> Key, ulong Address)> Leaves(ulong address, int keyBytes, byte kind, int depth = 0)
    {
        if (address == Undefined)
        {
            yield break;
        }

        var at = new Hdf5Cursor(_bytes, address);
        at.Expect("TREE"u8);
        if (at.Byte() != kind || depth > MostDepth)
        {
            throw new Hdf5FormatException("The HDF5 file is damaged: a list of its parts is none.");
        }

        var (level, count) = (at.Byte(), at.UInt16());
        at.Skip(16);
        for (var index = 0; index < count; index++)
        {
            Visit();
            var key = at.Bytes(keyBytes).ToArray();
            var child = at.UInt64();
            if (level == 0)
            {
                yield return (key, child);
                continue;
            }

            foreach (var leaf in Leaves(child, keyBytes, kind, depth + 1))
            {
                yield return leaf;
            }
        }
    }

    // A damaged file may lead in circles.
    private void Visit()
    {
        if (++_parts > MostParts)
        {
            throw new Hdf5FormatException($"The HDF5 file has more than {MostParts} parts.");
        }
    }

    private Hdf5Layout HeaderAt(ulong address)
    {
        var at = new Hdf5Cursor(_bytes, address);
        if (at.Byte() != 1)
        {
            throw new Hdf5FormatException("The HDF5 file has the layout of libver='latest'; write it with the default layout (libver='earliest').");
        }

        at.Skip(1);
        var (count, layout) = (at.UInt16(), new Hdf5Layout());
        at.Skip(4);
        var size = at.Count32();
        at.Skip(4);
        var blocks = new Queue<(int Start, int Length)>([(at.At, size)]);
        while (count > 0 && blocks.TryDequeue(out var block))
        {
            var message = new Hdf5Cursor(_bytes, (ulong)block.Start);
            while (count > 0 && message.At + 8 <= block.Start + block.Length)
            {
                Visit();
                count--;
                var (kind, length, shared) = (message.UInt16(), message.UInt16(), (message.Byte() & 2) != 0);
                message.Skip(3);
                var start = message.At;
                message.Skip(length);
                var body = new Hdf5Cursor(_bytes[..message.At], (ulong)Math.Min(start, message.At - 1));
                if (kind == 0x10)
                {
                    var next = body.UInt64();
                    blocks.Enqueue(((int)Math.Min(next, int.MaxValue), (int)Math.Min(body.UInt64(), int.MaxValue / 2)));
                }
                else if (!shared)
                {
                    Take(kind, body, layout);
                }
            }
        }

        return layout;
    }

    private static void Take(ushort kind, Hdf5Cursor body, Hdf5Layout layout)
    {
        switch (kind)
        {
            case 0x01:
                layout.Shape = ReadShape(ref body);
                break;
            case 0x03:
                layout.Type = Hdf5Type.Read(ref body);
                break;
            case 0x08:
                TakePlace(body, layout);
                break;
            case 0x0B:
                TakeFilters(body, layout);
                break;
            case 0x0C:
                TakeAttribute(body, layout);
                break;
            case 0x11:
                (layout.IsGroup, layout.TreeAddress, layout.HeapAddress) = (true, body.UInt64(), body.UInt64());
                break;
        }
    }

    private static int[] ReadShape(ref Hdf5Cursor at)
    {
        var (version, rank) = (at.Byte(), at.Byte());
        var flags = at.Byte();
        var isNull = version > 1 && at.Byte() == 2;
        at.Skip(version > 1 ? 0 : 5);
        var shape = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = at.UInt64() is <= int.MaxValue and var length ? (int)length : throw new Hdf5FormatException("The HDF5 file has a table that is too long.");
        }

        at.Skip((flags & 1) == 1 ? 8 * rank : 0);
        return isNull ? [0] : shape;
    }

    private static void TakePlace(Hdf5Cursor at, Hdf5Layout layout)
    {
        if (at.Byte() != 3)
        {
            throw new Hdf5FormatException("The HDF5 file keeps its values in a way that is not read here; write it with the default layout (libver='earliest').");
        }

        switch (at.Byte())
        {
            case 0:
                layout.Compact = at.Bytes(at.UInt16()).ToArray();
                break;
            case 1:
                layout.DataAddress = at.UInt64();
                break;
            case 2:
                var rank = at.Byte();
                layout.DataAddress = at.UInt64();
                layout.ChunkShape = new int[Math.Max(0, rank - 1)];
                for (var axis = 0; axis < layout.ChunkShape.Length; axis++)
                {
                    layout.ChunkShape[axis] = at.Count32() is > 0 and var length ? length : throw new Hdf5FormatException("The HDF5 file is damaged: a part of a table is empty.");
                }

                break;
        }
    }

    private static void TakeFilters(Hdf5Cursor at, Hdf5Layout layout)
    {
        var (version, count) = (at.Byte(), at.Byte());
        at.Skip(version == 1 ? 6 : 0);
        for (var index = 0; index < count; index++)
        {
            var id = at.UInt16();
            var nameBytes = version == 1 || id >= 256 ? at.UInt16() : 0;
            at.Skip(2);
            var values = at.UInt16();
            at.Skip(nameBytes + (4 * values) + (version == 1 && values % 2 == 1 ? 4 : 0));
            layout.Filters.Add(id);
        }
    }

    private static void TakeAttribute(Hdf5Cursor at, Hdf5Layout layout)
    {
        var (version, flags) = (at.Byte(), at.Byte());
        var (nameBytes, typeBytes, shapeBytes) = (at.UInt16(), at.UInt16(), at.UInt16());
        at.Skip(version == 3 ? 1 : 0);
        var name = System.Text.Encoding.UTF8.GetString(at.Bytes(version == 1 ? Padded(nameBytes) : nameBytes)).TrimEnd('\0');
        if (version > 1 && (flags & 3) != 0)
        {
            return;
        }

        var afterType = at.At + (version == 1 ? Padded(typeBytes) : typeBytes);
        var type = Hdf5Type.Read(ref at);
        at.Skip(afterType - at.At);
        var afterShape = at.At + (version == 1 ? Padded(shapeBytes) : shapeBytes);
        var shape = ReadShape(ref at);
        at.Skip(afterShape - at.At);
        if (type.Elements > 1 || shape.Aggregate(1L, (count, length) => Math.Min(count * length, int.MaxValue)) != 1)
        {
            return;
        }

        var value = at.Bytes(type.SizeBytes);
        switch (type.Kind)
        {
            case Hdf5Kind.Text:
                layout.Attributes[name] = type.Text(value);
                break;
            case Hdf5Kind.Float:
                layout.Attributes[name] = type.Number(value);
                break;
            case Hdf5Kind.Integer or Hdf5Kind.Unsigned:
                layout.Attributes[name] = (long)type.Number(value);
                break;
        }
    }

    private static int Padded(int length) => (length + 7) / 8 * 8;
}
