using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SkyPortal.TestServer;

/// <summary>A request as a simulated server got it.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Method">HTTP verb.</param>
/// <param name="Path">Path under the service, without a leading slash.</param>
/// <param name="Query">Query and form fields; the last value of each.</param>
/// <param name="Headers">Headers.</param>
/// <param name="Body">Body as text.</param>
public sealed record SimulatedRequest(
    string Service, string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The query as it was sent.</summary>
    public string RawQuery { get; init; } = "";

    /// <summary>A parameter; empty where absent.</summary>
    public string this[string name] => Query.GetValueOrDefault(name, "");

    /// <summary>Every value of a parameter of the query, in order.</summary>
    public IEnumerable<string> All(string name) => RawQuery.TrimStart('?').Split('&').Select(part => part.Split('=', 2)).Where(part => Uri.UnescapeDataString(part[0]) == name).Select(part => Uri.UnescapeDataString(part[^1]));
}

/// <summary>What a simulated server answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body.</param>
/// <param name="ContentType">Media type.</param>
public sealed record SimulatedReply(int Status, byte[] Body, string ContentType)
{
    /// <summary>Headers besides.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Text with status 200.</summary>
    public static SimulatedReply Text(string text, string contentType = "text/plain") => new(200, Encoding.UTF8.GetBytes(text), contentType);

    /// <summary>JSON with status 200.</summary>
    public static SimulatedReply Json(string text) => Text(text, "application/json");

    /// <summary>No reply: the connection is reset.</summary>
    public static SimulatedReply Reset { get; } = new(0, [], "");

    /// <summary>A status with a short text.</summary>
    public static SimulatedReply Fault(int status, string text = "") => new(status, Encoding.UTF8.GetBytes(text), "text/plain");
}

/// <summary>
/// Stands in for other servers on a loopback port, each under its name: archives, catalogues, brokers. Answers what is told by
/// <see cref="On"/>; where nothing is told, what <see cref="SimulatedServices"/> knows of the service, or 404.
/// </summary>
public sealed class OutsideSimulator : IAsyncDisposable
{
    private static readonly Lazy<Task<OutsideSimulator>> Shared = new(StartAsync);
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<SimulatedRequest, CancellationToken, Task<SimulatedReply>>> _told = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SimulatedRequest> _requests = new();

    private OutsideSimulator(WebApplication app) => _app = app;

    /// <summary>Address under which each service has its name.</summary>
    public string Address => _app.Urls.First();

    /// <summary>What was asked, the oldest first.</summary>
    public IReadOnlyList<SimulatedRequest> Requests => [.. _requests];

    /// <summary>The one that every node of a test process uses unless it is told another; it lives as long as the process.</summary>
    public static Task<OutsideSimulator> SharedAsync() => Shared.Value;

    /// <summary>Starts one.</summary>
    public static async Task<OutsideSimulator> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var simulator = new OutsideSimulator(app);
        app.Run(simulator.AnswerAsync);
        await app.StartAsync();
        return simulator;
    }

    /// <summary>Tells what a service answers from now on.</summary>
    public void On(string service, Func<SimulatedRequest, SimulatedReply> answer) => On(service, (request, _) => Task.FromResult(answer(request)));

    /// <summary>Tells what a service answers from now on, when it likes; the token is cancelled when the caller gives up.</summary>
    public void On(string service, Func<SimulatedRequest, CancellationToken, Task<SimulatedReply>> answer) => _told[service] = answer;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var parts = context.Request.Path.Value!.TrimStart('/').Split('/', 2);
        var fields = context.Request.Query.ToDictionary(item => item.Key, item => item.Value[^1] ?? "", StringComparer.Ordinal);
        var body = "";
        if (context.Request.HasFormContentType)
        {
            foreach (var item in await context.Request.ReadFormAsync())
            {
                fields[item.Key] = item.Value[^1] ?? "";
            }
        }
        else
        {
            using var reader = new StreamReader(context.Request.Body);
            body = await reader.ReadToEndAsync();
        }

        var request = new SimulatedRequest(
            parts[0], context.Request.Method, parts.Length > 1 ? parts[1] : "", fields,
            context.Request.Headers.ToDictionary(item => item.Key, item => item.Value.ToString(), StringComparer.OrdinalIgnoreCase), body) { RawQuery = context.Request.QueryString.Value ?? "" };
        _requests.Enqueue(request);
        try
        {
            var reply = _told.TryGetValue(request.Service, out var told)
                ? await told(request, context.RequestAborted)
                : SimulatedServices.Answer(request) ?? SimulatedReply.Fault(404, "unknown");
            if (ReferenceEquals(reply, SimulatedReply.Reset))
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = reply.ContentType;
            foreach (var header in reply.Headers)
            {
                context.Response.Headers[header.Key] = header.Value;
            }

            await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }
}
