using System.Buffers.Binary;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Kinds of values in an HDF5 file.</summary>
public enum Hdf5Kind
{
    Integer,
    Unsigned,
    Float,
    Text,
    Compound,

    /// <summary>Anything else; it is passed over.</summary>
    Other,
}

/// <summary>A field of a compound value.</summary>
/// <param name="OffsetBytes">Where it begins in the value.</param>
public sealed record Hdf5Field(string Name, int OffsetBytes, Hdf5Type Type);

/// <summary>The type of a value in an HDF5 file, as the message 0x0003 of the HDF5 File Format Specification 3.0 describes it.</summary>
/// <param name="SizeBytes">Size of one value with all its elements.</param>
/// <param name="Elements">Number of elements of an array type; 1 else.</param>
public sealed record Hdf5Type(Hdf5Kind Kind, int SizeBytes, bool BigEndian, int Elements, IReadOnlyList<Hdf5Field> Fields)
{
    private const int MostFields = 1_000;
    private const int MostElements = 10_000;
    private const int MostDepth = 4;

    /// <summary>Whether a value is a number.</summary>
    public bool IsNumber => Kind is Hdf5Kind.Integer or Hdf5Kind.Unsigned or Hdf5Kind.Float;

    /// <summary>An element as a number; not-a-number where it is none.</summary>
    public double Number(ReadOnlySpan<byte> value, int element = 0)
    {
        var size = SizeBytes / Elements;
        var bytes = value.Slice(element * size, size);
        return (Kind, size) switch
        {
            (Hdf5Kind.Float, 8) => BigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            (Hdf5Kind.Float, 4) => BigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
            (Hdf5Kind.Float, 2) => (double)(BigEndian ? BinaryPrimitives.ReadHalfBigEndian(bytes) : BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            (Hdf5Kind.Integer, 8) => BigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes),
            (Hdf5Kind.Integer, 4) => BigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (Hdf5Kind.Integer, 2) => BigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes),
            (Hdf5Kind.Integer, 1) => (sbyte)bytes[0],
            (Hdf5Kind.Unsigned, 8) => BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            (Hdf5Kind.Unsigned, 4) => BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            (Hdf5Kind.Unsigned, 2) => BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            (Hdf5Kind.Unsigned, 1) => bytes[0],
            _ => double.NaN,
        };
    }

    /// <summary>An element as text, without what pads it.</summary>
    public string Text(ReadOnlySpan<byte> value, int element = 0)
    {
        var size = SizeBytes / Elements;
        var bytes = value.Slice(element * size, size);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Reads a description, and leaves the cursor behind it.</summary>
    internal static Hdf5Type Read(ref Hdf5Cursor at, int depth = 0)
    {
        if (depth > MostDepth)
        {
            throw new Hdf5FormatException("The HDF5 file has types within types within types.");
        }

        var (head, flags) = (at.Byte(), at.Byte());
        var high = at.Byte();
        at.Skip(1);
        var size = at.Count32();
        var (version, members) = (head >> 4, flags | (high << 8));
        var bigEndian = (flags & 1) == 1;
        switch (head & 0x0F)
        {
            case 0:
                at.Skip(4);
                return Plain((flags & 8) == 0 ? Hdf5Kind.Unsigned : Hdf5Kind.Integer);
            case 1:
                at.Skip(12);
                return Plain(Hdf5Kind.Float);
            case 2:
                at.Skip(2);
                return Plain(Hdf5Kind.Other);
            case 3:
                return Plain(Hdf5Kind.Text);
            case 4:
                at.Skip(4);
                return Plain(Hdf5Kind.Unsigned);
            case 6:
                return new Hdf5Type(Hdf5Kind.Compound, Positive(size), bigEndian, 1, ReadFields(ref at, version, members, size, depth));
            case 8:
                return ReadNamed(ref at, version, members, depth);
            case 10:
                return ReadArray(ref at, version, depth);
            case 9:
                Read(ref at, depth + 1);
                return Plain(Hdf5Kind.Other);
            default:
                return Plain(Hdf5Kind.Other);
        }

        Hdf5Type Plain(Hdf5Kind kind) => new(kind, Positive(size), bigEndian, 1, []);
    }

    private static int Positive(int size) => size > 0 ? size : throw new Hdf5FormatException("The HDF5 file is damaged: a type has no size.");

    private static List<Hdf5Field> ReadFields(ref Hdf5Cursor at, int version, int count, int size, int depth)
    {
        if (count > MostFields)
        {
            throw new Hdf5FormatException($"The HDF5 file has a table of more than {MostFields} columns.");
        }

        var fields = new List<Hdf5Field>();
        for (var index = 0; index < count; index++)
        {
            var name = at.Text(padded: version < 3);
            var offset = version < 3 ? at.Count32() : Offset(at.Bytes(Width(size)));
            var elements = 1;
            if (version == 1)
            {
                var rank = at.Byte();
                at.Skip(11);
                for (var axis = 0; axis < 4; axis++)
                {
                    var length = at.Count32();
                    elements = axis < rank ? Product(elements, length) : elements;
                }
            }

            var type = Read(ref at, depth + 1);
            type = elements == 1 ? type : Many(type, elements);
            fields.Add(offset >= 0 && type.SizeBytes <= size - offset ? new Hdf5Field(name, offset, type) : throw new Hdf5FormatException("The HDF5 file is damaged: a column lies outside of its row."));
        }

        return fields;
    }

    private static Hdf5Type ReadNamed(ref Hdf5Cursor at, int version, int count, int depth)
    {
        var numbers = Read(ref at, depth + 1);
        for (var index = 0; index < count; index++)
        {
            at.Text(padded: version < 3);
        }

        at.Skip(count * numbers.SizeBytes);
        return numbers;
    }

    private static Hdf5Type ReadArray(ref Hdf5Cursor at, int version, int depth)
    {
        var rank = at.Byte();
        at.Skip(version < 3 ? 3 : 0);
        var elements = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            elements = Product(elements, at.Count32());
        }

        at.Skip(version < 3 ? 4 * rank : 0);
        return Many(Read(ref at, depth + 1), elements);
    }

    private static Hdf5Type Many(Hdf5Type one, int elements) => one.Elements == 1 && (long)one.SizeBytes * elements < int.MaxValue
        ? one with { SizeBytes = one.SizeBytes * elements, Elements = elements }
        : throw new Hdf5FormatException("The HDF5 file has lists of lists in a column.");

    private static int Product(int elements, int length) => elements * (long)length is > 0 and <= MostElements and var product
        ? (int)product
        : throw new Hdf5FormatException($"The HDF5 file has a column of none or more than {MostElements} values in a row.");

    private static int Width(int size) => size < 1 << 8 ? 1 : size < 1 << 16 ? 2 : size < 1 << 24 ? 3 : 4;

    private static int Offset(ReadOnlySpan<byte> bytes)
    {
        var value = 0;
        for (var index = bytes.Length - 1; index >= 0; index--)
        {
            value = (value << 8) | bytes[index];
        }

        return value;
    }
}
