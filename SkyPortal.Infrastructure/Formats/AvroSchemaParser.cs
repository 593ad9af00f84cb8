using System.Text.Json;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Turns the JSON text of one or several schema files into types, resolving names across the files.</summary>
internal sealed class AvroSchemaParser
{
    private const int MaxJsonDepth = 64;
    private const int MaxTypes = 100_000;

    private static readonly Dictionary<string, AvroKind> Primitives = new(StringComparer.Ordinal)
    {
        ["null"] = AvroKind.Null,
        ["boolean"] = AvroKind.Boolean,
        ["int"] = AvroKind.Int,
        ["long"] = AvroKind.Long,
        ["float"] = AvroKind.Float,
        ["double"] = AvroKind.Double,
        ["bytes"] = AvroKind.Bytes,
        ["string"] = AvroKind.String,
    };

    private readonly Dictionary<string, AvroType> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _pending = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pulled = new(StringComparer.Ordinal);
    private int _types;
    private int _depth;

    /// <summary>Named types by full name.</summary>
    public IReadOnlyDictionary<string, AvroType> Named => _named;

    /// <summary>Parses one self-contained schema.</summary>
    public AvroType ParseOne(ReadOnlyMemory<byte> utf8) => Guarded(() => Parse(Load(utf8), ""));

    /// <summary>
    /// Parses files that refer to each other. The root is the one named, else the only one that no other refers to,
    /// else the one with the simple name <c>alert</c>.
    /// </summary>
    public AvroType ParseAll(IEnumerable<ReadOnlyMemory<byte>> files, string? rootName) =>
        Guarded(() => ParseFiles(files, rootName));

    private AvroType ParseFiles(IEnumerable<ReadOnlyMemory<byte>> files, string? rootName)
    {
        var names = new List<string>();
        foreach (var file in files)
        {
            var element = Load(file);
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw new PacketFormatException("A schema file does not hold a named type");
            }

            var name = FullNameOf(element, "").Name;
            if (!_pending.TryAdd(name, element))
            {
                throw new PacketFormatException($"Type '{name}' is defined in two schema files");
            }

            names.Add(name);
        }

        foreach (var name in names)
        {
            Resolve(name);
        }

