using System.Numerics;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Operators that weigh and sum: matrices, normalisation, reductions.</summary>
internal static class OnnxLayers
{
    /// <summary>alpha A B + beta C, of matrices that may be turned.</summary>
    public static OnnxTensor Gemm(OnnxStep step)
    {
        var a = Matrix(step, 0, step.Node.Integer("transA", 0) != 0);
        var b = Matrix(step, 1, step.Node.Integer("transB", 0) != 0);
        var (alpha, beta) = (step.Node.Real("alpha", 1), step.Node.Real("beta", 1));
        var product = Multiply(step, a.Values, 0, b.Values, 0, a.Rows, a.Columns, b.Columns, b.Rows);
        var shape = new[] { a.Rows, b.Columns };
        var addend = step.Optional(2);
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = (alpha * product[i]) + (addend is null ? 0 : beta * addend.Reals![PlaceIn(addend.Shape, i / b.Columns, i % b.Columns)]);
        }

        return OnnxTensor.Of(product, shape);
    }

    /// <summary>Products of the last two dimensions; the others go side by side, or are those of one of the two.</summary>
    public static OnnxTensor MatMul(OnnxStep step)
    {
        var (a, b) = (step.Input(0), step.Input(1));
        if (a.Shape.Count < 2 || b.Shape.Count < 2)
        {
            throw new OnnxFormatException("A step of the model multiplies vectors, which is not supported.");
        }

        var (rows, inner, columns) = (a.Shape[^2], a.Shape[^1], b.Shape[^1]);
        var batchA = OnnxTensor.CountOf([.. a.Shape.SkipLast(2)]);
        var batchB = OnnxTensor.CountOf([.. b.Shape.SkipLast(2)]);
        if (batchA != batchB && batchA != 1 && batchB != 1)
        {
            throw new OnnxFormatException("A step of the model multiplies stacks of matrices of different heights.");
        }

        var batch = Math.Max(batchA, batchB);
        int[] shape = [.. (batchA >= batchB ? a : b).Shape.SkipLast(2), rows, columns];
        step.Budget.Take(OnnxTensor.CountOf(shape));
        var result = new float[OnnxTensor.CountOf(shape)];
        for (var i = 0; i < batch; i++)
        {
            var product = Multiply(
                step, step.Reals(0), batchA == 1 ? 0 : i * rows * inner, step.Reals(1), batchB == 1 ? 0 : i * inner * columns, rows, inner, columns, b.Shape[^2]);
            product.CopyTo(result, i * rows * columns);
        }

        return OnnxTensor.Of(result, shape);
    }

    /// <summary>Each channel moved and scaled by what was learnt.</summary>
    public static OnnxTensor BatchNormalization(OnnxStep step)
    {
        var input = step.Input(0);
        var (scale, bias, mean, variance) = (step.Reals(1), step.Reals(2), step.Reals(3), step.Reals(4));
        var epsilon = step.Node.Real("epsilon", 1e-5f);
        step.Budget.Spend(input.Count);
        step.Budget.Take(input.Count);
        var channels = input.Shape[1];
        var inner = OnnxTensor.CountOf([.. input.Shape.Skip(2)]);
        var result = (float[])step.Reals(0).Clone();
        for (var i = 0; i < result.Length; i++)
        {
            var channel = i / inner % channels;
            result[i] = ((result[i] - mean[channel]) * scale[channel] / MathF.Sqrt(variance[channel] + epsilon)) + bias[channel];
        }

        return OnnxTensor.Of(result, [.. input.Shape]);
    }

    /// <summary>Exponentials that sum to one along a dimension; before operator set 13, over all dimensions from the given one on.</summary>
    public static OnnxTensor Softmax(OnnxStep step)
    {
        var input = step.Input(0);
        var isOld = step.OperatorSet < 13;
        var axis = OnnxStep.Dimension(step.Node.Integer("axis", isOld ? 1 : -1), input.Shape.Count);
        var inner = isOld ? 1 : OnnxTensor.CountOf([.. input.Shape.Skip(axis + 1)]);
        var length = isOld ? OnnxTensor.CountOf([.. input.Shape.Skip(axis)]) : input.Shape[axis];
        step.Budget.Spend(input.Count);
        step.Budget.Take(input.Count);
        var result = (float[])step.Reals(0).Clone();
        for (var begin = 0; begin < result.Length; begin += length * inner)
        {
            for (var i = 0; i < inner; i++)
            {
                var most = float.MinValue;
                for (var k = 0; k < length; k++)
                {
                    most = MathF.Max(most, result[begin + (k * inner) + i]);
                }

                var sum = 0f;
                for (var k = 0; k < length; k++)
                {
                    sum += result[begin + (k * inner) + i] = MathF.Exp(result[begin + (k * inner) + i] - most);
                }

                for (var k = 0; k < length; k++)
                {
                    result[begin + (k * inner) + i] /= sum;
                }
            }
        }

        return OnnxTensor.Of(result, [.. input.Shape]);
    }

    /// <summary>The mean or the maximum along some dimensions.</summary>
    public static OnnxTensor Reduce(OnnxStep step, bool isMean)
    {
        var input = step.Input(0);
        var values = step.Reals(0);
        var axes = (step.Integers("axes", 1) ?? [.. Enumerable.Range(0, input.Shape.Count)]).Select(axis => OnnxStep.Dimension(axis, input.Shape.Count)).ToHashSet();
        step.Budget.Spend(values.Length);
        var kept = input.Shape.Select((length, d) => axes.Contains(d) ? 1 : length).ToArray();
        step.Budget.Take(2L * OnnxTensor.CountOf(kept));
        var result = new float[OnnxTensor.CountOf(kept)];
        if (!isMean)
        {
            Array.Fill(result, float.MinValue);
        }

        for (var i = 0; i < values.Length; i++)
        {
            var (rest, at, stride) = (i, 0, 1);
            for (var d = input.Shape.Count - 1; d >= 0; d--)
            {
                at += kept[d] == 1 ? 0 : rest % input.Shape[d] * stride;
                rest /= input.Shape[d];
                stride *= kept[d];
            }

            result[at] = isMean ? result[at] + values[i] : MathF.Max(result[at], values[i]);
        }

        var many = (float)values.Length / result.Length;
        return OnnxTensor.Of(
            isMean ? Array.ConvertAll(result, sum => sum / many) : result,
            step.Node.Integer("keepdims", 1) != 0 ? kept : [.. input.Shape.Where((_, d) => !axes.Contains(d))]);
    }

    private static (float[] Values, int Rows, int Columns) Matrix(OnnxStep step, int index, bool isTurned)
    {
        var input = step.Input(index);
        if (input.Shape.Count != 2)
        {
            throw new OnnxFormatException("A step of the model takes matrices and is given something else.");
        }

        var (rows, columns, values) = (input.Shape[0], input.Shape[1], step.Reals(index));
        if (!isTurned)
        {
            return (values, rows, columns);
        }

        step.Budget.Take(values.Length);
        var turned = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            turned[(i % columns * rows) + (i / columns)] = values[i];
        }

        return (turned, columns, rows);
    }

    private static int PlaceIn(IReadOnlyList<int> shape, int row, int column) => shape.Count switch
    {
        0 => 0,
        1 => shape[0] == 1 ? 0 : column,
        _ => ((shape[0] == 1 ? 0 : row) * shape[1]) + (shape[1] == 1 ? 0 : column),
    };

    private static float[] Multiply(OnnxStep step, float[] a, int fromA, float[] b, int fromB, int rows, int inner, int columns, int rowsB)
    {
        if (inner != rowsB)
        {
            throw new OnnxFormatException("A step of the model multiplies matrices that do not fit together.");
        }

        step.Budget.Spend((long)rows * inner * columns);
        step.Budget.Take(OnnxTensor.CountOf([rows, columns]));
        var product = new float[OnnxTensor.CountOf([rows, columns])];
        for (var row = 0; row < rows; row++)
        {
            var sums = product.AsSpan(row * columns, columns);
            for (var k = 0; k < inner; k++)
            {
                AddScaled(sums, b.AsSpan(fromB + (k * columns), columns), a[fromA + (row * inner) + k]);
            }
        }

        return product;
    }

    /// <summary>Adds a multiple of one run of numbers to another of the same length.</summary>
    public static void AddScaled(Span<float> sums, ReadOnlySpan<float> values, float factor)
    {
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(sums[i..]) + (new Vector<float>(values[i..]) * factor)).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] += values[i] * factor;
        }
    }
}
