using System.Buffers.Binary;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Writes one table into an HDF5 file as pandas does in the format "table", so that pandas.read_hdf reads it back. The layout is the
/// oldest of the HDF5 File Format Specification 3.0, which every version of the library reads: superblock 0, a group with a symbol
/// table, and in it a chunked table of one chunk. Equal input gives equal bytes.
/// </summary>
public static class Hdf5TableWriter
{
    private const int SuperblockBytes = 96;
    private const long MostBytes = 256L << 20;
    private const int GroupTreeBytes = 24 + (33 * 8) + (32 * 8);
    private const int SymbolNodeBytes = 8 + (8 * 40);
    private const int ChunkTreeBytes = 24 + (65 * 24) + (64 * 8);

    private static readonly byte[] LongType = Convert.FromHexString("10080000080000000000400000000000");
    private static readonly byte[] DoubleType = Convert.FromHexString("11203F000800000000004000340B0034FF03000000000000");

    /// <summary>Writes columns of one length under a key, which is the name of the table for pandas.</summary>
    /// <exception cref="Hdf5FormatException">The table is larger than 256 MB, or the names of its columns do not fit into a file.</exception>
    public static byte[] Write(string key, IReadOnlyList<PandasColumn> columns)
    {
        var numbers = columns.Where(column => column.Numbers is not null).ToList();
        var texts = columns.Where(column => column.Numbers is null).ToList();
        var textBytes = Math.Max(1, texts.SelectMany(column => column.Texts!).Select(text => Encoding.UTF8.GetByteCount(text ?? "nan")).DefaultIfEmpty(1).Max());
        var (count, wide) = (columns[0].Length, 8 + (8L * numbers.Count) + ((long)textBytes * texts.Count));
        if (count * wide > MostBytes)
        {
            throw new Hdf5FormatException($"The table is larger than {MostBytes >> 20} MB as an HDF5 file.");
        }

        var rowBytes = (int)wide;
        var blocks = new List<(string Kind, List<PandasColumn> Columns, byte[] Type)>();
        if (numbers.Count > 0)
        {
            blocks.Add(("float64", numbers, ArrayType(DoubleType[..20], 8, numbers.Count)));
        }

        if (texts.Count > 0)
        {
            blocks.Add(($"bytes{8 * textBytes}", texts, ArrayType([0x13, 0, 0, 0, .. Little(textBytes)], textBytes, texts.Count)));
        }

        var group = GroupAttributes(columns, blocks.Count);
        var rootAttributes = Joined([Title(), Text("CLASS", "GROUP"), Text("VERSION", "1.0"), Text("PYTABLES_FORMAT_VERSION", "2.1")]);
        var table = TableMessages(blocks, count, rowBytes);

        // Everything has its place before anything is written.
        var rootHeader = SuperblockBytes;
        var rootLinks = rootHeader + 16 + 24 + rootAttributes.Bytes.Length;
        var groupHeader = rootLinks + LinksBytes(key);
        var groupLinks = groupHeader + 16 + 24 + group.Bytes.Length;
        var tableHeader = groupLinks + LinksBytes("table");
        var chunkTree = tableHeader + 16 + 8 + 24 + table.Bytes.Length;
        var data = chunkTree + ChunkTreeBytes;
        var file = new byte[data + (count * rowBytes)];
        var at = 0;
        Put([.. Superblock(file.LongLength, rootHeader, rootLinks)]);
        Put([.. Header(rootAttributes.Count + 1, [.. SymbolTable(rootLinks), .. rootAttributes.Bytes]), .. Links(rootLinks, key, groupHeader)]);
        Put([.. Header(group.Count + 1, [.. SymbolTable(groupLinks), .. group.Bytes]), .. Links(groupLinks, "table", tableHeader)]);
        Put(Header(table.Count + 1, [.. table.Bytes, .. Message(0x08, [3, 2, 2, .. Long(chunkTree), .. Little(count), .. Little(rowBytes), 0, 0, 0, 0, 0])]));
        Put(ChunkTree(count, rowBytes, data));
        Fill(file.AsSpan(data), rowBytes, textBytes, numbers, texts);
        return file;

        void Put(byte[] bytes)
        {
            bytes.CopyTo(file, at);
            at += bytes.Length;
        }
    }

