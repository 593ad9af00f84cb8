using System.Globalization;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>A numeric column of a binary table.</summary>
/// <param name="Name">Name (TTYPE), or empty.</param>
/// <param name="Unit">Unit (TUNIT); null where none is named.</param>
/// <param name="Number">Place among the columns, from 1.</param>
/// <param name="Offset">Bytes of a row before it.</param>
/// <param name="Repeat">Numbers per row.</param>
/// <param name="Kind">Type of its numbers, as TFORM names it: B, I, J, K, E or D.</param>
public sealed record FitsColumn(string Name, string? Unit, int Number, int Offset, int Repeat, char Kind);

/// <summary>
/// Numeric columns of a binary table (FITS Standard 4.0, section 7.3). Columns of other kinds (texts, logicals, bits, complex
/// numbers, arrays of variable length) take their room in the row and are not listed.
/// </summary>
public sealed class FitsTable
{
    private const int MostColumns = 999;
    private readonly FitsUnit _unit;

    private FitsTable(FitsUnit unit, int rows, List<FitsColumn> columns)
    {
        _unit = unit;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Header of the table.</summary>
    public FitsHeader Header => _unit.Header;

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Numeric columns, in order.</summary>
    public IReadOnlyList<FitsColumn> Columns { get; }

    /// <summary>Reads the structure of a binary table.</summary>
    /// <exception cref="FitsFormatException">The unit is no binary table, or its columns do not make up its rows.</exception>
    public static FitsTable Read(FitsUnit unit)
    {
        if (!unit.IsTable || unit.Axes is not [var rowBytes, var rows] || unit.Header.Integer("BITPIX") != 8)
        {
            throw new FitsFormatException("The FITS unit is not a binary table.");
        }

        if (unit.Header.Integer("TFIELDS") is not (>= 0 and <= MostColumns and var fields))
        {
            throw new FitsFormatException("The FITS table has no valid TFIELDS.");
        }

        var columns = new List<FitsColumn>();
        long offset = 0;
        for (var number = 1; number <= fields; number++)
        {
            var (repeat, kind) = Form(unit.Header.Text($"TFORM{number}"), number);
            var bytes = kind == 'X' ? (repeat + 7) / 8 : repeat * Size(kind, number);
            if (kind is 'B' or 'I' or 'J' or 'K' or 'E' or 'D' && repeat > 0 && offset + bytes <= rowBytes)
            {
                var text = unit.Header.Text($"TUNIT{number}")?.Trim();
                columns.Add(new FitsColumn(
                    unit.Header.Text($"TTYPE{number}")?.Trim() ?? "", string.IsNullOrEmpty(text) ? null : text, number, (int)offset, (int)repeat, kind));
            }

            offset += bytes;
        }

        return offset == rowBytes
            ? new FitsTable(unit, (int)rows, columns)
            : throw new FitsFormatException($"The columns of the FITS table take {offset} bytes where NAXIS1 says {rowBytes}.");
    }

    /// <summary>
    /// All numbers of a column, row after row, in its physical unit (TSCAL and TZERO applied); not-a-number where undefined.
    /// </summary>
    public double[] Numbers(FitsColumn column)
    {
        var cells = new FitsCells(Header, column);
        var rowBytes = (int)_unit.Axes[0];
        var numbers = new double[Rows * column.Repeat];
        var data = _unit.Data.Span;
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = cells.Number(data.Slice((i / column.Repeat) * rowBytes, rowBytes), i % column.Repeat);
        }

        return numbers;
    }

    // rTa: how many, which type, and what further the type needs, which is of no concern here.
    private static (long Repeat, char Kind) Form(string? form, int number)
    {
        var text = form?.Trim() ?? "";
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        long repeat = 1;
        if (digits == text.Length || (digits > 0 && !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out repeat)) || repeat > int.MaxValue)
        {
            throw new FitsFormatException($"The FITS table has no valid TFORM{number}.");
        }

        return (repeat, text[digits]);
    }

    internal static int Size(char kind, int number) => kind switch
    {
        'L' or 'A' or 'B' => 1,
        'I' => 2,
        'J' or 'E' => 4,
        'K' or 'D' or 'C' or 'P' => 8,
        'M' or 'Q' => 16,
        'X' => 0,
        _ => throw new FitsFormatException($"The FITS table has no valid TFORM{number}."),
    };
}
