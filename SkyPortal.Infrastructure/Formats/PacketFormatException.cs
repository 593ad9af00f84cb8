namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Bytes or a schema that do not describe an alert packet. Decoding throws this and nothing else, whatever the input;
/// the message is fit for whoever sent the packet.
/// </summary>
public sealed class PacketFormatException : Exception
{
    /// <summary>Creates the error for a place within a packet.</summary>
    /// <param name="problem">What is wrong, without the place.</param>
    /// <param name="fieldPath">Path of the field, such as <c>candidate.jd</c> or <c>prv_candidates[3].ra</c>; empty where there is none.</param>
    /// <param name="byteOffset">Offset in bytes from the start of the input (of the inflated block where blocks are deflated); -1 where it has no meaning.</param>
    public PacketFormatException(string problem, string fieldPath = "", long byteOffset = -1, Exception? inner = null)
        : base(Describe(problem, fieldPath, byteOffset), inner)
    {
        FieldPath = fieldPath;
        ByteOffset = byteOffset;
    }

    /// <summary>Path of the field where decoding stopped; empty where it had not reached a field.</summary>
    public string FieldPath { get; }

    /// <summary>Offset in bytes where decoding stopped; -1 where it has no meaning.</summary>
    public long ByteOffset { get; }

    private static string Describe(string problem, string fieldPath, long byteOffset)
    {
        var field = fieldPath.Length > 0 ? $" in field '{fieldPath}'" : "";
        var place = byteOffset >= 0 ? $" at byte {byteOffset}" : "";
        return $"{problem}{field}{place}.";
    }
}