        return _named[RootAmong(names, rootName)];
    }

    private string RootAmong(List<string> names, string? rootName)
    {
        if (rootName is not null)
        {
            return names.Contains(rootName)
                ? rootName
                : throw new PacketFormatException($"No schema file defines '{rootName}'");
        }

        var roots = names.FindAll(name => !_pulled.Contains(name));
        var alerts = roots.FindAll(static name => name == "alert" || name.EndsWith(".alert", StringComparison.Ordinal));
        return (roots.Count, alerts.Count) switch
        {
            (1, _) => roots[0],
            (_, 1) => alerts[0],
            _ => throw new PacketFormatException("The schema files have no single root; name one"),
        };
    }

    private static AvroType Guarded(Func<AvroType> parse)
    {
        try
        {
            return parse();
        }
        catch (InvalidOperationException error)
        {
            // Text is decoded when it is first looked at; this is how the JSON reader says that it is not Unicode.
            throw new PacketFormatException("The schema has text that is not Unicode", inner: error);
        }
    }

    private static JsonElement Load(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = MaxJsonDepth };
            return JsonDocument.Parse(utf8, options).RootElement;
        }
        catch (JsonException error)
        {
            throw new PacketFormatException("The schema is not JSON", inner: error);
        }
    }

    private AvroType Parse(JsonElement element, string space)
    {
        if (++_types > MaxTypes)
        {
            throw new PacketFormatException("The schema has too many types");
        }

        // Files may chain definitions beyond the nesting that JSON itself is held to.
        if (++_depth > 4 * MaxJsonDepth)
        {
            throw new PacketFormatException("The schema is nested too deeply");
        }

        var type = element.ValueKind switch
        {
            JsonValueKind.String => Reference(TextOf(element), space),
            JsonValueKind.Array => ParseUnion(element, space),
            JsonValueKind.Object => ParseObject(element, space),
            _ => throw new PacketFormatException("The schema has a type that is neither a name, a union nor a definition"),
        };
        _depth--;
        return type;
    }

    private AvroType Reference(string name, string space)
    {
        if (Primitives.TryGetValue(name, out var kind))
        {
            return new AvroType(kind);
        }

        if (space.Length > 0 && !name.Contains('.') && Resolve($"{space}.{name}", pulled: true) is { } local)
        {
            return local;
        }

        return Resolve(name, pulled: true) ?? throw new PacketFormatException($"The schema refers to an unknown type '{name}'");
    }

    /// <summary>The type of this full name, parsed from its file where that was not done yet; null where there is none.</summary>
    private AvroType? Resolve(string fullName, bool pulled = false)
    {
        if (pulled)
        {
            _pulled.Add(fullName);
        }

        if (_named.TryGetValue(fullName, out var known))
        {
            return known;
        }

        return _pending.Remove(fullName, out var element) ? Parse(element, "") : null;
    }

    private AvroType ParseUnion(JsonElement element, string space)
    {
        var branches = new List<AvroType>();
        foreach (var item in element.EnumerateArray())
        {
            var branch = Parse(item, space);
            if (branch.Kind == AvroKind.Union)
            {
                throw new PacketFormatException("The schema has a union directly within a union");
            }

            if (branches.Exists(other => other.Kind == branch.Kind && other.FullName == branch.FullName))
            {
                throw new PacketFormatException("The schema has a union with two branches of one type");
            }

            branches.Add(branch);
        }

        return branches.Count > 0
            ? new AvroType(AvroKind.Union) { Branches = [.. branches] }
            : throw new PacketFormatException("The schema has a union without branches");
    }

    private AvroType ParseObject(JsonElement element, string space)
    {
        var type = Required(element, "type");
        if (type.ValueKind != JsonValueKind.String)
        {
            return Parse(type, space);
        }

        var name = TextOf(type);
        return name switch
        {
            "record" or "error" => ParseRecord(element, space),
            "enum" => Define(new AvroType(AvroKind.Enum)
            {
                FullName = FullNameOf(element, space).Name,
                Symbols = Symbols(element),
            }),
            "fixed" => Define(new AvroType(AvroKind.Fixed)
            {
                FullName = FullNameOf(element, space).Name,
                Size = Integer(element, "size") ?? throw new PacketFormatException("The schema has a fixed type without a size"),
                LogicalType = OptionalText(element, "logicalType"),
                Precision = Integer(element, "precision"),
                Scale = Integer(element, "scale"),
            }),
            "array" => new AvroType(AvroKind.Array) { Items = Parse(Required(element, "items"), space) },
            "map" => new AvroType(AvroKind.Map) { Items = Parse(Required(element, "values"), space) },
            _ when Primitives.TryGetValue(name, out var kind) => new AvroType(kind)
            {
                LogicalType = OptionalText(element, "logicalType"),
                Precision = Integer(element, "precision"),
                Scale = Integer(element, "scale"),
            },
            _ => Reference(name, space),
        };
    }

    private AvroType ParseRecord(JsonElement element, string space)
    {
        var (name, own) = FullNameOf(element, space);
        var record = Define(new AvroType(AvroKind.Record) { FullName = name });
        var fields = new List<AvroField>();
        var items = Required(element, "fields");
        if (items.ValueKind != JsonValueKind.Array)
        {
            throw new PacketFormatException($"The fields of record '{name}' are not a list");
        }

        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw new PacketFormatException($"A field of record '{name}' is not an object");
            }

            var field = TextOf(Required(item, "name"));
            if (field.Length == 0)
            {
                throw new PacketFormatException($"Record '{name}' has a field with an empty name");
            }

            item.TryGetProperty("default", out var value);
            var type = Parse(Required(item, "type"), own);
            fields.Add(new AvroField(field, type, value, AvroDefaults.Of(value, type)));
        }

        record.Fields = [.. fields];
        return record;
    }

    private AvroType Define(AvroType type)
    {
        _pending.Remove(type.FullName);
        return _named.TryAdd(type.FullName, type)
            ? type
            : throw new PacketFormatException($"The schema defines type '{type.FullName}' twice");
    }

    private static string[] Symbols(JsonElement element)
    {
        var symbols = Required(element, "symbols");
        return symbols.ValueKind == JsonValueKind.Array && symbols.GetArrayLength() > 0
            ? [.. symbols.EnumerateArray().Select(TextOf)]
            : throw new PacketFormatException("The schema has an enum without symbols");
    }

    private static (string Name, string Space) FullNameOf(JsonElement element, string space)
    {
        var name = TextOf(Required(element, "name"));
        var dot = name.LastIndexOf('.');
        if (dot >= 0)
        {
            return (name, name[..dot]);
        }

        var own = OptionalText(element, "namespace") ?? space;
        if (name.Length == 0)
        {
            throw new PacketFormatException("The schema has a type with an empty name");
        }

        return own.Length > 0 ? ($"{own}.{name}", own) : (name, "");
    }

    private static JsonElement Required(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value)
            ? value
            : throw new PacketFormatException($"The schema has a definition without '{property}'");

    private static string TextOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.String
            ? element.GetString()!
            : throw new PacketFormatException("The schema has a name that is not text");

    private static string? OptionalText(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? TextOf(value) : null;

    private static int? Integer(JsonElement element, string property)
    {
        if (!element.TryGetProperty(property, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw new PacketFormatException($"The schema has a '{property}' that is not a non-negative integer");
    }
}
