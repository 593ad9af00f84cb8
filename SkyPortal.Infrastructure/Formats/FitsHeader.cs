using System.Globalization;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>One keyword of a FITS header.</summary>
/// <param name="Key">Keyword, upper case.</param>
/// <param name="Value">A <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, or null where undefined.</param>
public sealed record FitsCard(string Key, object? Value);

/// <summary>
/// The keywords of one header unit (FITS Standard 4.0, section 4). Comments and history are left out; of a repeated
/// keyword the first counts. Values in free format are understood, and long texts continued over several cards.
/// </summary>
public sealed class FitsHeader
{
    internal const int CardBytes = 80;
    internal const int BlockBytes = 2880;
    private const int MaxBlocks = 2_000;

    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);
    private readonly List<FitsCard> _cards = [];

    /// <summary>Keywords with values, in order.</summary>
    public IReadOnlyList<FitsCard> Cards => _cards;

    /// <summary>Whether the keyword is there.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>A text value without trailing spaces; null where absent or not text.</summary>
    public string? Text(string key) => _values.GetValueOrDefault(key) as string;

    /// <summary>An integer value; null where absent or not an integer.</summary>
    public long? Integer(string key) => _values.GetValueOrDefault(key) as long?;

    /// <summary>A numeric value; null where absent or not a number.</summary>
    public double? Number(string key) => _values.GetValueOrDefault(key) switch
    {
        double number => number,
        long integer => integer,
        _ => null,
    };

    /// <summary>A logical value; null where absent or not logical.</summary>
    public bool? Logical(string key) => _values.GetValueOrDefault(key) as bool?;

    /// <summary>Reads the header unit at the start of the bytes.</summary>
    /// <param name="bytes">Bytes from the header's first card on.</param>
    /// <param name="length">Length in bytes of the header unit, a multiple of 2880.</param>
    /// <exception cref="FitsFormatException">There is no end card, or a character that FITS does not allow.</exception>
    internal static FitsHeader Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var header = new FitsHeader();
        for (var offset = 0; offset + CardBytes <= bytes.Length && offset < MaxBlocks * BlockBytes; offset += CardBytes)
        {
            var card = bytes.Slice(offset, CardBytes);
            if (card.StartsWith("END"u8) && card[3..].IndexOfAnyExcept((byte)' ') < 0)
            {
                length = (offset / BlockBytes + 1) * BlockBytes;
                return header;
            }

            if (card.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) >= 0)
            {
                throw new FitsFormatException($"The FITS header has a character that is not printable, in the card at byte {offset}.");
            }

            header.Add(Encoding.ASCII.GetString(card));
        }

        throw new FitsFormatException("The FITS header has no END card.");
    }

    private void Add(string card)
    {
        if (card.StartsWith("CONTINUE  ", StringComparison.Ordinal))
        {
            Continue(card);
            return;
        }

        var equals = card.StartsWith("HIERARCH ", StringComparison.Ordinal) ? card.IndexOf('=') : card[8] == '=' ? 8 : -1;
        if (equals < 0)
        {
            return;
        }

        var key = card[..equals].Trim().ToUpperInvariant();
        if (key.StartsWith("HIERARCH ", StringComparison.Ordinal))
        {
            key = key[9..].Trim();
        }

        if (key.Length > 0)
        {
            var value = ValueOf(card[(equals + 1)..].TrimStart());
            _cards.Add(new FitsCard(key, value));
            _values.TryAdd(key, value);
        }
    }

    private void Continue(string card)
    {
        if (_cards.Count > 0 && _cards[^1] is { Value: string start } last && start.EndsWith('&')
            && ValueOf(card[10..].TrimStart()) is string rest)
        {
            _cards[^1] = last with { Value = start[..^1] + rest };
            if (ReferenceEquals(_values[last.Key], start))
            {
                _values[last.Key] = _cards[^1].Value;
            }
        }
    }

    private static object? ValueOf(string text)
    {
        if (text.StartsWith('\''))
        {
            return Quoted(text);
        }

        var slash = text.IndexOf('/');
        var plain = (slash >= 0 ? text[..slash] : text).Trim();
        if (plain is "T" or "F")
        {
            return plain == "T";
        }

        if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }

        // FITS allows D for the exponent of double precision.
        return double.TryParse(plain.Replace('D', 'E'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static string Quoted(string text)
    {
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\'')
            {
                if (i + 1 >= text.Length || text[i + 1] != '\'')
                {
                    break;
                }

                i++;
            }

            value.Append(text[i]);
        }

        return value.ToString().TrimEnd(' ');
    }
}
