using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>What is wrong with the text of a pipeline.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Offset">Place in the text in characters, from 0.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in characters, from 1.</param>
public sealed record PipelineFault(string Message, int Offset, int Line, int Column);

/// <summary>A pipeline as text: read, checked with the place of every fault, and written anew.</summary>
public static class PipelineText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The pipeline of a text, null where it has faults, and the faults in the order of the text.</summary>
    public static (JsonArray? Pipeline, IReadOnlyList<PipelineFault> Faults) Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, [new PipelineFault("There is no stage yet.", 0, 1, 1)]);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        JsonNode? root;
        Dictionary<string, long> places;
        try
        {
            root = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            places = Places(bytes);
        }
        catch (JsonException error)
        {
            return (null, [Fault(bytes, Offset(bytes, error), Plain(error.Message))]);
        }

        var faults = PipelineRules.Check(root).Select(fault => (Offset: places.GetValueOrDefault(fault.Path), fault.Message)).OrderBy(fault => fault.Offset)
            .Select(fault => Fault(bytes, fault.Offset, fault.Message)).ToList();
        return (faults.Count == 0 ? (JsonArray)root! : null, faults);
    }

    /// <summary>The pipeline as text with a line for each part.</summary>
    public static string Write(JsonNode? pipeline) => pipeline?.ToJsonString(Indented) ?? "[]";

    private static long Offset(byte[] bytes, JsonException error)
    {
        var start = 0;
        for (var line = 0L; line < (error.LineNumber ?? 0) && start < bytes.Length; start++)
        {
            line += bytes[start] == '\n' ? 1 : 0;
        }

        return Math.Min(bytes.Length, start + (error.BytePositionInLine ?? 0));
    }

    private static PipelineFault Fault(byte[] bytes, long offset, string message)
    {
        var before = Encoding.UTF8.GetString(bytes, 0, (int)offset);
        return new PipelineFault(message, before.Length, 1 + before.Count(letter => letter == '\n'), before.Length - (before.LastIndexOf('\n') + 1) + 1);
    }

    // The reader tells its own place after the message; that of the text is told instead.
    private static string Plain(string message)
    {
        var end = new[] { " LineNumber:", " Path:" }.Select(mark => message.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 0).DefaultIfEmpty(message.Length).Min();
        return $"This is not JSON: {message[..end]}";
    }

    // Where each part begins, by its path; a field where its name does.
    private static Dictionary<string, long> Places(byte[] bytes)
    {
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        var stack = new Stack<(string Path, int Next)>();
        var reader = new Utf8JsonReader(bytes);
        string? field = null;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    stack.Pop();
                    continue;
                case JsonTokenType.PropertyName:
                    field = PipelineRules.Under(stack.Peek().Path, reader.GetString()!);
                    places[field] = reader.TokenStartIndex;
                    continue;
            }

            var path = "";
            if (field is not null)
            {
                (path, field) = (field, null);
            }
            else if (stack.TryPop(out var list))
            {
                path = PipelineRules.Under(list.Path, list.Next);
                stack.Push((list.Path, list.Next + 1));
                places[path] = reader.TokenStartIndex;
            }
            else
            {
                places[path] = reader.TokenStartIndex;
            }

            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                stack.Push((path, 0));
            }
        }

        return places;
    }
}
