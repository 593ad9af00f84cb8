using System.Globalization;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>A column of a table: numbers (not-a-number where there is none), or texts.</summary>
public sealed record PandasColumn(string Name, double[]? Numbers, string?[]? Texts)
{
    /// <summary>Number of rows.</summary>
    public int Length => Numbers?.Length ?? Texts!.Length;
}

/// <summary>
/// Tables in HDF5 files as pandas writes them (format "table" or "fixed"), and plain ones of h5py: a table of named fields, or a
/// group of columns. The first table of a file is the one that is read.
/// </summary>
public static class PandasTable
{
    private const int MostRows = 1_000_000;
    private const int MostDepth = 8;

    /// <summary>Reads the columns of a table in the order in which pandas shows them.</summary>
    /// <exception cref="Hdf5FormatException">It is no such file, or holds no table that is read here.</exception>
    public static IReadOnlyList<PandasColumn> Read(ReadOnlyMemory<byte> bytes)
    {
        var root = Hdf5File.Open(bytes);
        return Find(root, 0) ?? PlainOf(root, 0) ?? throw new Hdf5FormatException("The HDF5 file holds no table: write one with DataFrame.to_hdf(..., format='table').");
    }

    private static List<PandasColumn>? Find(Hdf5Object group, int depth)
    {
        switch (group.Attributes.GetValueOrDefault("pandas_type"))
        {
            case "frame_table" or "appendable_frame":
                return Ordered(Fields(group.Children().FirstOrDefault(child => child.Name == "table") ?? throw Missing("table")), group);
            case "frame":
                return Ordered(Blocks(group), group);
            default:
                return depth > MostDepth ? null : group.Children().Where(child => child.Type is null).Select(child => Find(child, depth + 1)).FirstOrDefault(found => found is not null);
        }
    }

    private static List<PandasColumn>? PlainOf(Hdf5Object group, int depth)
    {
        var sets = group.Children().Where(child => child.Type is not null).ToList();
        if (sets.Find(set => set.Type!.Kind == Hdf5Kind.Compound && set.Shape.Count == 1) is { } table)
        {
            return Fields(table);
        }

        var columns = sets.Where(set => set.Shape.Count == 1 && (set.Type!.IsNumber || set.Type.Kind == Hdf5Kind.Text) && set.Type.Elements == 1).ToList();
        return columns.Count > 0
            ? [.. columns.Select(set => Column(set.Name, set.Type!, set.ReadBytes(), Rows(set), set.Type!.SizeBytes, 0, 0))]
            : depth > MostDepth ? null : group.Children().Where(child => child.Type is null).Select(child => PlainOf(child, depth + 1)).FirstOrDefault(found => found is not null);
    }

    // Fields of a table; a field of many values holds as many columns, whose names stand in an attribute.
    private static List<PandasColumn> Fields(Hdf5Object table)
    {
        if (table.Type is not { Kind: Hdf5Kind.Compound } row || table.Shape.Count != 1)
        {
            throw Missing("table");
        }

        var (data, count, columns) = (table.ReadBytes(), Rows(table), new List<PandasColumn>());
        foreach (var field in row.Fields.Where(field => field.Name != "index"))
        {
            var names = PickledTexts(table.Attributes.GetValueOrDefault($"{field.Name}_kind") as string);
            if (names.Count != field.Type.Elements)
            {
                names = field.Type.Elements == 1 ? [field.Name] : [.. Enumerable.Range(0, field.Type.Elements).Select(index => $"{field.Name}_{index}")];
            }

            if (field.Type.IsNumber || field.Type.Kind == Hdf5Kind.Text)
            {
                columns.AddRange(names.Select((name, element) => Column(name, field.Type, data, count, row.SizeBytes, field.OffsetBytes, element)));
            }
        }

        return columns;
    }

