using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>One error in a filter's text, with its place.</summary>
/// <param name="Annotation">Name of the annotation that has it; null for the condition.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Offset">First character, from 0.</param>
/// <param name="Length">Characters.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record FilterFault(string? Annotation, string Message, int Offset, int Length, int Line, int Column);

/// <summary>Checks the text of filters against the survey of their stream.</summary>
internal static class FilterText
{
    /// <summary>Every error of the text; one without a place where the stream's packets cannot be filtered here.</summary>
    public static IReadOnlyList<FilterFault> Check(AlertStream stream, string expression, IReadOnlyDictionary<string, string>? annotations)
    {
        return EnvironmentOf(stream) is not { } environment
            ? [new FilterFault(null, $"The packets of stream '{stream.Name}' cannot be filtered by an expression.", 0, 0, 1, 1)]
            : [.. FilterCompiler.Check(new FilterDefinition(expression, annotations), environment).Select(error =>
                new FilterFault(error.Annotation, error.Message, error.Span.Offset, error.Span.Length, error.Line, error.Column))];
    }

    /// <summary>The names of the stream's survey; null where its packets cannot be filtered here.</summary>
    public static FilterEnvironment? EnvironmentOf(AlertStream stream) =>
        IngestFilters.EnvironmentOf(StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText())?.Survey);

    /// <summary>Refuses text with an error; the message tells the place of the first.</summary>
    public static void Demand(AlertStream stream, string? expression, IReadOnlyDictionary<string, string>? annotations)
    {
        if (expression is null && annotations is not { Count: > 0 })
        {
            return;
        }

        if (expression is null)
        {
            throw Refusal.Invalid("Invalid/missing parameters: annotations: They need an expression");
        }

        if (Check(stream, expression, annotations) is [var fault, ..])
        {
            var field = fault.Annotation is { } name ? $"annotations.{name}" : "expression";
            throw Refusal.Invalid(string.Create(
                CultureInfo.InvariantCulture, $"Invalid/missing parameters: {field}: line {fault.Line}, column {fault.Column}: {fault.Message}"));
        }
    }

    /// <summary>Annotations as they are stored; null for none.</summary>
    public static JsonElement? Stored(IReadOnlyDictionary<string, string>? annotations) =>
        annotations is { Count: > 0 } ? JsonSerializer.SerializeToElement(annotations) : null;

    /// <summary>Annotations as they were stored.</summary>
    public static IReadOnlyDictionary<string, string>? Read(JsonElement? stored) => stored?.Deserialize<Dictionary<string, string>>();
}