    private static (byte[] Bytes, int Count) GroupAttributes(IReadOnlyList<PandasColumn> columns, int blocks)
    {
        var names = Enumerable.Range(0, blocks).Select(index => $"values_block_{index}").ToList();
        var info = new StringBuilder("(dp0\nI1\n(dp1\nVnames\np2\n(lp3\nNasVtype\np4\nVIndex\np5\nssVindex\np6\n(dp7\n");
        for (var index = 0; index < blocks; index++)
        {
            info.Append($"sV{names[index]}\np{8 + (2 * index)}\n(dp{9 + (2 * index)}\n");
        }

        return Joined(
        [
            Title(), Text("CLASS", "GROUP"), Text("VERSION", "1.0"), Text("pandas_type", "frame_table"), Text("pandas_version", "0.15.2"), Text("table_type", "appendable_frame"),
            Bytes("index_cols", "(lp0\n(I0\nVindex\np1\ntp2\na."), Bytes("values_cols", Pickled(names)), Bytes("non_index_axes", "(lp0\n(I1\n" + Pickled(columns.Select(column => column.Name), 1).TrimEnd('.') + "tp0\na."),
            Bytes("data_columns", "(lp0\n."), Text("nan_rep", "nan"), Text("encoding", "UTF-8"), Text("errors", "strict"), Integer("levels", 1), Bytes("info", info.Append("s.").ToString()),
        ]);
    }

    private static (byte[] Bytes, int Count) TableMessages(List<(string Kind, List<PandasColumn> Columns, byte[] Type)> blocks, int rows, int rowBytes)
    {
        var (members, offset) = (Member("index", 0, LongType[..12]), 8);
        var messages = new List<byte[]> { Text("CLASS", "TABLE"), Text("VERSION", "2.7"), Title(), Integer("FIELD_0_FILL", 0), Text("FIELD_0_NAME", "index"), Text("index_kind", "integer"), Integer("NROWS", rows) };
        for (var index = 0; index < blocks.Count; index++)
        {
            var (kind, columns, type) = blocks[index];
            var name = $"values_block_{index}";
            members = [.. members, .. Member(name, offset, type)];
            offset += BinaryPrimitives.ReadInt32LittleEndian(type.AsSpan(4));
            messages.AddRange(
            [
                Text($"FIELD_{index + 1}_NAME", name), kind == "float64" ? Attribute($"FIELD_{index + 1}_FILL", DoubleType, 20, new byte[8]) : Bytes($"FIELD_{index + 1}_FILL", "\0"),
                Bytes($"{name}_kind", Pickled(columns.Select(column => column.Name))), Bytes($"{name}_meta", "N."), Text($"{name}_dtype", kind),
            ]);
        }

        return Joined(
        [
            Message(0x03, [0x26, (byte)(blocks.Count + 1), 0, 0, .. Little(rowBytes), .. members]), Message(0x05, [2, 3, 0, 1, 0, 0, 0, 0]),
            Message(0x01, [1, 1, 1, 0, 0, 0, 0, 0, .. Long(rows), .. Long(-1)]), .. messages,
        ]);
    }

