namespace SkyPortal.Infrastructure.Formats;

/// <summary>Operators that slide a window over pictures; tensors are (sample, channel, row, column).</summary>
internal static class OnnxWindows
{
    /// <summary>Where windows lie along one side of a picture.</summary>
    private readonly record struct Side(int Length, int Kernel, int Stride, int Dilation, int Before, int Windows);

    public static OnnxTensor Convolve(OnnxStep step)
    {
        var (input, weights) = (step.Input(0), step.Input(1));
        Demand(input);
        Demand(weights);
        var groups = (int)step.Node.Integer("group", 1);
        var (samples, channels, makes, each) = (input.Shape[0], input.Shape[1], weights.Shape[0], weights.Shape[1]);
        if (groups < 1 || channels != each * groups || makes % groups != 0)
        {
            throw new OnnxFormatException("A convolution of the model has weights for another number of channels.");
        }

        var (rows, columns) = Sides(step, input, weights.Shape[2], weights.Shape[3], isCeiling: false);
        step.Budget.Spend((long)samples * makes * each * rows.Kernel * columns.Kernel * rows.Windows * columns.Windows);
        var (source, kernel, bias) = (step.Reals(0), step.Reals(1), step.Optional(2)?.Reals);
        var area = rows.Windows * columns.Windows;
        step.Budget.Take(OnnxTensor.CountOf([samples, makes, rows.Windows, columns.Windows]));
        var result = new float[OnnxTensor.CountOf([samples, makes, rows.Windows, columns.Windows])];
        for (var plane = 0; plane < samples * makes; plane++)
        {
            var (sample, make) = (plane / makes, plane % makes);
            var sums = result.AsSpan(plane * area, area);
            sums.Fill(bias?[make] ?? 0);
            for (var i = 0; i < each; i++)
            {
                var channel = (make / (makes / groups) * each) + i;
                var picture = source.AsSpan(((sample * channels) + channel) * rows.Length * columns.Length, rows.Length * columns.Length);
                Slide(sums, picture, kernel.AsSpan(((make * each) + i) * rows.Kernel * columns.Kernel, rows.Kernel * columns.Kernel), rows, columns);
            }
        }

        return OnnxTensor.Of(result, samples, makes, rows.Windows, columns.Windows);
    }

    public static OnnxTensor Pool(OnnxStep step, bool isMax)
    {
        var input = step.Input(0);
        Demand(input);
        var kernel = step.Node.Integers("kernel_shape") is [var high, var wide] ? (high, wide) : throw new OnnxFormatException("The model pools over a window that is no rectangle.");
        var (rows, columns) = Sides(step, input, kernel.high, kernel.wide, step.Node.Integer("ceil_mode", 0) != 0);
        var planes = input.Shape[0] * input.Shape[1];
        step.Budget.Spend((long)planes * rows.Windows * columns.Windows * rows.Kernel * columns.Kernel);
        var countsPadding = step.Node.Integer("count_include_pad", 0) != 0;
        var source = step.Reals(0);
        step.Budget.Take(OnnxTensor.CountOf([planes, rows.Windows, columns.Windows]));
        var result = new float[OnnxTensor.CountOf([planes, rows.Windows, columns.Windows])];
        for (var i = 0; i < result.Length; i++)
        {
            var (plane, row, column) = (i / (rows.Windows * columns.Windows), i / columns.Windows % rows.Windows, i % columns.Windows);
            result[i] = Pooled(source.AsSpan(plane * rows.Length * columns.Length, rows.Length * columns.Length), rows, columns, row, column, isMax, countsPadding);
        }

        return OnnxTensor.Of(result, input.Shape[0], input.Shape[1], rows.Windows, columns.Windows);
    }

    public static OnnxTensor PoolAll(OnnxStep step, bool isMax)
    {
        var input = step.Input(0);
        Demand(input);
        step.Budget.Spend(input.Count);
        step.Budget.Take((long)input.Shape[0] * input.Shape[1]);
        var (values, area) = (step.Reals(0), input.Shape[2] * input.Shape[3]);
        var result = new float[input.Shape[0] * input.Shape[1]];
        for (var plane = 0; plane < result.Length; plane++)
        {
            var (sum, most) = (0f, float.MinValue);
            foreach (var value in values.AsSpan(plane * area, area))
            {
                sum += value;
                most = MathF.Max(most, value);
            }

            result[plane] = isMax ? most : sum / area;
        }

        return OnnxTensor.Of(result, input.Shape[0], input.Shape[1], 1, 1);
    }

