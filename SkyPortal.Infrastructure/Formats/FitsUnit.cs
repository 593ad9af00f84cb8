using System.Buffers.Binary;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>One header and data unit of a FITS file.</summary>
/// <param name="Header">Its keywords.</param>
/// <param name="IsPrimary">Whether it is the first of the file.</param>
/// <param name="Axes">Lengths of its axes; those of a table are the bytes of a row and the number of rows.</param>
/// <param name="Data">Its data as stored, without padding.</param>
public sealed record FitsUnit(FitsHeader Header, bool IsPrimary, long[] Axes, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether its data are an array of pixels.</summary>
    public bool IsImage => IsPrimary || Header.Text("XTENSION") == "IMAGE";

    /// <summary>Whether it is a binary table.</summary>
    public bool IsTable => !IsPrimary && Header.Text("XTENSION") == "BINTABLE";
}

/// <summary>Pixels of an image unit in its physical unit (BSCALE and BZERO applied); not-a-number where blank.</summary>
internal sealed class FitsPixels
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly int _bitpix;
    private readonly double _scale;
    private readonly double _zero;
    private readonly long? _blank;

    public FitsPixels(FitsUnit unit)
    {
        _data = unit.Data;
        _bitpix = (int)unit.Header.Integer("BITPIX")!.Value;
        _scale = unit.Header.Number("BSCALE") ?? 1;
        _zero = unit.Header.Number("BZERO") ?? 0;
        _blank = _bitpix > 0 ? unit.Header.Integer("BLANK") : null;
    }

    /// <summary>Pixel by its place in the file, from 0.</summary>
    public double this[int index]
    {
        get
        {
            var size = Math.Abs(_bitpix) / 8;
            var stored = _data.Span.Slice(index * size, size);
            if (_bitpix < 0)
            {
                return _zero + (_scale * (_bitpix == -32 ? BinaryPrimitives.ReadSingleBigEndian(stored) : BinaryPrimitives.ReadDoubleBigEndian(stored)));
            }

            var integer = _bitpix switch
            {
                8 => stored[0],
                16 => BinaryPrimitives.ReadInt16BigEndian(stored),
                32 => BinaryPrimitives.ReadInt32BigEndian(stored),
                _ => BinaryPrimitives.ReadInt64BigEndian(stored),
            };
            return integer == _blank ? double.NaN : _zero + (_scale * integer);
        }
    }
}
