using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Reads YAML that strangers may have written, as plain data. One document of maps, lists and scalars; anchors, aliases
/// and tags are refused, so that no small text can grow large or name a type. Plain scalars follow YAML 1.2's core
/// schema: <c>yes</c> and <c>no</c> are text.
/// </summary>
public static class SafeYaml
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaximumCharacters = 4_000_000;

    private const int MaximumDepth = 64;
    private const int MaximumNodes = 200_000;

    /// <summary>Reads a document.</summary>
    /// <param name="text">YAML, or JSON, which is YAML too.</param>
    /// <returns>Its content; null for a document that is empty or null.</returns>
    /// <exception cref="FormatException">It is not such a document; the message gives the line and says what is wrong.</exception>
    public static JsonNode? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumCharacters)
        {
            throw new FormatException($"The YAML is longer than {MaximumCharacters} characters.");
        }

        try
        {
            return new Reading(new Parser(new StringReader(text))).Document();
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }
    }

    private sealed class Reading(IParser parser)
    {
        private int _nodes;

        public JsonNode? Document()
        {
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            var content = Node(0);
            parser.Consume<DocumentEnd>();
            if (!parser.TryConsume<StreamEnd>(out _))
            {
                throw Wrong(parser.Current!, "only one document is accepted");
            }

            return content;
        }

        private static FormatException Wrong(ParsingEvent at, string what) => new($"line {at.Start.Line}: {what}");

        private JsonNode? Node(int depth)
        {
            if (parser.TryConsume<AnchorAlias>(out var alias))
            {
                throw Wrong(alias, "aliases are not accepted");
            }

            if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
            {
                throw Wrong(anchored, "anchors are not accepted");
            }

            if (parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged)
            {
                throw Wrong(tagged, "tags are not accepted");
            }

            if (++_nodes > MaximumNodes)
            {
                throw Wrong(parser.Current!, $"more than {MaximumNodes} values");
            }

            if (depth > MaximumDepth)
            {
                throw Wrong(parser.Current!, $"nested deeper than {MaximumDepth} levels");
            }

            if (parser.TryConsume<Scalar>(out var scalar))
            {
                return Value(scalar);
            }

            return parser.TryConsume<SequenceStart>(out _) ? List(depth) : Map(depth);
        }

        private JsonArray List(int depth)
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node(depth + 1));
            }

            return list;
        }

        private JsonObject Map(int depth)
        {
            parser.Consume<MappingStart>();
            var map = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (!parser.TryConsume<Scalar>(out var key) || !key.Anchor.IsEmpty)
                {
                    throw Wrong(parser.Current!, "a key must be plain text");
                }

                if (map.ContainsKey(key.Value))
                {
                    throw Wrong(key, $"the key '{key.Value}' is given twice");
                }

                map.Add(key.Value, Node(depth + 1));
            }

            return map;
        }

        private static JsonNode? Value(Scalar scalar)
        {
            var text = scalar.Value;
            if (scalar.Style != ScalarStyle.Plain)
            {
                return JsonValue.Create(text);
            }

            return text switch
            {
                "" or "~" or "null" or "Null" or "NULL" => null,
                "true" or "True" or "TRUE" => JsonValue.Create(true),
                "false" or "False" or "FALSE" => JsonValue.Create(false),
                _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
                _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number) => JsonValue.Create(number),
                _ => JsonValue.Create(text),
            };
        }
    }
}