    // Blocks of columns of one kind: items names the columns of a block, values holds them.
    private static List<PandasColumn> Blocks(Hdf5Object group)
    {
        var (parts, columns) = (group.Children(), new List<PandasColumn>());
        foreach (var values in parts.Where(part => part.Name.StartsWith("block", StringComparison.Ordinal) && part.Name.EndsWith("_values", StringComparison.Ordinal)))
        {
            var block = values.Name[..^"_values".Length];
            var items = parts.FirstOrDefault(part => part.Name == $"{block}_items");
            if (items?.Type is not { Kind: Hdf5Kind.Text, Elements: 1 } name || values.Type is not { IsNumber: true, Elements: 1 } type || values.Shape.Count != 2)
            {
                throw new Hdf5FormatException("The HDF5 file holds columns that are no numbers in the fixed format, which keeps them as Python objects: write it with format='table'.");
            }

            var byRow = values.Attributes.ContainsKey("transposed");
            var (count, rows) = byRow ? (values.Shape[1], values.Shape[0]) : (values.Shape[0], values.Shape[1]);
            var (names, data, size) = (items.ReadBytes(), values.ReadBytes(), type.SizeBytes);
            if (items.Shape.Count != 1 || items.Shape[0] != count || rows > MostRows)
            {
                throw Missing(block);
            }

            for (var column = 0; column < count; column++)
            {
                columns.Add(byRow
                    ? Column(name.Text(names.AsSpan(column * name.SizeBytes, name.SizeBytes)), type, data, rows, size * count, column * size, 0)
                    : Column(name.Text(names.AsSpan(column * name.SizeBytes, name.SizeBytes)), type, data[(column * rows * size)..], rows, size, 0, 0));
            }
        }

        return columns;
    }

    private static PandasColumn Column(string name, Hdf5Type type, byte[] data, int rows, int strideBytes, int offsetBytes, int element)
    {
        if (type.IsNumber)
        {
            var numbers = new double[rows];
            for (var row = 0; row < rows; row++)
            {
                numbers[row] = type.Number(data.AsSpan((row * strideBytes) + offsetBytes, type.SizeBytes), element);
            }

            return new PandasColumn(name, numbers, null);
        }

        var texts = new string?[rows];
        for (var row = 0; row < rows; row++)
        {
            texts[row] = type.Text(data.AsSpan((row * strideBytes) + offsetBytes, type.SizeBytes), element) is not "nan" and var text ? text : null;
        }

        return new PandasColumn(name, null, texts);
    }

    private static int Rows(Hdf5Object set) => set.Shape[0] <= MostRows ? set.Shape[0] : throw new Hdf5FormatException($"The HDF5 file holds a table of more than {MostRows} rows.");

    // The columns of all blocks in their order in the frame.
    private static List<PandasColumn> Ordered(List<PandasColumn> columns, Hdf5Object group)
    {
        var names = group.Attributes.GetValueOrDefault("non_index_axes") is string axes
            ? PickledTexts(axes)
            : group.Children().FirstOrDefault(child => child.Name == "axis0") is { Type: { Kind: Hdf5Kind.Text, Elements: 1 } type } axis
                ? [.. axis.ReadBytes().Chunk(type.SizeBytes).Select(name => type.Text(name))]
                : [];
        var places = names.Select((name, place) => (name, place)).DistinctBy(item => item.name).ToDictionary(item => item.name, item => item.place, StringComparer.Ordinal);
        return [.. columns.OrderBy(column => places.GetValueOrDefault(column.Name, int.MaxValue))];
    }

    private static Hdf5FormatException Missing(string part) => new($"The HDF5 file is damaged: its {part} is missing or of a wrong shape.");

    /// <summary>The texts in a list that Python pickled with protocol 0: lines that begin with V; nothing of it is run.</summary>
    private static List<string> PickledTexts(string? pickle) =>
    [
        .. (pickle ?? "").Split('\n').Select(line => line.TrimStart('(', 'a', 's', 'l', 't')).Where(line => line.StartsWith('V')).Select(line => Unescaped(line[1..])),
    ];

    private static string Unescaped(string text)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var digits = text[at] != '\\' || at + 1 == text.Length ? 0 : text[at + 1] == 'u' ? 4 : text[at + 1] == 'U' ? 8 : 0;
            if (digits > 0 && at + 1 + digits < text.Length
                && int.TryParse(text.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
            {
                plain.Append(new Rune(code));
                at += 1 + digits;
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }
}
