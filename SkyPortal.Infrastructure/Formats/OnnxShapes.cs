namespace SkyPortal.Infrastructure.Formats;

/// <summary>Operators that move numbers or change the box that they lie in.</summary>
internal static class OnnxShapes
{
    public static OnnxTensor Constant(OnnxStep step) =>
        step.Node.Attributes.GetValueOrDefault("value")?.Tensor
        ?? (step.Node.Attributes.GetValueOrDefault("value_float") is { } real ? OnnxTensor.Of([real.Real])
            : step.Node.Attributes.GetValueOrDefault("value_int") is { } whole ? OnnxTensor.Of([whole.Integer])
            : step.Node.Attributes.GetValueOrDefault("value_floats") is { } reals ? OnnxTensor.Of(reals.Reals, reals.Reals.Length)
            : step.Node.Attributes.GetValueOrDefault("value_ints") is { } integers ? OnnxTensor.Of(integers.Integers, integers.Integers.Length)
            : throw new OnnxFormatException("A constant of the model has no value of a type that is supported."));

    public static OnnxTensor ConstantOfShape(OnnxStep step)
    {
        var shape = Lengths(step.Input(0));
        var count = OnnxTensor.CountOf(shape);
        step.Budget.Spend(count);
        step.Budget.Take(count, sizeof(long));
        var value = step.Node.Attributes.GetValueOrDefault("value")?.Tensor;
        return value?.Integers is { } whole ? OnnxTensor.Of(Enumerable.Repeat(whole[0], count).ToArray(), shape)
            : OnnxTensor.Of(Enumerable.Repeat(value?.Reals![0] ?? 0, count).ToArray(), shape);
    }

    public static OnnxTensor Cast(OnnxStep step)
    {
        var input = step.Input(0);
        step.Budget.Spend(input.Count);
        step.Budget.Take(input.Count, sizeof(long));
        return step.Node.Integer("to", 1) switch
        {
            1 or 11 when input.Integers is { } integers => OnnxTensor.Of(Array.ConvertAll(integers, value => (float)value), [.. input.Shape]),
            1 or 11 => input,
            6 or 7 when input.Reals is { } reals => OnnxTensor.Of(Array.ConvertAll(reals, value => (long)value), [.. input.Shape]),
            6 or 7 => input,
            var type => throw new OnnxFormatException($"The model casts to a type that is not supported ({type})."),
        };
    }

    public static OnnxTensor ShapeOf(OnnxStep step)
    {
        var shape = step.Input(0).Shape;
        return OnnxTensor.Of(shape.Select(length => (long)length).ToArray(), shape.Count);
    }

    public static OnnxTensor Flatten(OnnxStep step)
    {
        var input = step.Input(0);
        var given = step.Node.Integer("axis", 1);
        var axis = given == input.Shape.Count ? (int)given : OnnxStep.Dimension(given, input.Shape.Count);
        return input.As([OnnxTensor.CountOf([.. input.Shape.Take(axis)]), OnnxTensor.CountOf([.. input.Shape.Skip(axis)])]);
    }

    public static OnnxTensor Reshape(OnnxStep step)
    {
        var input = step.Input(0);
        var wanted = step.Integers("shape", 1) ?? throw new OnnxFormatException("A step of the model reshapes without a shape.");
        var isZeroKept = step.Node.Integer("allowzero", 0) != 0;
        var shape = wanted.Select((length, i) => length == 0 && !isZeroKept ? input.Shape[i] : length).ToArray();
        if (Array.IndexOf(shape, -1) is >= 0 and var free)
        {
            shape[free] = 1;
            shape[free] = input.Count / Math.Max(1, OnnxTensor.CountOf(shape));
        }

        return input.As(shape);
    }

    public static OnnxTensor Squeeze(OnnxStep step)
    {
        var input = step.Input(0);
        var axes = step.Integers("axes", 1)?.Select(axis => OnnxStep.Dimension(axis, input.Shape.Count)).ToHashSet();
        return input.As([.. input.Shape.Where((length, i) => !(axes?.Contains(i) ?? length == 1))]);
    }

