namespace SkyPortal.Infrastructure.Formats;

/// <summary>The operators by name, as the operator documentation of ONNX defines them (onnx.ai/onnx/operators).</summary>
internal static class OnnxOperators
{
    private delegate OnnxTensor Operator(OnnxStep step);

    private static readonly Dictionary<string, Operator> Known = new(StringComparer.Ordinal)
    {
        ["Abs"] = step => OnnxElements.Map(step, MathF.Abs),
        ["Add"] = step => OnnxElements.Combine(step, (a, b) => a + b, (a, b) => a + b),
        ["AveragePool"] = step => OnnxWindows.Pool(step, isMax: false),
        ["BatchNormalization"] = OnnxLayers.BatchNormalization,
        ["Cast"] = OnnxShapes.Cast,
        ["Clip"] = OnnxElements.Clip,
        ["Concat"] = OnnxShapes.Concat,
        ["Constant"] = OnnxShapes.Constant,
        ["ConstantOfShape"] = OnnxShapes.ConstantOfShape,
        ["Conv"] = OnnxWindows.Convolve,
        ["Div"] = step => OnnxElements.Combine(step, (a, b) => a / b, (a, b) => a / b),
        ["Dropout"] = step => step.Input(0),
        ["Elu"] = step => OnnxElements.Elu(step),
        ["Exp"] = step => OnnxElements.Map(step, MathF.Exp),
        ["Flatten"] = OnnxShapes.Flatten,
        ["Gather"] = OnnxShapes.Gather,
        ["Gemm"] = OnnxLayers.Gemm,
        ["GlobalAveragePool"] = step => OnnxWindows.PoolAll(step, isMax: false),
        ["GlobalMaxPool"] = step => OnnxWindows.PoolAll(step, isMax: true),
        ["HardSigmoid"] = OnnxElements.HardSigmoid,
        ["Identity"] = step => step.Input(0),
        ["LeakyRelu"] = OnnxElements.LeakyRelu,
        ["Log"] = step => OnnxElements.Map(step, MathF.Log),
        ["MatMul"] = OnnxLayers.MatMul,
        ["Max"] = step => OnnxElements.CombineAll(step, MathF.Max, Math.Max),
        ["MaxPool"] = step => OnnxWindows.Pool(step, isMax: true),
        ["Min"] = step => OnnxElements.CombineAll(step, MathF.Min, Math.Min),
        ["Mul"] = step => OnnxElements.Combine(step, (a, b) => a * b, (a, b) => a * b),
        ["Neg"] = step => OnnxElements.Map(step, value => -value),
        ["PRelu"] = step => OnnxElements.Combine(step, (value, slope) => value < 0 ? value * slope : value),
        ["Pad"] = OnnxShapes.Pad,
        ["Pow"] = step => OnnxElements.Combine(step, MathF.Pow),
        ["Reciprocal"] = step => OnnxElements.Map(step, value => 1 / value),
        ["ReduceMax"] = step => OnnxLayers.Reduce(step, isMean: false),
        ["ReduceMean"] = step => OnnxLayers.Reduce(step, isMean: true),
        ["Relu"] = step => OnnxElements.Map(step, value => value < 0 ? 0 : value),
        ["Reshape"] = OnnxShapes.Reshape,
        ["Shape"] = OnnxShapes.ShapeOf,
        ["Sigmoid"] = step => OnnxElements.Map(step, value => 1 / (1 + MathF.Exp(-value))),
        ["Slice"] = OnnxShapes.Slice,
        ["Softmax"] = OnnxLayers.Softmax,
        ["Softplus"] = step => OnnxElements.Map(step, value => value > 20 ? value : MathF.Log(1 + MathF.Exp(value))),
        ["Sqrt"] = step => OnnxElements.Map(step, MathF.Sqrt),
        ["Squeeze"] = OnnxShapes.Squeeze,
        ["Sub"] = step => OnnxElements.Combine(step, (a, b) => a - b, (a, b) => a - b),
        ["Tanh"] = step => OnnxElements.Map(step, MathF.Tanh),
        ["Transpose"] = OnnxShapes.Transpose,
        ["Unsqueeze"] = OnnxShapes.Unsqueeze,
    };

    /// <summary>Whether an operator can be run.</summary>
    public static bool Knows(string name) => Known.ContainsKey(name);

    /// <summary>Runs one step and keeps what it makes; only the first output of a step is made.</summary>
    public static void Run(OnnxNode node, Dictionary<string, OnnxTensor> values, int operatorSet, OnnxBudget budget)
    {
        var made = Known[node.Operator](new OnnxStep(node, values, operatorSet, budget));
        budget.EndStep();
        budget.Keep(made);
        if (values.Remove(node.Outputs[0], out var replaced))
        {
            budget.Drop(replaced);
        }

        values[node.Outputs[0]] = made;
    }
}

/// <summary>One step of a run: its node and what it is given.</summary>
internal readonly record struct OnnxStep(OnnxNode Node, Dictionary<string, OnnxTensor> Values, int OperatorSet, OnnxBudget Budget)
{
    /// <summary>An input that must be there.</summary>
    public OnnxTensor Input(int index) => Optional(index) ?? throw new OnnxFormatException($"The step '{Node.Operator}' of the model lacks its input {index}.");

    /// <summary>An input that may be left out.</summary>
    public OnnxTensor? Optional(int index) =>
        index >= Node.Inputs.Length || Node.Inputs[index].Length == 0 ? null
        : Values.GetValueOrDefault(Node.Inputs[index]) ?? throw new OnnxFormatException($"No step of the model makes '{Node.Inputs[index]}' before it is used.");

    /// <summary>Real numbers of an input.</summary>
    public float[] Reals(int index) => Input(index).Reals ?? throw new OnnxFormatException($"The step '{Node.Operator}' of the model takes real numbers.");

    /// <summary>Whole numbers that older operator sets give as an attribute, and newer ones as an input.</summary>
    public int[]? Integers(string attribute, int input) =>
        Node.Integers(attribute) ?? (Optional(input)?.Integers is not { } given ? null
        : given.Length <= 2 * OnnxTensor.MostDimensions ? Array.ConvertAll(given, value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))
        : throw new OnnxFormatException($"The step '{Node.Operator}' of the model is given {given.Length} numbers as its {attribute}."));

    /// <summary>A dimension counted from the start, where it may be given from the end.</summary>
    public static int Dimension(long given, int dimensions) =>
        given + (given < 0 ? dimensions : 0) is >= 0 and var found && found < Math.Max(dimensions, 1) ? (int)found : throw new OnnxFormatException($"A tensor has no dimension {given}.");
}
