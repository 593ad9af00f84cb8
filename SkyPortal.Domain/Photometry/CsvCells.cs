using System.Text;

namespace SkyPortal.Domain.Photometry;

/// <summary>The values of a file of comma-separated values one after the other (RFC 4180; lines end with CR LF, LF or CR).</summary>
internal ref struct CsvCells(ReadOnlySpan<byte> utf8)
{
    private ReadOnlySpan<byte> _rest = utf8;

    /// <summary>Passes over empty lines; false at the end of the file.</summary>
    public bool SkipToRow()
    {
        _rest = _rest.TrimStart("\r\n"u8);
        return !_rest.IsEmpty;
    }

    /// <summary>The next value, without its quotes.</summary>
    /// <param name="row">For the refusal: the row, from 0; below 0 for the header.</param>
    /// <param name="last">Whether it is the last of its line.</param>
    public ReadOnlySpan<byte> Next(int row, out bool last)
    {
        if (!_rest.IsEmpty && _rest[0] == '"')
        {
            return Quoted(row, out last);
        }

        var end = _rest.IndexOfAny((byte)',', (byte)'\n', (byte)'\r');
        var cell = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? [] : _rest[end..];
        last = EndOfLine();
        return cell;
    }

    private ReadOnlySpan<byte> Quoted(int row, out bool last)
    {
        var end = 1;
        var doubled = false;
        while (true)
        {
            var quote = _rest[end..].IndexOf((byte)'"');
            if (quote < 0)
            {
                throw Wrong(row, "a quote is not closed");
            }

            end += quote + 1;
            if (end >= _rest.Length || _rest[end] != '"')
            {
                break;
            }

            doubled = true;
            end++;
        }

        var cell = _rest[1..(end - 1)];
        _rest = _rest[end..];
        if (!_rest.IsEmpty && _rest[0] is not ((byte)',' or (byte)'\n' or (byte)'\r'))
        {
            throw Wrong(row, "a closing quote is followed by text");
        }

        last = EndOfLine();
        return doubled ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(cell).Replace("\"\"", "\"", StringComparison.Ordinal)) : cell;
    }

    // Takes the comma, or leaves the end of the line to be passed over.
    private bool EndOfLine()
    {
        if (_rest.IsEmpty || _rest[0] != ',')
        {
            return true;
        }

        _rest = _rest[1..];
        return false;
    }

    private static Refusal Wrong(int row, string reason) => Refusal.Invalid(row < 0 ? $"The header cannot be read: {reason}." : $"row {row}: {reason}.");
}
