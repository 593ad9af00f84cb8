using System.Buffers.Binary;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Reads the numbers of one column from the bytes of a row.</summary>
/// <param name="header">Header of the table.</param>
/// <param name="column">The column.</param>
internal sealed class FitsCells(FitsHeader header, FitsColumn column)
{
    private readonly double _scale = header.Number($"TSCAL{column.Number}") ?? 1;
    private readonly double _zero = header.Number($"TZERO{column.Number}") ?? 0;
    private readonly long? _blank = header.Integer($"TNULL{column.Number}");
    private readonly int _size = FitsTable.Size(column.Kind, column.Number);

    /// <summary>Numbers per row.</summary>
    public int Repeat => column.Repeat;

    /// <summary>A number in its physical unit (TSCAL and TZERO applied); not-a-number where undefined.</summary>
    /// <param name="row">Bytes of the row.</param>
    /// <param name="place">Which of its numbers, from 0.</param>
    public double Number(ReadOnlySpan<byte> row, int place)
    {
        var stored = row.Slice(column.Offset + (place * _size), _size);
        return column.Kind switch
        {
            'E' => _zero + (_scale * BinaryPrimitives.ReadSingleBigEndian(stored)),
            'D' => _zero + (_scale * BinaryPrimitives.ReadDoubleBigEndian(stored)),
            _ => Stored(stored) is var integer && integer == _blank ? double.NaN : _zero + (_scale * integer),
        };
    }

    /// <summary>An integer as stored; null where the column holds none, or scales them.</summary>
    public long? Integer(ReadOnlySpan<byte> row) =>
        column.Kind is 'E' or 'D' || _scale != 1 || _zero != 0 ? null : Stored(row.Slice(column.Offset, _size));

    private long Stored(ReadOnlySpan<byte> stored) => column.Kind switch
    {
        'B' => stored[0],
        'I' => BinaryPrimitives.ReadInt16BigEndian(stored),
        'J' => BinaryPrimitives.ReadInt32BigEndian(stored),
        _ => BinaryPrimitives.ReadInt64BigEndian(stored),
    };
}
