using System.Net.Http.Headers;
using System.Text.Json;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>What came back, and what is wrong with it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Fault">Null where the reply is a success or a proper refusal.</param>
internal sealed record Reply(int Status, string? Fault)
{
    private static readonly string[] Inner =
        ["   at ", "Npgsql", "Exception", "Microsoft.", "System.", "syntax error", "relation \"", "The server failed", "SQLSTATE", "22021:", "22003:", "23505:", "at the same time"];

    /// <summary>Sends a request and judges the reply.</summary>
    public static async Task<Reply> ToAsync(HttpClient http, HttpMethod method, string path, byte[]? body = null, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var status = (int)response.StatusCode;
        return new Reply(status, Judge(status, method, path, bytes) is { } fault ? $"{method} {Short(path)} {Short(body is null ? "" : System.Text.Encoding.UTF8.GetString(body))} -> {status} {fault}" : null);
    }

    private static string? Judge(int status, HttpMethod method, string path, byte[] bytes)
    {
        if (status >= 500)
        {
            return "a fault of the server";
        }

        // The server itself refuses a path with a NUL character, before any of our code runs.
        if (status < 400 || method == HttpMethod.Head || (bytes.Length == 0 && path.Contains("%00", StringComparison.Ordinal)))
        {
            return null;
        }

        JsonElement envelope;
        try
        {
            envelope = JsonSerializer.Deserialize<JsonElement>(bytes);
        }
        catch (JsonException)
        {
            return "no JSON";
        }

        if (envelope.ValueKind != JsonValueKind.Object || !envelope.TryGetProperty("status", out var word) || word.GetString() != "error"
            || !envelope.TryGetProperty("message", out var message) || string.IsNullOrWhiteSpace(message.GetString()))
        {
            return "no error envelope";
        }

        return Inner.FirstOrDefault(part => message.GetString()!.Contains(part, StringComparison.Ordinal)) is { } leaked ? $"tells of the inside: {leaked}: {message}" : null;
    }

    private static string Short(string text) => text.Length > 300 ? $"{text[..300]}... ({text.Length})" : text;
}
