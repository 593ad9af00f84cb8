using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Where a decoder stands within one record, array or map; kept so that an error can name the field.</summary>
internal struct AvroPathEntry
{
    public AvroNode Node;
    public int Index;
}

/// <summary>Reads Avro's binary primitives, and counts depth and values so that no input can cost more than it should.</summary>
internal ref struct AvroCursor
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _data;
    private readonly long _origin;
    private readonly AvroPathEntry[] _path;
    private readonly bool _skipsBytes;
    private int _position;
    private int _depth;
    private int _values;

    /// <param name="data">Bytes to read.</param>
    /// <param name="origin">Offset in bytes of the first of them within the whole input, for errors.</param>
    /// <param name="values">Values that may still be read.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    /// <param name="skipsBytes">Whether values of bytes are answered as empty.</param>
    public AvroCursor(ReadOnlySpan<byte> data, long origin, int values, int maxDepth, bool skipsBytes = false)
    {
        _skipsBytes = skipsBytes;
        _data = data;
        _origin = origin;
        _values = values;
        _path = new AvroPathEntry[maxDepth];
        _depth = -1;
    }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>Offset in bytes from the start of this cursor's data.</summary>
    public readonly int Position => _position;

    /// <summary>Values that may still be read.</summary>
    public readonly int ValuesLeft => _values;

    /// <summary>Enters a record, array or map.</summary>
    public void Enter(AvroNode node)
    {
        if (++_depth >= _path.Length)
        {
            _depth--;
            Fail($"Nesting deeper than {_path.Length}");
        }

        _path[_depth].Node = node;
        _path[_depth].Index = -1;
    }

    /// <summary>Notes the field or element that is about to be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void At(int index) => _path[_depth].Index = index;

    /// <summary>Leaves what <see cref="Enter"/> entered.</summary>
    public void Leave() => _depth--;

    /// <summary>Counts values before they are allocated.</summary>
    public void Charge(long count)
    {
        if (count > _values)
        {
            Fail("More values than an input of this length may hold");
        }

        _values -= (int)count;
    }

    /// <summary>Reads a zigzag variable-length integer of up to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        var data = _data;
        var position = _position;
        if ((uint)position < (uint)data.Length && data[position] < 0x80)
        {
            _position = position + 1;
            uint raw = data[position];
            return (int)(raw >> 1) ^ -(int)(raw & 1);
        }

        return ReadLongSlowly();
    }

    /// <summary>Reads an integer that must fit 32 bits.</summary>
    public long ReadInt()
    {
        var value = ReadLong();
        if (value != (int)value)
        {
            Fail("An integer does not fit 32 bits");
        }

        return value;
    }

    /// <summary>Reads a boolean.</summary>
    public bool ReadBoolean()
    {
        var raw = Take(1)[0];
        if (raw > 1)
        {
            Fail("A boolean is neither 0 nor 1");
        }

        return raw == 1;
    }

    /// <summary>Reads a single-precision number.</summary>
    public double ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>Reads a double-precision number.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Reads a length and that many bytes, as a view of the input.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadLong();
        if ((ulong)length > (ulong)Remaining)
        {
            Fail($"A length of {length} bytes is declared where {Remaining} are left");
        }

        return Take((int)length);
    }

    /// <summary>Reads a length and that many bytes as an array of their own; as an empty one where they are passed over.</summary>
    public byte[] ReadBytesApart()
    {
        var bytes = ReadBytes();
        return _skipsBytes ? [] : bytes.ToArray();
    }

    /// <summary>Reads text. A short text equal to <paramref name="known"/> is answered with that very string.</summary>
    public string ReadText(ref string? known)
    {
        var bytes = ReadBytes();
        if (bytes.Length == 0)
        {
            return "";
        }

        if (known is { } text && text.Length == bytes.Length && Ascii.Equals(bytes, text))
        {
            return text;
        }

        try
        {
            var decoded = StrictUtf8.GetString(bytes);
            if (bytes.Length <= 64)
            {
                known = decoded;
            }

            return decoded;
        }
        catch (DecoderFallbackException)
        {
            Fail("Text is not UTF-8");
            return "";
        }
    }

    /// <summary>Reads this many bytes, as a view of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            Fail($"{count} bytes are needed where {Remaining} are left");
        }

        var taken = _data.Slice(_position, count);
        _position += count;
        return taken;
    }

    /// <summary>
    /// Reads the head of a block of an array or map: its count of elements, and where the block must end (-1 where the
    /// input does not say). A count that the bytes left cannot hold is refused.
    /// </summary>
    public (int Count, int End) ReadBlockHead(int minElementBytes)
    {
        var count = ReadLong();
        var end = -1;
        if (count < 0)
        {
            count = count == long.MinValue ? long.MaxValue : -count;
            var size = ReadLong();
            if ((ulong)size > (ulong)Remaining)
            {
                Fail($"A block of {size} bytes is declared where {Remaining} are left");
            }

            end = _position + (int)size;
        }

        if (minElementBytes > 0 && count > Remaining / minElementBytes)
        {
            Fail($"{count} elements are declared where {Remaining} bytes are left");
        }

        Charge(count);
        return ((int)count, end);
    }

    /// <summary>Checks that a block ended where it said that it would.</summary>
    public readonly void EndBlock(int end)
    {
        if (end >= 0 && _position != end)
        {
            Fail("A block's length in bytes does not match its elements");
        }
    }

    /// <summary>Gives up, naming the field and the byte.</summary>
    [DoesNotReturn]
    public readonly void Fail(string problem)
    {
        var path = new StringBuilder();
        for (var level = 0; level <= _depth; level++)
        {
            _path[level].Node.DescribeStep(path, _path[level].Index);
        }

        throw new PacketFormatException(problem, path.ToString(), _origin + _position);
    }

    private long ReadLongSlowly()
    {
        ulong raw = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position >= _data.Length)
            {
                Fail("The input ends within an integer");
            }

            ulong next = _data[_position++];
            if (shift == 63 && next > 1)
            {
                break;
            }

            raw |= (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(raw >> 1) ^ -(long)(raw & 1);
            }
        }

        Fail("An integer does not fit 64 bits");
        return 0;
    }
}
