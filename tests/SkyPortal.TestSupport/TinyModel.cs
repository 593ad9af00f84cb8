using System.Text;

namespace SkyPortal.TestSupport;

/// <summary>
/// An ONNX file of three steps: the brightest pixel of each of three cut-outs of 63 pixels (input "triplet"), then two features (input
/// "features"), side by side as "score".
/// </summary>
public static class TinyModel
{
    /// <summary>The file.</summary>
    public static byte[] File { get; } = Message(
        (1, 8),
        (8, Message((2, 13))),
        (7, Message(
            (1, Node("GlobalMaxPool", "brightest", [], "triplet")),
            (1, Node("Flatten", "flat", [], "brightest")),
            (1, Node("Concat", "score", Message((1, "axis"), (3, 1), (20, 2)), "flat", "features")),
            (11, Port("triplet", 3, 63, 63)),
            (11, Port("features", 2)),
            (12, Port("score", 5)))));

    /// <summary>An ONNX file without inputs that makes tensors of so many whole numbers; "score" is the shape of the first, or the maximum of all.</summary>
    public static byte[] Constants(int tensors, int numbers, bool needsAll)
    {
        var names = Enumerable.Range(0, tensors).Select(i => $"tensor{i}").ToArray();
        var zero = Message((1, "value"), (5, Integers("", 0)), (20, 4));
        return Message(
            (1, 8),
            (8, Message((2, 13))),
            (7, Message(
            [
                .. names.Select(name => (1, (object)Node("ConstantOfShape", name, zero, "length"))),
                (1, needsAll ? Node("Max", "score", [], names) : Node("Shape", "score", [], names[0])),
                (5, Integers("length", numbers)),
                (12, Port("score")),
            ])));
    }

    private static byte[] Integers(string name, int value) => Message((1, 1), (2, 7), (7, value), (8, name));

    private static byte[] Node(string name, string output, byte[] attribute, params string[] inputs) => Message(
        [.. inputs.Select(input => (1, (object)input)), (2, output), (4, name), .. attribute.Length > 0 ? new[] { (5, (object)attribute) } : []]);

    // The first dimension, the number of samples, has no length.
    private static byte[] Port(string name, params int[] lengths) => Message(
        (1, name),
        (2, Message((1, Message((1, 1), (2, Message([(1, Message((2, "sample"))), .. lengths.Select(length => (1, (object)Message((1, length))))])))))));

    private static byte[] Message(params (int Field, object Value)[] fields)
    {
        var bytes = new List<byte>();
        foreach (var (field, value) in fields)
        {
            var content = value is string text ? Encoding.UTF8.GetBytes(text) : value as byte[];
            Varint(bytes, (uint)((field << 3) | (content is null ? 0 : 2)));
            Varint(bytes, content is null ? (uint)(int)value : (uint)content.Length);
            bytes.AddRange(content ?? []);
        }

        return [.. bytes];
    }

    private static void Varint(List<byte> bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