    private static void Fill(Span<byte> data, int rowBytes, int textBytes, List<PandasColumn> numbers, List<PandasColumn> texts)
    {
        for (var row = 0; row * (long)rowBytes < data.Length; row++)
        {
            var place = data.Slice(row * rowBytes, rowBytes);
            BinaryPrimitives.WriteInt64LittleEndian(place, row);
            place = place[8..];
            foreach (var column in numbers)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(place, column.Numbers![row]);
                place = place[8..];
            }

            foreach (var column in texts)
            {
                Encoding.UTF8.GetBytes(column.Texts![row] ?? "nan", place);
                place = place[textBytes..];
            }
        }
    }

    private static byte[] Superblock(long fileBytes, long rootHeader, long rootLinks) =>
    [
        .. Hdf5File.Signature, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0, .. Long(0), .. Long(-1), .. Long(fileBytes), .. Long(-1),
        .. Long(0), .. Long(rootHeader), 1, 0, 0, 0, 0, 0, 0, 0, .. Long(rootLinks), .. Long(rootLinks + GroupTreeBytes),
    ];

    private static byte[] Header(int messages, byte[] body) => [1, 0, (byte)messages, (byte)(messages >> 8), 1, 0, 0, 0, .. Little(body.Length), 0, 0, 0, 0, .. body];

    private static byte[] SymbolTable(long links) => Message(0x11, [.. Long(links), .. Long(links + GroupTreeBytes)]);

    private static int LinksBytes(string name) => GroupTreeBytes + 32 + HeapBytes(name) + SymbolNodeBytes;

    private static int HeapBytes(string name) => 8 + Padded(Encoding.UTF8.GetByteCount(name) + 1);

    // The tree, the names and the node of a group with one child.
    private static byte[] Links(long at, string name, long child)
    {
        var heap = at + GroupTreeBytes;
        var node = heap + 32 + HeapBytes(name);
        byte[] tree = [.. "TREE"u8, 0, 0, 1, 0, .. Long(-1), .. Long(-1), .. Long(0), .. Long(node), .. Long(8)];
        byte[] names = [.. "HEAP"u8, 0, 0, 0, 0, .. Long(HeapBytes(name)), .. Long(1), .. Long(heap + 32), .. new byte[8], .. Encoding.UTF8.GetBytes(name)];
        byte[] entry = [.. "SNOD"u8, 1, 0, 1, 0, .. Long(8), .. Long(child)];
        return [.. tree, .. new byte[GroupTreeBytes - tree.Length], .. names, .. new byte[32 + HeapBytes(name) - names.Length], .. entry, .. new byte[SymbolNodeBytes - entry.Length]];
    }

    private static byte[] ChunkTree(int rows, int rowBytes, long data)
    {
        byte[] used =
        [
            .. "TREE"u8, 1, 0, 1, 0, .. Long(-1), .. Long(-1), .. Little(checked(rows * rowBytes)), .. Little(0), .. Long(0), .. Long(0), .. Long(data), .. Little(0), .. Little(0), .. Long(rows), .. Long(rowBytes),
        ];
        return [.. used, .. new byte[ChunkTreeBytes - used.Length]];
    }

    private static byte[] Member(string name, int offset, byte[] type)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return [.. bytes, .. new byte[Padded(bytes.Length + 1) - bytes.Length], .. Little(offset), .. type];
    }

    private static byte[] ArrayType(byte[] type, int bytes, int count) => [0x2A, 0, 0, 0, .. Little(bytes * count), 1, 0, 0, 0, .. Little(count), .. Little(0), .. type];

    private static byte[] Title()
    {
        byte[] name = [.. "TITLE"u8, 0, 0, 0];
        return Message(0x0C, [1, 0, 6, 0, 8, 0, 4, 0, .. name, 0x13, 0x10, 0, 0, 1, 0, 0, 0, 2, 0, 0, 2, 0, 0, 0, 0]);
    }

    // Python reads a text in UTF-8 as its str, and one in ASCII as its bytes, which may be a pickle.
    private static byte[] Text(string name, string value) => Attribute(name, [0x13, 0x10, 0, 0, .. Little(value.Length)], 8, Encoding.ASCII.GetBytes(value));

    private static byte[] Bytes(string name, string value) => Attribute(name, [0x13, 0, 0, 0, .. Little(value.Length)], 8, Encoding.ASCII.GetBytes(value));

    private static byte[] Integer(string name, long value) => Attribute(name, LongType, 12, Long(value));

    private static byte[] Attribute(string name, byte[] type, int typeBytes, byte[] value)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        byte[] padded = [.. bytes, .. new byte[Padded(bytes.Length + 1) - bytes.Length]];
        return Message(0x0C, [1, 0, .. Little(bytes.Length + 1)[..2], .. Little(typeBytes)[..2], 8, 0, .. padded, .. type, 1, 0, 0, 0, 0, 0, 0, 0, .. value]);
    }

    private static byte[] Message(byte kind, byte[] body)
    {
        var length = Padded(body.Length);
        return length <= ushort.MaxValue
            ? [kind, 0, .. Little(length)[..2], 0, 0, 0, 0, .. body, .. new byte[length - body.Length]]
            : throw new Hdf5FormatException("The names of the columns are too long for an HDF5 file.");
    }

    private static (byte[] Bytes, int Count) Joined(IReadOnlyList<byte[]> messages) => ([.. messages.SelectMany(message => message)], messages.Count);

    private static string Pickled(IEnumerable<string> texts, int first = 0)
    {
        var pickle = new StringBuilder($"(lp{first}\n");
        foreach (var text in texts)
        {
            pickle.Append('V');
            foreach (var rune in text.EnumerateRunes())
            {
                pickle.Append(rune.Value is >= 0x20 and < 0x7F and not '\\' ? rune.ToString() : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
            }

            pickle.Append($"\np{++first}\na");
        }

        return pickle.Append('.').ToString();
    }

    private static int Padded(int length) => (length + 7) / 8 * 8;

    private static byte[] Little(int value) => BitConverter.GetBytes(value);

    private static byte[] Long(long value) => BitConverter.GetBytes(value);
}
