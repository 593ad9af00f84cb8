using System.Text;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// A compiled Avro schema whose root is a record. Immutable and safe to share between threads; parsing the same bytes
/// again answers the same instance as long as it is among the most recent.
/// </summary>
public sealed class AvroSchema
{
    private static readonly AvroSchemaCache Recent = new();

    private readonly IReadOnlyDictionary<string, PacketLayout> _layouts;
    private readonly IReadOnlyDictionary<string, AvroType> _named;
    private readonly Lazy<string> _text;

    private AvroSchema(AvroType root, IReadOnlyDictionary<string, AvroType> named)
    {
        if (root.Kind != AvroKind.Record)
        {
            throw new PacketFormatException("The schema of a packet must be a record");
        }

        var compiler = new AvroCompiler();
        Reader = compiler.Compile(root);
        Root = root;
        _layouts = compiler.Layouts;
        _named = named;
        _text = new Lazy<string>(() => AvroSchemaText.Of(root));
    }

    /// <summary>Full name of the root record, such as <c>ztf.alert</c>.</summary>
    public string Name => Root.FullName;

    /// <summary>Layout of the root record.</summary>
    public PacketLayout Layout => _layouts[Root.FullName];

    /// <summary>The schema as one self-contained JSON text, without documentation.</summary>
    public string Text => _text.Value;

    internal AvroType Root { get; }

    internal AvroRecordNode Reader { get; }

    /// <summary>Parses one self-contained schema.</summary>
    /// <param name="json">Schema text.</param>
    /// <exception cref="PacketFormatException">The text is not a valid schema with a record as its root.</exception>
    public static AvroSchema Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="Parse(string)"/>
    /// <param name="utf8Json">Schema text in UTF-8.</param>
    public static AvroSchema Parse(ReadOnlySpan<byte> utf8Json) => Recent.GetOrAdd(utf8Json, static text =>
    {
        var parser = new AvroSchemaParser();
        return new AvroSchema(parser.ParseOne(text), parser.Named);
    });

    /// <summary>Parses schema files that refer to each other by name, in any order.</summary>
    /// <param name="files">Texts of the files, one named type each.</param>
    /// <param name="rootName">Full name of the root; where null, the only type that no other refers to, else the one called <c>alert</c>.</param>
    /// <exception cref="PacketFormatException">A file is not a valid schema, a name is missing or the root is not clear.</exception>
    public static AvroSchema ParseAll(IEnumerable<string> files, string? rootName = null)
    {
        var parser = new AvroSchemaParser();
        var root = parser.ParseAll(files.Select(static file => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(file))), rootName);
        return new AvroSchema(root, parser.Named);
    }

    /// <summary>Layout of a record type of this schema.</summary>
    /// <param name="fullName">Name with namespace, such as <c>ztf.alert.candidate</c>.</param>
    /// <exception cref="ArgumentException">The schema has no such record.</exception>
    public PacketLayout LayoutOf(string fullName) =>
        _layouts.TryGetValue(fullName, out var layout)
            ? layout
            : throw new ArgumentException($"The schema {Name} has no record '{fullName}'.", nameof(fullName));

    /// <summary>Makes a record of a type of this schema; fields that are not given take the schema's defaults, else null.</summary>
    /// <param name="fullName">Name with namespace, such as <c>ztf.alert.candidate</c>.</param>
    /// <param name="values">Values by field name, of the types that <see cref="PacketFieldKind"/> states.</param>
    /// <exception cref="ArgumentException">The schema has no such record, or the record no such field.</exception>
    public PacketRecord NewRecord(string fullName, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var layout = LayoutOf(fullName);
        var fields = _named[fullName].DistinctFields;
        var row = new object?[fields.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = fields[i].Default;
        }

        foreach (var (name, value) in values)
        {
            var index = layout.IndexOf(name);
            row[index >= 0 ? index : throw new ArgumentException($"Record {fullName} has no field '{name}'.", nameof(values))] = value;
        }

        return new PacketRecord(layout, row);
    }
}
