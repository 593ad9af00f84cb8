using System.Runtime.InteropServices;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Reads a decompressing stream to its end without ever holding more than a cap.</summary>
internal static class CappedInflation
{
    /// <summary>A stream over the bytes, without copying them where they are an array.</summary>
    public static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    /// <summary>All bytes of the stream, or null where they are more than the cap.</summary>
    /// <param name="stream">Decompressing stream.</param>
    /// <param name="compressedBytes">Length of the compressed input, for a first guess.</param>
    /// <param name="maxBytes">The cap.</param>
    public static byte[]? ReadAll(Stream stream, int compressedBytes, int maxBytes)
    {
        // Cut-outs and alert blocks shrink to a third to a half; the guess grows by doubling where it is too small.
        var buffer = new byte[Math.Min((long)maxBytes + 1, 4096 + 3L * compressedBytes)];
        var length = 0;
        while (true)
        {
            var read = stream.Read(buffer, length, buffer.Length - length);
            if (read == 0)
            {
                break;
            }

            length += read;
            if (length > maxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)maxBytes + 1, 2L * buffer.Length));
            }
        }

        Array.Resize(ref buffer, length);
        return buffer;
    }
}