    public static OnnxTensor Unsqueeze(OnnxStep step)
    {
        var input = step.Input(0);
        var axes = step.Integers("axes", 1) ?? throw new OnnxFormatException("A step of the model adds dimensions without saying where.");
        var shape = input.Shape.ToList();
        foreach (var axis in axes.Select(axis => OnnxStep.Dimension(axis, input.Shape.Count + axes.Length)).Order())
        {
            shape.Insert(axis, 1);
        }

        return input.As([.. shape]);
    }

    public static OnnxTensor Transpose(OnnxStep step)
    {
        var input = step.Input(0);
        var order = step.Node.Integers("perm") ?? [.. Enumerable.Range(0, input.Shape.Count).Reverse()];
        var shape = Array.ConvertAll(order, from => input.Shape[from]);
        var strides = Strides(input.Shape);
        return Pick(step, input, shape, 0, Array.ConvertAll(order, from => strides[from]));
    }

    public static OnnxTensor Slice(OnnxStep step)
    {
        var input = step.Input(0);
        var starts = step.Integers("starts", 1)!;
        var ends = step.Integers("ends", 2)!;
        var axes = step.Integers("axes", 3) ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = step.Optional(4) is { } given ? Lengths(given) : Enumerable.Repeat(1, starts.Length).ToArray();
        int[] shape = [.. input.Shape];
        var strides = Strides(input.Shape);
        var first = 0;
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = OnnxStep.Dimension(axes[i], shape.Length);
            if (steps[i] < 1)
            {
                throw new OnnxFormatException("A step of the model slices backwards, which is not supported.");
            }

            var length = input.Shape[axis];
            var start = Math.Clamp(starts[i] < 0 ? starts[i] + length : starts[i], 0, length);
            var end = Math.Clamp(ends[i] < 0 ? ends[i] + length : ends[i], start, length);
            shape[axis] = (end - start + steps[i] - 1) / steps[i];
            first += start * strides[axis];
            strides[axis] *= steps[i];
        }

