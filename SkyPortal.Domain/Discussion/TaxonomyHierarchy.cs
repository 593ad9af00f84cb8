using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkyPortal.Domain.Discussion;

/// <summary>A class of a taxonomy and its subclasses.</summary>
/// <param name="Class">Name as shown and as stored in classifications; not blank.</param>
/// <param name="OtherNames">Synonyms.</param>
/// <param name="Tags">Short properties, such as <c>hydrogen poor</c>.</param>
/// <param name="Links">Absolute http(s) addresses to read on.</param>
/// <param name="Comments">A note; null when there is none.</param>
/// <param name="Subclasses">Narrower classes, in the order of the file.</param>
public sealed record TaxonomyNode(
    string Class,
    IReadOnlyList<string> OtherNames,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Links,
    string? Comments,
    IReadOnlyList<TaxonomyNode> Subclasses)
{
    /// <summary>This node and all below it; a parent comes before its children, siblings in order.</summary>
    public IEnumerable<TaxonomyNode> SelfAndDescendants()
    {
        var pending = new Stack<TaxonomyNode>();
        pending.Push(this);
        while (pending.TryPop(out var node))
        {
            yield return node;
            for (var i = node.Subclasses.Count - 1; i >= 0; i--)
            {
                pending.Push(node.Subclasses[i]);
            }
        }
    }

    /// <summary>The class names that a classification in this taxonomy may use.</summary>
    public IReadOnlySet<string> AllowedClasses() =>
        SelfAndDescendants().Select(n => n.Class).ToHashSet(StringComparer.Ordinal);
}

/// <summary>Reads and writes the JSON form of a taxonomy's tree, and says what is wrong with one that is not valid.</summary>
public static class TaxonomyHierarchy
{
    /// <summary>Deepest level of subclasses that is accepted; the root is level 0.</summary>
    public const int MaximumDepth = 30;

    /// <summary>Most classes that one taxonomy may hold.</summary>
    public const int MaximumClasses = 5_000;

    private const int MaximumErrors = 20;
    private const string ClassKey = "class";
    private const string OtherNamesKey = "other names";
    private const string TagsKey = "tags";
    private const string LinksKey = "links";
    private const string CommentsKey = "comments";
    private const string SubclassesKey = "subclasses";

    /// <summary>Reads a tree, checking every node.</summary>
    /// <param name="root">A JSON object of keys class, comments, tags, links, other names, subclasses.</param>
    /// <param name="errors">What is wrong, each naming its path, such as <c>subclasses[2].class: required</c>; empty on success; 20 at most.</param>
    /// <returns>The tree; null when there is any error.</returns>
    public static TaxonomyNode? TryParse(JsonElement root, out IReadOnlyList<string> errors)
    {
        var reading = new Reading();
        var node = reading.Node(root, "", 0);
        errors = reading.Errors;
        return errors.Count == 0 ? node : null;
    }

    /// <summary>Reads a tree that is known to be valid, such as one from the database.</summary>
    /// <exception cref="FormatException">It is not valid; the message lists the errors.</exception>
    public static TaxonomyNode Parse(JsonElement root) =>
        TryParse(root, out var errors) ?? throw new FormatException(string.Join("; ", errors));

    /// <summary>The JSON form of a tree; lists and notes that are empty are left out.</summary>
    public static JsonObject ToJson(TaxonomyNode node)
    {
        var json = new JsonObject { [ClassKey] = node.Class };
        AddTexts(json, OtherNamesKey, node.OtherNames);
        AddTexts(json, TagsKey, node.Tags);
        AddTexts(json, LinksKey, node.Links);
        if (!string.IsNullOrEmpty(node.Comments))
        {
            json[CommentsKey] = node.Comments;
        }

        if (node.Subclasses.Count > 0)
        {
            json[SubclassesKey] = new JsonArray([.. node.Subclasses.Select(ToJson)]);
        }

        return json;
    }

    private static void AddTexts(JsonObject json, string key, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            json[key] = new JsonArray([.. texts.Select(t => JsonValue.Create(t))]);
        }
    }

    private sealed class Reading
    {
        private readonly List<string> _errors = [];
        private int _classes;

        public IReadOnlyList<string> Errors => _errors;

        public TaxonomyNode? Node(JsonElement element, string path, int depth)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                return Fail(path.Length == 0 ? "hierarchy" : path, "must be an object");
            }

            if (depth > MaximumDepth)
            {
                return Fail(path, $"deeper than {MaximumDepth} levels");
            }

            if (++_classes > MaximumClasses)
            {
                return _classes == MaximumClasses + 1 ? Fail(path, $"more than {MaximumClasses} classes") : null;
            }

            string? name = null;
            string? comments = null;
            IReadOnlyList<string> otherNames = [];
            IReadOnlyList<string> tags = [];
            IReadOnlyList<string> links = [];
            IReadOnlyList<TaxonomyNode> subclasses = [];
            foreach (var property in element.EnumerateObject())
            {
                var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                switch (property.Name)
                {
                    case ClassKey: name = Text(property.Value, at); break;
                    case CommentsKey: comments = IsAbsent(property.Value) ? null : Text(property.Value, at); break;
                    case OtherNamesKey: otherNames = Texts(property.Value, at); break;
                    case TagsKey: tags = Texts(property.Value, at); break;
                    case LinksKey: links = Addresses(property.Value, at); break;
                    case SubclassesKey: subclasses = Nodes(property.Value, at, depth); break;
                    default: Fail(at, "unknown key"); break;
                }
            }

            if (string.IsNullOrWhiteSpace(name))
            {
                if (!element.TryGetProperty(ClassKey, out var given) || given.ValueKind is JsonValueKind.String)
                {
                    Fail(path.Length == 0 ? ClassKey : $"{path}.{ClassKey}", "required");
                }

                return null;
            }

            return new TaxonomyNode(name.Trim(), otherNames, tags, links, comments?.Trim(), subclasses);
        }

        private static bool IsAbsent(JsonElement element) => element.ValueKind == JsonValueKind.Null;

        private TaxonomyNode? Fail(string path, string what)
        {
            if (_errors.Count < MaximumErrors)
            {
                _errors.Add($"{path}: {what}");
            }

            return null;
        }

        private string? Text(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.String)
            {
                return element.GetString();
            }

            Fail(path, "must be text");
            return null;
        }

        private List<string> Texts(JsonElement element, string path)
        {
            var texts = new List<string>();
            foreach (var (item, at) in Items(element, path))
            {
                if (Text(item, at) is { } text)
                {
                    texts.Add(text.Trim());
                }
            }

            return texts;
        }

        private List<string> Addresses(JsonElement element, string path)
        {
            var texts = Texts(element, path);
            for (var i = 0; i < texts.Count; i++)
            {
                if (!Uri.TryCreate(texts[i], UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                {
                    Fail($"{path}[{i}]", "must be an http or https address");
                }
            }

            return texts;
        }

        private List<TaxonomyNode> Nodes(JsonElement element, string path, int depth)
        {
            var nodes = new List<TaxonomyNode>();
            foreach (var (item, at) in Items(element, path))
            {
                if (Node(item, at, depth + 1) is { } node)
                {
                    nodes.Add(node);
                }
            }

            return nodes;
        }

        private IEnumerable<(JsonElement Item, string Path)> Items(JsonElement element, string path)
        {
            if (IsAbsent(element))
            {
                yield break;
            }

            if (element.ValueKind != JsonValueKind.Array)
            {
                Fail(path, "must be a list");
                yield break;
            }

            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                yield return (item, $"{path}[{index++}]");
            }
        }
    }
}
