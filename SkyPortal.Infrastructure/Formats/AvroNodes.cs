using System.Globalization;
using System.Text;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>One step of a compiled schema: reads one value.</summary>
internal abstract class AvroNode
{
    /// <summary>Fewest bytes that a value takes; 0 where it may take none.</summary>
    public virtual int MinBytes => 1;

    /// <summary>Reads the value, as the type that <see cref="PacketFieldKind"/> states.</summary>
    public abstract object? Read(ref AvroCursor cursor);

    /// <summary>Appends the step from this node to its child, for errors.</summary>
    public virtual void DescribeStep(StringBuilder path, int index)
    {
        if (index >= 0)
        {
            path.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
        }
    }
}

/// <summary>Reads null, which takes no bytes.</summary>
internal sealed class AvroNullNode : AvroNode
{
    public override int MinBytes => 0;

    public override object? Read(ref AvroCursor cursor) => null;
}

/// <summary>Reads a scalar outside a record, where arrays, maps and general unions hold it.</summary>
internal sealed class AvroScalarNode(AvroKind kind) : AvroNode
{
    private string? _lastText;

    public override int MinBytes => kind switch
    {
        AvroKind.Float => 4,
        AvroKind.Double => 8,
        _ => 1,
    };

    public override object? Read(ref AvroCursor cursor) => kind switch
    {
        AvroKind.Boolean => BoxedValues.Of(cursor.ReadBoolean()),
        AvroKind.Int => BoxedValues.Of(cursor.ReadInt()),
        AvroKind.Long => BoxedValues.Of(cursor.ReadLong()),
        AvroKind.Float => BoxedValues.Of(cursor.ReadFloat()),
        AvroKind.Double => BoxedValues.Of(cursor.ReadDouble()),
        AvroKind.Bytes => cursor.ReadBytesApart(),
        _ => cursor.ReadText(ref _lastText),
    };
}

/// <summary>Reads a fixed number of bytes.</summary>
internal sealed class AvroFixedNode(int size) : AvroNode
{
    public override int MinBytes => size;

    public override object? Read(ref AvroCursor cursor) => cursor.Take(size).ToArray();
}

/// <summary>Reads an enum's symbol.</summary>
internal sealed class AvroEnumNode(string[] symbols) : AvroNode
{
    public override object? Read(ref AvroCursor cursor)
    {
        var index = cursor.ReadLong();
        if ((ulong)index >= (ulong)symbols.Length)
        {
            cursor.Fail($"An enum has no symbol {index}");
        }

        return symbols[index];
    }
}

/// <summary>Reads a union that is more than a nullable type.</summary>
internal sealed class AvroUnionNode(AvroNode[] branches) : AvroNode
{
    public override object? Read(ref AvroCursor cursor)
    {
        var branch = cursor.ReadLong();
        if ((ulong)branch >= (ulong)branches.Length)
        {
            cursor.Fail($"A union has no branch {branch}");
        }

        return branches[branch].Read(ref cursor);
    }
}

/// <summary>Reads an array's blocks.</summary>
internal sealed class AvroArrayNode(AvroNode items) : AvroNode
{
    public override object? Read(ref AvroCursor cursor)
    {
        cursor.Enter(this);
        var values = Array.Empty<object?>();
        var length = 0;
        while (true)
        {
            var (count, end) = cursor.ReadBlockHead(items.MinBytes);
            if (count == 0)
            {
                break;
            }

            // Nearly every array is one block, so the first is its final size; more blocks grow it by doubling.
            if (length + count > values.Length)
            {
                Array.Resize(ref values, length == 0 ? count : Math.Max(length + count, 2 * length));
            }

            for (var stop = length + count; length < stop; length++)
            {
                cursor.At(length);
                values[length] = items.Read(ref cursor);
            }

            cursor.EndBlock(end);
        }

        cursor.Leave();
        Array.Resize(ref values, length);
        return values;
    }
}

/// <summary>Reads a map's blocks; of a repeated key the last value counts.</summary>
internal sealed class AvroMapNode(AvroNode items) : AvroNode
{
    private string? _lastKey;

    public override object? Read(ref AvroCursor cursor)
    {
        cursor.Enter(this);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (true)
        {
            var (count, end) = cursor.ReadBlockHead(Math.Max(items.MinBytes, 1));
            if (count == 0)
            {
                break;
            }

            for (var i = 0; i < count; i++)
            {
                cursor.At(values.Count);
                var key = cursor.ReadText(ref _lastKey);
                values[key] = items.Read(ref cursor);
            }

            cursor.EndBlock(end);
        }

        cursor.Leave();
        return values;
    }
}

/// <summary>How one field of a record is read: what it is, its place in the layout, and which union branch is null (-1 where it cannot be).</summary>
internal struct AvroFieldPlan
{
    public int Slot;
    public AvroKind Kind;
    public sbyte NullBranch;
    public AvroNode? Node;
    public string? LastText;
}

/// <summary>
/// Reads a record in one loop over its fields; scalars and nullable scalars, which are nearly all of a packet's fields,
/// cost no virtual call.
/// </summary>
internal sealed class AvroRecordNode(PacketLayout layout) : AvroNode
{
    private AvroFieldPlan[] _plans = [];
    private int _minBytes;

    public override int MinBytes => _minBytes;

    /// <summary>Layout of the records read.</summary>
    public PacketLayout Layout => layout;

    /// <summary>Sets the fields once the record's own node exists, since a record may contain itself.</summary>
    public void SetFields(AvroFieldPlan[] plans, int minBytes)
    {
        _plans = plans;
        _minBytes = minBytes;
    }

    public override object? Read(ref AvroCursor cursor) => ReadRecord(ref cursor);

    public PacketRecord ReadRecord(ref AvroCursor cursor)
    {
        var plans = _plans;
        cursor.Enter(this);
        cursor.Charge(plans.Length + 1);
        var values = new object?[layout.Fields.Count];
        for (var i = 0; i < plans.Length; i++)
        {
            ref var plan = ref plans[i];
            cursor.At(plan.Slot);
            if (plan.NullBranch >= 0)
            {
                var branch = cursor.ReadLong();
                if (branch == plan.NullBranch)
                {
                    values[plan.Slot] = null;
                    continue;
                }

                if (branch != 1 - plan.NullBranch)
                {
                    cursor.Fail($"A union has no branch {branch}");
                }
            }

            values[plan.Slot] = plan.Kind switch
            {
                AvroKind.Float => BoxedValues.Of(cursor.ReadFloat()),
                AvroKind.Double => BoxedValues.Of(cursor.ReadDouble()),
                AvroKind.Int => BoxedValues.Of(cursor.ReadInt()),
                AvroKind.Long => BoxedValues.Of(cursor.ReadLong()),
                AvroKind.Boolean => BoxedValues.Of(cursor.ReadBoolean()),
                AvroKind.String => cursor.ReadText(ref plan.LastText),
                AvroKind.Bytes => cursor.ReadBytesApart(),
                _ => plan.Node!.Read(ref cursor),
            };
        }

        cursor.Leave();
        return new PacketRecord(layout, values);
    }

    public override void DescribeStep(StringBuilder path, int index)
    {
        if (index >= 0)
        {
            path.Append(path.Length > 0 ? "." : "").Append(layout.Fields[index].Name);
        }
    }
}
