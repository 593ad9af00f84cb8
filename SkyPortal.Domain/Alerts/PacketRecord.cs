namespace SkyPortal.Domain.Alerts;

/// <summary>Kinds of value that a field of an alert packet can hold once decoded.</summary>
public enum PacketFieldKind
{
    /// <summary>A truth value, decoded as <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>A 32 or 64 bit integer, decoded as <see cref="long"/>.</summary>
    Integer,

    /// <summary>A single or double precision number, decoded as <see cref="double"/>.</summary>
    Number,

    /// <summary>Text or an enumeration symbol, decoded as <see cref="string"/>.</summary>
    Text,

    /// <summary>Raw bytes, decoded as <c>byte[]</c>.</summary>
    Bytes,

    /// <summary>A nested record, decoded as <see cref="PacketRecord"/>.</summary>
    Record,

    /// <summary>An array, decoded as <c>object?[]</c> of one kind of element.</summary>
    Array,

    /// <summary>A map from text to values, decoded as <c>Dictionary&lt;string, object?&gt;</c>.</summary>
    Map,

    /// <summary>A field that can hold values of several non-null kinds.</summary>
    Any,
}

/// <summary>One field of a packet's record.</summary>
/// <param name="Name">Name as in the survey's schema, case-sensitive.</param>
/// <param name="Kind">Kind of its non-null values.</param>
/// <param name="Nullable">Whether the field may be null.</param>
/// <param name="Record">Layout of the nested record, or of the elements of an array of records; otherwise null.</param>
/// <param name="ElementKind">Kind of an array's or map's elements; otherwise null.</param>
public sealed record PacketField(
    string Name,
    PacketFieldKind Kind,
    bool Nullable,
    PacketLayout? Record = null,
    PacketFieldKind? ElementKind = null);

/// <summary>The ordered fields of one kind of record. One instance is shared by all records of a schema.</summary>
public sealed class PacketLayout
{
    private readonly Dictionary<string, int> _indexes;

    /// <summary>Creates a layout; field names must be distinct.</summary>
    public PacketLayout(string name, IReadOnlyList<PacketField> fields)
    {
        Name = name;
        Fields = fields;
        _indexes = new Dictionary<string, int>(fields.Count, StringComparer.Ordinal);
        for (var i = 0; i < fields.Count; i++)
        {
            _indexes.Add(fields[i].Name, i);
        }
    }

    /// <summary>Full name of the record, such as <c>ztf.alert.candidate</c>.</summary>
    public string Name { get; }

    /// <summary>Fields in the order of the schema.</summary>
    public IReadOnlyList<PacketField> Fields { get; }

    /// <summary>Position of a field, or -1 where the record has none of that name.</summary>
    public int IndexOf(string field) => _indexes.GetValueOrDefault(field, -1);
}

/// <summary>A decoded record of an alert packet: a layout and one value per field.</summary>
public sealed class PacketRecord(PacketLayout layout, object?[] values)
{
    /// <summary>The record's fields.</summary>
    public PacketLayout Layout { get; } = layout;

    /// <summary>Values in the order of the layout's fields; see <see cref="PacketFieldKind"/> for their types.</summary>
    public object?[] Values { get; } = values;

    /// <summary>Value of a field, null where the field is null or absent.</summary>
    public object? this[string field]
    {
        get
        {
            var index = Layout.IndexOf(field);
            return index < 0 ? null : Values[index];
        }
    }

    /// <summary>A numeric field as a double; null where absent, null or not a number.</summary>
    public double? Number(string field) => this[field] switch
    {
        double number => number,
        long integer => integer,
        _ => null,
    };

    /// <summary>An integer field; null where absent, null or not an integer.</summary>
    public long? Integer(string field) => this[field] as long?;

    /// <summary>A text field; null where absent, null or not text.</summary>
    public string? Text(string field) => this[field] as string;

    /// <summary>A nested record; null where absent or null.</summary>
    public PacketRecord? Record(string field) => this[field] as PacketRecord;

    /// <summary>An array of records; empty where absent or null.</summary>
    public IEnumerable<PacketRecord> Records(string field) =>
        this[field] is object?[] items ? items.OfType<PacketRecord>() : [];
}
