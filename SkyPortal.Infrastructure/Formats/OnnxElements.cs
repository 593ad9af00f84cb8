namespace SkyPortal.Infrastructure.Formats;

/// <summary>Operators that work on each number by itself, or on pairs of them.</summary>
internal static class OnnxElements
{
    public static OnnxTensor Map(OnnxStep step, Func<float, float> function)
    {
        var values = step.Reals(0);
        step.Budget.Spend(values.Length);
        step.Budget.Take(values.Length);
        return OnnxTensor.Of(Array.ConvertAll(values, value => function(value)), [.. step.Input(0).Shape]);
    }

    public static OnnxTensor Elu(OnnxStep step)
    {
        var alpha = step.Node.Real("alpha", 1);
        return Map(step, value => value < 0 ? alpha * (MathF.Exp(value) - 1) : value);
    }

    public static OnnxTensor LeakyRelu(OnnxStep step)
    {
        var alpha = step.Node.Real("alpha", 0.01f);
        return Map(step, value => value < 0 ? alpha * value : value);
    }

    public static OnnxTensor HardSigmoid(OnnxStep step)
    {
        var (alpha, beta) = (step.Node.Real("alpha", 0.2f), step.Node.Real("beta", 0.5f));
        return Map(step, value => Math.Clamp((alpha * value) + beta, 0, 1));
    }

    public static OnnxTensor Clip(OnnxStep step)
    {
        var least = step.Optional(1)?.First ?? step.Node.Real("min", float.MinValue);
        var most = step.Optional(2)?.First ?? step.Node.Real("max", float.MaxValue);
        return Map(step, value => MathF.Min(MathF.Max(value, least), most));
    }

    /// <summary>Pairs of numbers of two tensors, of which one is repeated along the dimensions where it has length 1 or which it lacks.</summary>
    public static OnnxTensor Combine(OnnxStep step, Func<float, float, float> reals, Func<long, long, long>? integers = null) =>
        Combine(step.Budget, step.Input(0), step.Input(1), reals, integers);

    public static OnnxTensor CombineAll(OnnxStep step, Func<float, float, float> reals, Func<long, long, long> integers)
    {
        var combined = step.Input(0);
        for (var i = 1; i < step.Node.Inputs.Length; i++)
        {
            combined = Combine(step.Budget, combined, step.Input(i), reals, integers);
        }

        return combined;
    }

    private static OnnxTensor Combine(OnnxBudget budget, OnnxTensor a, OnnxTensor b, Func<float, float, float> reals, Func<long, long, long>? integers)
    {
        var shape = Common(a.Shape, b.Shape);
        var count = OnnxTensor.CountOf(shape);
        budget.Spend(count);
        var (stepsA, stepsB) = (Steps(a.Shape, shape), Steps(b.Shape, shape));
        if (a.Integers is { } wholeA && b.Integers is { } wholeB && integers is not null)
        {
            budget.Take(count, sizeof(long));
            var whole = new long[count];
            Walk(shape, stepsA, stepsB, (at, i, j) => whole[at] = integers(wholeA[i], wholeB[j]));
            return OnnxTensor.Of(whole, shape);
        }

        if (a.Reals is not { } realA || b.Reals is not { } realB)
        {
            throw new OnnxFormatException("A step of the model combines real with whole numbers.");
        }

        budget.Take(count);
        var real = new float[count];
        Walk(shape, stepsA, stepsB, (at, i, j) => real[at] = reals(realA[i], realB[j]));
        return OnnxTensor.Of(real, shape);
    }

    private static int[] Common(IReadOnlyList<int> a, IReadOnlyList<int> b)
    {
        var shape = new int[Math.Max(a.Count, b.Count)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (lengthA, lengthB) = (i <= a.Count ? a[^i] : 1, i <= b.Count ? b[^i] : 1);
            shape[^i] = lengthA == lengthB || lengthB == 1 ? lengthA
                : lengthA == 1 ? lengthB
                : throw new OnnxFormatException($"Tensors of shapes ({string.Join(", ", a)}) and ({string.Join(", ", b)}) do not combine.");
        }

        return shape;
    }

    // How far a tensor's place moves with each dimension of the common shape; 0 where it is repeated.
    private static int[] Steps(IReadOnlyList<int> own, int[] shape)
    {
        var steps = new int[shape.Length];
        var step = 1;
        for (var i = 1; i <= own.Count; i++)
        {
            steps[^i] = own[^i] == 1 ? 0 : step;
            step *= own[^i];
        }

        return steps;
    }

    private static void Walk(int[] shape, int[] stepsA, int[] stepsB, Action<int, int, int> visit)
    {
        var place = new int[shape.Length];
        var (a, b, count) = (0, 0, OnnxTensor.CountOf(shape));
        for (var at = 0; at < count; at++)
        {
            visit(at, a, b);
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                a += stepsA[d];
                b += stepsB[d];
                if (++place[d] < shape[d])
                {
                    break;
                }

                a -= stepsA[d] * shape[d];
                b -= stepsB[d] * shape[d];
                place[d] = 0;
            }
        }
    }
}
