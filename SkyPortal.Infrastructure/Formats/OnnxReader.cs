using System.Runtime.InteropServices;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Reads the messages of a model file; the numbers of the fields are those of onnx.proto (github.com/onnx/onnx).</summary>
internal static class OnnxReader
{
    public static OnnxModel Read(ReadOnlySpan<byte> file)
    {
        var cursor = new ProtobufCursor(file);
        OnnxGraph? graph = null;
        var operatorSet = 0L;
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 7:
                    graph = Graph(cursor.Bytes());
                    break;
                case 8:
                    operatorSet = Math.Max(operatorSet, OperatorSet(cursor.Bytes()));
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return graph is null
            ? throw new OnnxFormatException("It is no ONNX file: it holds no model.")
            : new OnnxModel(operatorSet, [.. graph.Inputs.Where(port => !graph.Constants.ContainsKey(port.Name))], graph.Outputs, graph.Nodes, graph.Constants);
    }

    private sealed record OnnxGraph(List<OnnxNode> Nodes, List<OnnxPort> Inputs, List<OnnxPort> Outputs, Dictionary<string, OnnxTensor> Constants);

    private static long OperatorSet(ReadOnlySpan<byte> message)
    {
        var cursor = new ProtobufCursor(message);
        var (domain, version) = ("", 0L);
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 1:
                    domain = cursor.Text();
                    break;
                case 2:
                    version = cursor.Integer();
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return domain is "" or "ai.onnx" ? version : 0;
    }

    private static OnnxGraph Graph(ReadOnlySpan<byte> message)
    {
        var graph = new OnnxGraph([], [], [], new Dictionary<string, OnnxTensor>(StringComparer.Ordinal));
        var cursor = new ProtobufCursor(message);
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 1:
                    graph.Nodes.Add(Node(cursor.Bytes()));
                    break;
                case 5:
                    var (name, tensor) = Tensor(cursor.Bytes());
                    graph.Constants[name] = tensor;
                    break;
                case 11:
                    graph.Inputs.Add(Port(cursor.Bytes()));
                    break;
                case 12:
                    graph.Outputs.Add(Port(cursor.Bytes()));
                    break;
                case 15:
                    throw new OnnxFormatException("The model keeps sparse tensors, which are not supported.");
                default:
                    cursor.Skip();
                    break;
            }
        }

        return graph;
    }

    private static OnnxNode Node(ReadOnlySpan<byte> message)
    {
        List<string> inputs = [], outputs = [];
        var (name, domain) = ("", "");
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        var cursor = new ProtobufCursor(message);
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 1:
                    inputs.Add(cursor.Text());
                    break;
                case 2:
                    outputs.Add(cursor.Text());
                    break;
                case 4:
                    name = cursor.Text();
                    break;
                case 5:
                    var (key, attribute) = Attribute(cursor.Bytes());
                    attributes[key] = attribute;
                    break;
                case 7:
                    domain = cursor.Text();
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return new OnnxNode(domain is "" or "ai.onnx" ? name : $"{domain}.{name}", [.. inputs], [.. outputs], attributes);
    }

    private static (string Name, OnnxAttribute Attribute) Attribute(ReadOnlySpan<byte> message)
    {
        var (name, real, integer, text) = ("", 0f, 0L, "");
        OnnxTensor? tensor = null;
        List<float> reals = [];
        List<long> integers = [];
        var cursor = new ProtobufCursor(message);
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 1:
                    name = cursor.Text();
                    break;
                case 2:
                    real = cursor.Single();
                    break;
                case 3:
                    integer = cursor.Integer();
                    break;
                case 4:
                    text = cursor.Text();
                    break;
                case 5:
                    tensor = Tensor(cursor.Bytes()).Tensor;
                    break;
                case 7:
                    cursor.Singles(reals);
                    break;
                case 8:
                    cursor.Integers(integers);
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return (name, new OnnxAttribute(real, integer, text, tensor, [.. reals], [.. integers]));
    }

    private static OnnxPort Port(ReadOnlySpan<byte> message)
    {
        var name = "";
        List<int?> shape = [];
        var cursor = new ProtobufCursor(message);
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 1:
                    name = cursor.Text();
                    break;
                case 2:
                    // A type holds the type of a tensor (1), which holds its shape (2), which holds its dimensions (1).
                    Within(cursor.Bytes(), 1, type => Within(type, 2, box => Within(box, 1, dimension => shape.Add(Length(dimension)))));
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return new OnnxPort(name, shape);
    }

    private delegate void Reading(ReadOnlySpan<byte> message);

    private static void Within(ReadOnlySpan<byte> message, int field, Reading read)
    {
        var cursor = new ProtobufCursor(message);
        while (cursor.Next())
        {
            if (cursor.Field == field && cursor.IsBytes)
            {
                read(cursor.Bytes());
            }
            else
            {
                cursor.Skip();
            }
        }
    }

    private static int? Length(ReadOnlySpan<byte> message)
    {
        var cursor = new ProtobufCursor(message);
        int? length = null;
        while (cursor.Next())
        {
            if (cursor.Field == 1)
            {
                length = cursor.Integer() is > 0 and <= OnnxTensor.MostNumbers and var given ? (int)given : null;
            }
            else
            {
                cursor.Skip();
            }
        }

        return length;
    }

    private static (string Name, OnnxTensor Tensor) Tensor(ReadOnlySpan<byte> message)
    {
        var name = "";
        var type = 0L;
        var isElsewhere = false;
        List<long> dimensions = [], integers = [];
        List<float> reals = [];
        ReadOnlySpan<byte> raw = default;
        var cursor = new ProtobufCursor(message);
        while (cursor.Next())
        {
            switch (cursor.Field)
            {
                case 1:
                    cursor.Integers(dimensions);
                    break;
                case 2:
                    type = cursor.Integer();
                    break;
                case 4:
                    cursor.Singles(reals);
                    break;
                case 5 or 7:
                    cursor.Integers(integers);
                    break;
                case 8:
                    name = cursor.Text();
                    break;
                case 9:
                    raw = cursor.Bytes();
                    break;
                case 14:
                    isElsewhere = cursor.Integer() != 0;
                    break;
                case 10 or 11:
                    throw new OnnxFormatException($"The tensor '{name}' holds numbers of a type that is not supported.");
                default:
                    cursor.Skip();
                    break;
            }
        }

        if (isElsewhere)
        {
            throw new OnnxFormatException("The model keeps its numbers in other files, which is not supported; save it as one file.");
        }

        var shape = dimensions.Select(length => length is >= 0 and <= OnnxTensor.MostNumbers ? (int)length : throw new OnnxFormatException($"The tensor '{name}' has a wrong shape.")).ToArray();
        return (name, (type, raw.IsEmpty) switch
        {
            (1, true) => OnnxTensor.Of([.. reals], shape),
            (1, false) => OnnxTensor.Of(MemoryMarshal.Cast<byte, float>(raw).ToArray(), shape),
            (11, false) => OnnxTensor.Of(Array.ConvertAll(MemoryMarshal.Cast<byte, double>(raw).ToArray(), value => (float)value), shape),
            (6 or 7 or 9, true) => OnnxTensor.Of([.. integers], shape),
            (7, false) => OnnxTensor.Of(MemoryMarshal.Cast<byte, long>(raw).ToArray(), shape),
            (6, false) => OnnxTensor.Of(Array.ConvertAll(MemoryMarshal.Cast<byte, int>(raw).ToArray(), value => (long)value), shape),
            _ => throw new OnnxFormatException($"The tensor '{name}' holds numbers of a type that is not supported."),
        });
    }
}
