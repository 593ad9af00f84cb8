using System.Buffers.Binary;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Walks the fields of one message in the wire format of Protocol Buffers (protobuf.dev, "Encoding"): enough of it to read models.
/// Every length is checked against what is left.
/// </summary>
internal ref struct ProtobufCursor(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _left = message;
    private int _wireType;

    /// <summary>Number of the field that was begun by <see cref="Next"/>.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the field holds bytes: a text, a message, or packed numbers.</summary>
    public readonly bool IsBytes => _wireType == 2;

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_left.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Field = checked((int)(tag >> 3));
        _wireType = (int)(tag & 7);
        return Field > 0 ? true : throw Broken();
    }

    /// <summary>The field's bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Demand(2);
        var length = Varint();
        return Take(length > (ulong)_left.Length ? throw Broken() : (int)length);
    }

    /// <summary>The field as text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>The field as a whole number.</summary>
    public long Integer()
    {
        Demand(0);
        return (long)Varint();
    }

    /// <summary>The field as a number of single precision.</summary>
    public float Single()
    {
        Demand(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    /// <summary>Adds one whole number, or all of a packed field.</summary>
    public void Integers(List<long> into)
    {
        if (!IsBytes)
        {
            into.Add(Integer());
            return;
        }

        var packed = new ProtobufCursor(Bytes());
        while (!packed._left.IsEmpty)
        {
            into.Add((long)packed.Varint());
        }
    }

    /// <summary>Adds one number of single precision, or all of a packed field.</summary>
    public void Singles(List<float> into)
    {
        if (!IsBytes)
        {
            into.Add(Single());
            return;
        }

        for (var packed = Bytes(); !packed.IsEmpty; packed = packed[4..])
        {
            into.Add(packed.Length < 4 ? throw Broken() : BinaryPrimitives.ReadSingleLittleEndian(packed));
        }
    }

    /// <summary>Passes over a field of no interest.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Broken();
        }
    }

    private readonly void Demand(int wireType)
    {
        if (_wireType != wireType)
        {
            throw Broken();
        }
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
        {
            throw Broken();
        }

        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private static OnnxFormatException Broken() => new("It is no ONNX file, or it is damaged.");
}
