using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Turns a parsed schema into packet layouts and reading steps, one of each per record type.</summary>
internal sealed class AvroCompiler
{
    private readonly Dictionary<string, PacketLayout> _layouts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<AvroType, AvroRecordNode> _records = [];

    /// <summary>Layouts of the records by full name.</summary>
    public IReadOnlyDictionary<string, PacketLayout> Layouts => _layouts;

    /// <summary>Compiles a record type and all that it refers to.</summary>
    public AvroRecordNode Compile(AvroType record)
    {
        if (_records.TryGetValue(record, out var known))
        {
            return known;
        }

        var node = new AvroRecordNode(LayoutOf(record)!);
        _records.Add(record, node);
        var plans = new AvroFieldPlan[record.Fields.Length];
        var minBytes = 0L;
        for (var i = 0; i < plans.Length; i++)
        {
            plans[i] = PlanOf(record.Fields[i].Type);
            plans[i].Slot = node.Layout.IndexOf(record.Fields[i].Name);
            minBytes += plans[i].NullBranch >= 0 ? 1 : plans[i].Node?.MinBytes ?? new AvroScalarNode(plans[i].Kind).MinBytes;
        }

        node.SetFields(plans, (int)Math.Min(minBytes, int.MaxValue));
        return node;
    }

    private AvroFieldPlan PlanOf(AvroType type)
    {
        if (type.Kind == AvroKind.Union && type.Branches.Length == 2 && type.NullBranch is >= 0 and var nullBranch)
        {
            var plan = PlanOf(type.Branches[1 - nullBranch]);
            plan.NullBranch = (sbyte)nullBranch;
            return plan;
        }

        return IsScalar(type.Kind)
            ? new AvroFieldPlan { Kind = type.Kind, NullBranch = -1 }
            : new AvroFieldPlan { Kind = type.Kind, NullBranch = -1, Node = NodeOf(type) };
    }

    private AvroNode NodeOf(AvroType type) => type.Kind switch
    {
        AvroKind.Null => new AvroNullNode(),
        AvroKind.Record => Compile(type),
        AvroKind.Enum => new AvroEnumNode(type.Symbols),
        AvroKind.Fixed => new AvroFixedNode(type.Size),
        AvroKind.Array => new AvroArrayNode(NodeOf(type.Items!)),
        AvroKind.Map => new AvroMapNode(NodeOf(type.Items!)),
        AvroKind.Union => new AvroUnionNode([.. type.Branches.Select(NodeOf)]),
        _ => new AvroScalarNode(type.Kind),
    };

    private PacketLayout? LayoutOf(AvroType record)
    {
        if (_layouts.TryGetValue(record.FullName, out var known))
        {
            return known;
        }

        // A record within itself: its layout is not complete yet, and the field is described without it.
        if (!_open.Add(record.FullName))
        {
            return null;
        }

        var layout = new PacketLayout(record.FullName, [.. record.DistinctFields.Select(field => FieldOf(field.Name, field.Type))]);
        _layouts.Add(record.FullName, layout);
        return layout;
    }

    private PacketField FieldOf(string name, AvroType type)
    {
        var (kind, nullable, single) = KindOf(type);
        return single?.Kind switch
        {
            AvroKind.Record => new PacketField(name, kind, nullable, LayoutOf(single)),
            AvroKind.Array or AvroKind.Map => ContainerField(name, kind, nullable, single.Items!),
            _ => new PacketField(name, kind, nullable),
        };
    }

    private PacketField ContainerField(string name, PacketFieldKind kind, bool nullable, AvroType items)
    {
        var (elementKind, _, element) = KindOf(items);
        var layout = element?.Kind == AvroKind.Record ? LayoutOf(element) : null;
        return new PacketField(name, kind, nullable, layout, elementKind);
    }

    private static (PacketFieldKind Kind, bool Nullable, AvroType? Single) KindOf(AvroType type)
    {
        if (type.Kind != AvroKind.Union)
        {
            return (KindOf(type.Kind), type.Kind == AvroKind.Null, type);
        }

        var others = type.Branches.Where(static branch => branch.Kind != AvroKind.Null).ToList();
        var kinds = others.Select(static branch => KindOf(branch.Kind)).Distinct().ToList();
        return (
            kinds.Count == 1 ? kinds[0] : PacketFieldKind.Any,
            type.NullBranch >= 0,
            others.Count == 1 ? others[0] : null);
    }

    private static PacketFieldKind KindOf(AvroKind kind) => kind switch
    {
        AvroKind.Boolean => PacketFieldKind.Boolean,
        AvroKind.Int or AvroKind.Long => PacketFieldKind.Integer,
        AvroKind.Float or AvroKind.Double => PacketFieldKind.Number,
        AvroKind.Bytes or AvroKind.Fixed => PacketFieldKind.Bytes,
        AvroKind.String or AvroKind.Enum => PacketFieldKind.Text,
        AvroKind.Record => PacketFieldKind.Record,
        AvroKind.Array => PacketFieldKind.Array,
        AvroKind.Map => PacketFieldKind.Map,
        _ => PacketFieldKind.Any,
    };

    private static bool IsScalar(AvroKind kind) => kind is >= AvroKind.Boolean and <= AvroKind.String;
}
