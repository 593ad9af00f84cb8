using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Builds layouts from compact tables such as <c>jd double; fid int; drb float?</c>, where ? marks nullable fields.</summary>
internal static class LayoutTable
{
    private static readonly char[] Blank = [' ', '\n', '\r'];

    public static PacketLayout Parse(string name, string table, params PacketField[] nested)
    {
        var fields = table
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(row => row.Split(Blank, StringSplitOptions.RemoveEmptyEntries))
            .Select(row => new PacketField(row[0], Kind(row[1].TrimEnd('?')), row[1].EndsWith('?')));
        return new PacketLayout(name, [.. fields, .. nested]);
    }

    public static PacketField Record(string name, PacketLayout layout, bool nullable) =>
        new(name, PacketFieldKind.Record, nullable, layout);

    public static PacketField Records(string name, PacketLayout layout) =>
        new(name, PacketFieldKind.Array, Nullable: true, layout, PacketFieldKind.Record);

    private static PacketFieldKind Kind(string type) => type switch
    {
        "boolean" => PacketFieldKind.Boolean,
        "int" or "long" => PacketFieldKind.Integer,
        "float" or "double" => PacketFieldKind.Number,
        "string" => PacketFieldKind.Text,
        "bytes" => PacketFieldKind.Bytes,
        _ => throw new ArgumentException($"'{type}' is no type of a packet's field.", nameof(type)),
    };
}
