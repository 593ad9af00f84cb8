using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// Reads one named field from records of any layout. Remembers where the field lies in the layout seen last,
/// since nearly all records share one. Safe to share between threads.
/// </summary>
internal sealed class PacketFieldReader(string field)
{
    private Place? _last;

    public object? Value(PacketRecord? record)
    {
        if (record is null)
        {
            return null;
        }

        var place = _last;
        if (place is null || !ReferenceEquals(place.Layout, record.Layout))
        {
            _last = place = new Place(record.Layout, record.Layout.IndexOf(field));
        }

        // The unsigned comparison also turns down -1, an absent field.
        return (uint)place.Index < (uint)record.Values.Length ? record.Values[place.Index] : null;
    }

    public double Number(PacketRecord? record) => FilterRuntime.Number(Value(record));

    public bool? Truth(PacketRecord? record) => FilterRuntime.Truth(Value(record));

    public string? Text(PacketRecord? record) => FilterRuntime.Text(Value(record));

    public PacketRecord? Record(PacketRecord? record) => Value(record) as PacketRecord;

    public object?[]? Items(PacketRecord? record) => Value(record) as object?[];

    public double? NumberOrNull(PacketRecord? record)
    {
        var value = Number(record);
        return double.IsNaN(value) ? null : value;
    }

    private sealed record Place(PacketLayout Layout, int Index);
}
