namespace SkyPortal.Infrastructure.Formats;

/// <summary>Rows of a table that are read one after the other from a stream, and some of its columns.</summary>
internal sealed class MapRows
{
    private readonly Stream _stream;
    private readonly byte[] _row;
    private readonly FitsCells[] _cells;

    public MapRows(Stream stream, FitsTable table, int rowBytes, IReadOnlyList<FitsColumn> columns)
    {
        _stream = stream;
        _row = new byte[rowBytes];
        _cells = [.. columns.Select(column => new FitsCells(table.Header, column))];
        Header = table.Header;
        Count = table.Rows;
        PerRow = columns[0].Repeat;
    }

    /// <summary>Header of the table.</summary>
    public FitsHeader Header { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Numbers of each column in a row.</summary>
    public int PerRow { get; }

    /// <summary>Number of columns that are read.</summary>
    public int Columns => _cells.Length;

    /// <summary>Bytes of the next row, until the one after it is read.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _stream.ReadExactly(_row);
        return _row;
    }

    /// <summary>A number of a column.</summary>
    public double Value(int column, ReadOnlySpan<byte> row, int place) => _cells[column].Number(row, place);
}