        return Pick(step, input, shape, first, strides);
    }

    /// <summary>A wider box with the numbers inside and a constant around them.</summary>
    public static OnnxTensor Pad(OnnxStep step)
    {
        var input = step.Input(0);
        var pads = step.Integers("pads", 1) ?? throw new OnnxFormatException("A step of the model pads without saying by how much.");
        if (step.Node.Text("mode", "constant") != "constant" || pads.Length != 2 * input.Shape.Count || pads.Any(pad => pad < 0))
        {
            throw new OnnxFormatException("The model pads in a way that is not supported; only constants around all dimensions are.");
        }

        var shape = input.Shape.Select((length, d) => length + pads[d] + pads[d + input.Shape.Count]).ToArray();
        step.Budget.Spend(OnnxTensor.CountOf(shape));
        step.Budget.Take(OnnxTensor.CountOf(shape));
        var result = new float[OnnxTensor.CountOf(shape)];
        Array.Fill(result, step.Optional(2)?.First ?? step.Node.Real("value", 0));
        var (values, strides) = (step.Reals(0), Strides(shape));
        for (var i = 0; i < values.Length; i++)
        {
            var (rest, at) = (i, 0);
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                at += ((rest % input.Shape[d]) + pads[d]) * strides[d];
                rest /= input.Shape[d];
            }

            result[at] = values[i];
        }

        return OnnxTensor.Of(result, shape);
    }

    public static OnnxTensor Gather(OnnxStep step)
    {
        var input = step.Input(0);
        var places = step.Input(1).Integers ?? throw new OnnxFormatException("A step of the model gathers from places that are no whole numbers.");
        var axis = OnnxStep.Dimension(step.Node.Integer("axis", 0), input.Shape.Count);
        var inner = OnnxTensor.CountOf([.. input.Shape.Skip(axis + 1)]);
        var outer = OnnxTensor.CountOf([.. input.Shape.Take(axis)]);
        int[] shape = [.. input.Shape.Take(axis), .. step.Input(1).Shape, .. input.Shape.Skip(axis + 1)];
        step.Budget.Spend(OnnxTensor.CountOf(shape));
        step.Budget.Take(OnnxTensor.CountOf(shape), sizeof(int) + sizeof(long));
        var from = new int[OnnxTensor.CountOf(shape)];
        var at = 0;
        for (var o = 0; o < outer; o++)
        {
            foreach (var place in places)
            {
                var begin = ((o * input.Shape[axis]) + OnnxStep.Dimension(place, input.Shape[axis])) * inner;
                for (var i = 0; i < inner; i++)
                {
                    from[at++] = begin + i;
                }
            }
        }

        return Taken(input, from, shape);
    }

    public static OnnxTensor Concat(OnnxStep step)
    {
        var inputs = Enumerable.Range(0, step.Node.Inputs.Length).Select(step.Input).ToList();
        var axis = OnnxStep.Dimension(step.Node.Integer("axis", 0), inputs[0].Shape.Count);
        int[] shape = [.. inputs[0].Shape];
        shape[axis] = inputs.Sum(input => input.Shape[axis]);
        if (inputs.Any(input => input.Shape.Count != shape.Length || input.Shape.Where((length, i) => i != axis && length != shape[i]).Any()))
        {
            throw new OnnxFormatException("A step of the model joins tensors that do not fit together.");
        }

        step.Budget.Spend(OnnxTensor.CountOf(shape));
        step.Budget.Take(OnnxTensor.CountOf(shape), sizeof(long));
        var outer = OnnxTensor.CountOf([.. shape.Take(axis)]);
        return inputs.TrueForAll(input => input.Integers is not null)
            ? OnnxTensor.Of(Joined(inputs.ConvertAll(input => input.Integers!), outer), shape)
            : OnnxTensor.Of(Joined(inputs.ConvertAll(input => input.Reals ?? throw new OnnxFormatException("A step of the model joins real with whole numbers.")), outer), shape);
    }

    private static T[] Joined<T>(List<T[]> parts, int outer)
    {
        var joined = new T[parts.Sum(part => part.Length)];
        var at = 0;
        for (var o = 0; o < outer; o++)
        {
            foreach (var part in parts)
            {
                var length = part.Length / outer;
                Array.Copy(part, o * length, joined, at, length);
                at += length;
            }
        }

        return joined;
    }

    private static int[] Lengths(OnnxTensor tensor) =>
        tensor.Count > OnnxTensor.MostDimensions ? throw new OnnxFormatException($"A tensor of the model has {tensor.Count} dimensions, more than {OnnxTensor.MostDimensions}.")
        : Array.ConvertAll(tensor.Integers ?? throw new OnnxFormatException("A shape in the model is not of whole numbers."), value => checked((int)value));

    private static int[] Strides(IReadOnlyList<int> shape)
    {
        var strides = new int[shape.Count];
        var stride = 1;
        for (var d = shape.Count - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= shape[d];
        }

        return strides;
    }

    private static OnnxTensor Pick(OnnxStep step, OnnxTensor input, int[] shape, int first, int[] strides)
    {
        step.Budget.Spend(OnnxTensor.CountOf(shape));
        step.Budget.Take(OnnxTensor.CountOf(shape), sizeof(int) + sizeof(long));
        var from = new int[OnnxTensor.CountOf(shape)];
        var place = new int[shape.Length];
        var at = first;
        for (var i = 0; i < from.Length; i++)
        {
            from[i] = at;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++place[d] < shape[d])
                {
                    break;
                }

                at -= strides[d] * shape[d];
                place[d] = 0;
            }
        }

        return Taken(input, from, shape);
    }

    private static OnnxTensor Taken(OnnxTensor input, int[] from, int[] shape) => input.Reals is { } reals
        ? OnnxTensor.Of(Array.ConvertAll(from, place => reals[place]), shape)
        : OnnxTensor.Of(Array.ConvertAll(from, place => input.Integers![place]), shape);
}
