using System.Buffers.Binary;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Reads little-endian values of a file in memory, one after the other; nothing beyond its end.</summary>
internal struct Hdf5Cursor(ReadOnlyMemory<byte> file, ulong address)
{
    private readonly ReadOnlyMemory<byte> _file = file;

    public int At { get; private set; } = address < (ulong)file.Length ? (int)address : throw new Hdf5FormatException("The HDF5 file is truncated or damaged.");

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _file.Length - At)
        {
            throw new Hdf5FormatException("The HDF5 file is truncated or damaged.");
        }

        var bytes = _file.Span.Slice(At, count);
        At += count;
        return bytes;
    }

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <summary>A number that is a count or size, which must fit into memory.</summary>
    public int Count32() => UInt32() is <= int.MaxValue and var value ? (int)value : throw new Hdf5FormatException("The HDF5 file is damaged: a size is out of range.");

    public void Skip(int count) => Bytes(count);

    public void Expect(ReadOnlySpan<byte> mark)
    {
        if (!Bytes(mark.Length).SequenceEqual(mark))
        {
            throw new Hdf5FormatException("The HDF5 file is damaged: a part of it is not where it should be.");
        }
    }

    /// <summary>A text that ends with a NUL; with its padding to a multiple of eight bytes where there is one.</summary>
    public string Text(bool padded)
    {
        var rest = _file.Span[At..];
        var length = rest.IndexOf((byte)0);
        var bytes = Bytes(length < 0 ? int.MaxValue : length);
        Skip(padded ? (((length + 8) / 8) * 8) - length : 1);
        return Encoding.UTF8.GetString(bytes);
    }
}