    // One weight after the other, so that the innermost loop runs along a row of the picture.
    private static void Slide(Span<float> sums, ReadOnlySpan<float> picture, ReadOnlySpan<float> kernel, Side rows, Side columns)
    {
        for (var k = 0; k < kernel.Length; k++)
        {
            var (down, right, weight) = (k / columns.Kernel * rows.Dilation, k % columns.Kernel * columns.Dilation, kernel[k]);
            var (left, end) = Inside(columns, right);
            for (var row = 0; row < rows.Windows; row++)
            {
                var from = (row * rows.Stride) + down - rows.Before;
                if (from < 0 || from >= rows.Length || left >= end)
                {
                    continue;
                }

                var to = sums.Slice((row * columns.Windows) + left, end - left);
                var begin = (from * columns.Length) + (left * columns.Stride) + right - columns.Before;
                if (columns.Stride == 1)
                {
                    OnnxLayers.AddScaled(to, picture.Slice(begin, to.Length), weight);
                    continue;
                }

                for (var i = 0; i < to.Length; i++)
                {
                    to[i] += picture[begin + (i * columns.Stride)] * weight;
                }
            }
        }
    }

    // The windows whose weight at an offset falls into the picture: from the first to before the last.
    private static (int First, int End) Inside(Side side, int offset)
    {
        var first = Math.Max(0, (side.Before - offset + side.Stride - 1) / side.Stride);
        var last = side.Length - 1 + side.Before - offset;
        return (first, last < 0 ? 0 : Math.Min(side.Windows, (last / side.Stride) + 1));
    }

    private static float Pooled(ReadOnlySpan<float> picture, Side rows, Side columns, int row, int column, bool isMax, bool countsPadding)
    {
        var (most, sum, count) = (float.MinValue, 0f, 0);
        for (var y = 0; y < rows.Kernel; y++)
        {
            for (var x = 0; x < columns.Kernel; x++)
            {
                var (atRow, atColumn) = ((row * rows.Stride) + (y * rows.Dilation) - rows.Before, (column * columns.Stride) + (x * columns.Dilation) - columns.Before);
                if (atRow >= 0 && atRow < rows.Length && atColumn >= 0 && atColumn < columns.Length)
                {
                    var value = picture[(atRow * columns.Length) + atColumn];
                    most = MathF.Max(most, value);
                    sum += value;
                    count++;
                }
            }
        }

        return isMax ? most : sum / (countsPadding ? rows.Kernel * columns.Kernel : count);
    }

    private static (Side Rows, Side Columns) Sides(OnnxStep step, OnnxTensor input, int high, int wide, bool isCeiling)
    {
        var strides = step.Node.Integers("strides") ?? [1, 1];
        var dilations = step.Node.Integers("dilations") ?? [1, 1];
        var pads = step.Node.Integers("pads") ?? [0, 0, 0, 0];
        var auto = step.Node.Text("auto_pad", "NOTSET");
        return (Of(input.Shape[2], high, 0), Of(input.Shape[3], wide, 1));

        Side Of(int length, int kernel, int side)
        {
            var (stride, dilation, before, after) = (strides[side], dilations[side], pads[side], pads[side + 2]);
            if (kernel < 1 || stride < 1 || dilation < 1 || before < 0 || after < 0)
            {
                throw new OnnxFormatException("A window of the model has no size.");
            }

            var reach = ((kernel - 1) * dilation) + 1;
            if (auto is "SAME_UPPER" or "SAME_LOWER")
            {
                var needed = Math.Max(0, ((((length + stride - 1) / stride) - 1) * stride) + reach - length);
                before = auto == "SAME_UPPER" ? needed / 2 : needed - (needed / 2);
                after = needed - before;
            }
            else if (auto == "VALID")
            {
                (before, after) = (0, 0);
            }

            var free = length + before + after - reach;
            return free < 0
                ? throw new OnnxFormatException("A window of the model is larger than its picture.")
                : new Side(length, kernel, stride, dilation, before, ((free + (isCeiling ? stride - 1 : 0)) / stride) + 1);
        }
    }

    private static void Demand(OnnxTensor tensor)
    {
        if (tensor.Shape.Count != 4)
        {
            throw new OnnxFormatException("The model slides a window over something that is no picture.");
        }
    }
}
