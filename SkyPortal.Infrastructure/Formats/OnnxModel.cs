namespace SkyPortal.Infrastructure.Formats;

/// <summary>What goes into a model or comes out of it.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Length along each dimension; null where it is free, such as the number of samples.</param>
public sealed record OnnxPort(string Name, IReadOnlyList<int?> Shape);

/// <summary>An attribute of a node; which of the values is set follows from its operator.</summary>
internal sealed record OnnxAttribute(float Real, long Integer, string Text, OnnxTensor? Tensor, float[] Reals, long[] Integers);

/// <summary>One step of a model.</summary>
internal sealed record OnnxNode(string Operator, string[] Inputs, string[] Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    public long Integer(string name, long otherwise) => Attributes.TryGetValue(name, out var found) ? found.Integer : otherwise;

    public float Real(string name, float otherwise) => Attributes.TryGetValue(name, out var found) ? found.Real : otherwise;

    public string Text(string name, string otherwise) => Attributes.TryGetValue(name, out var found) ? found.Text : otherwise;

    public int[]? Integers(string name) => !Attributes.TryGetValue(name, out var found) ? null
        : found.Integers.Length <= 2 * OnnxTensor.MostDimensions ? Array.ConvertAll(found.Integers, value => checked((int)value))
        : throw new OnnxFormatException($"The step '{Operator}' of the model has {found.Integers.Length} numbers as its {name}.");
}

/// <summary>
/// A neural network in the ONNX format (onnx.ai, operator sets 7 to 20), of the operators that classifiers of alerts use. Immutable;
/// safe for concurrent use.
/// </summary>
public sealed class OnnxModel
{
    // What no step after this one uses, step by step.
    private readonly string[][] _lastUsed;

    internal OnnxModel(
        long operatorSet, IReadOnlyList<OnnxPort> inputs, IReadOnlyList<OnnxPort> outputs, IReadOnlyList<OnnxNode> nodes,
        IReadOnlyDictionary<string, OnnxTensor> constants)
    {
        OperatorSet = operatorSet;
        Inputs = inputs;
        Outputs = outputs;
        Nodes = nodes;
        Constants = constants;
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var name in nodes[i].Inputs.Append(nodes[i].Outputs.FirstOrDefault() ?? ""))
            {
                last[name] = i;
            }
        }

        var kept = outputs.Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        var byStep = last.Where(use => !kept.Contains(use.Key)).ToLookup(use => use.Value, use => use.Key);
        _lastUsed = [.. nodes.Select((_, i) => byStep[i].ToArray())];
    }

    /// <summary>Version of the operators.</summary>
    public long OperatorSet { get; }

    /// <summary>What must be given, without what the model holds itself.</summary>
    public IReadOnlyList<OnnxPort> Inputs { get; }

    /// <summary>What comes out.</summary>
    public IReadOnlyList<OnnxPort> Outputs { get; }

    internal IReadOnlyList<OnnxNode> Nodes { get; }

    internal IReadOnlyDictionary<string, OnnxTensor> Constants { get; }

    /// <summary>Reads a model and checks that it can be run here.</summary>
    /// <exception cref="OnnxFormatException">It is no model, is damaged, or uses something that is not supported, which is named.</exception>
    public static OnnxModel Read(ReadOnlySpan<byte> file)
    {
        var model = OnnxReader.Read(file);
        var unknown = model.Nodes.Select(node => node.Operator).Where(name => !OnnxOperators.Knows(name)).Distinct().Order(StringComparer.Ordinal).ToList();
        return unknown.Count > 0 ? throw new OnnxFormatException($"The model uses operators that are not supported: {string.Join(", ", unknown)}.")
            : model.OperatorSet is < 7 or > 20 ? throw new OnnxFormatException($"The model is of operator set {model.OperatorSet}; 7 to 20 are supported.")
            : model.Nodes.Count == 0 || model.Outputs.Count == 0 ? throw new OnnxFormatException("The model has no steps or no outputs.")
            : model;
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for each of <see cref="Inputs"/>.</param>
    /// <param name="mostOperations">Most multiplications and additions before it is given up.</param>
    /// <returns>The outputs by name.</returns>
    /// <exception cref="OnnxFormatException">An input is missing or has another shape, the steps do not fit together, or it takes too much work or memory.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs, long mostOperations = 1L << 31)
    {
        var values = new Dictionary<string, OnnxTensor>(Constants, StringComparer.Ordinal);
        foreach (var port in Inputs)
        {
            var given = inputs.GetValueOrDefault(port.Name) ?? throw new OnnxFormatException($"The input '{port.Name}' is missing.");
            values[port.Name] = Fits(port, given) ? given : throw new OnnxFormatException(
                $"The input '{port.Name}' has the shape ({string.Join(", ", given.Shape)}); the model takes ({string.Join(", ", port.Shape.Select(length => length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any"))}).");
        }

        var budget = new OnnxBudget(mostOperations);
        foreach (var tensor in Constants.Values.Concat(values.Values))
        {
            // The model keeps its weights: they count until the end.
            budget.Keep(tensor);
        }

        for (var i = 0; i < Nodes.Count; i++)
        {
            try
            {
                OnnxOperators.Run(Nodes[i], values, (int)OperatorSet, budget);
            }
            catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException or OverflowException or KeyNotFoundException or DivideByZeroException or NullReferenceException)
            {
                throw new OnnxFormatException($"The step '{Nodes[i].Operator}' of the model does not fit what it is given.");
            }

            foreach (var name in _lastUsed[i])
            {
                if (values.Remove(name, out var unused))
                {
                    budget.Drop(unused);
                }
            }
        }

        return Outputs.ToDictionary(
            port => port.Name,
            port => values.GetValueOrDefault(port.Name) ?? throw new OnnxFormatException($"No step of the model makes its output '{port.Name}'."));
    }

    private static bool Fits(OnnxPort port, OnnxTensor given) =>
        port.Shape.Count == given.Shape.Count && port.Shape.Zip(given.Shape).All(pair => pair.First is null || pair.First == pair.Second);
}
