using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Outside;

/// <summary>
/// The one way to other servers: time-out, repetition with growing random pauses, circuit breaker, cap on the length of replies,
/// and a stored transaction without secrets. The clients of single services stand on it. Safe for concurrent use.
/// </summary>
public sealed class CallOutside(Contexts contexts, OutsideSettings settings, ILogger<CallOutside> logger) : IDisposable
{
    private const int MostHead = 4000;
    private const int MostPaths = 2000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly HttpClient _http = Client(followsRedirects: true);
    private readonly HttpClient _straight = Client(followsRedirects: false);
    private readonly HttpClient _public = Client(followsRedirects: false, settings);

    /// <summary>Calls and answers the reply.</summary>
    /// <param name="viewer">On whose behalf; the transaction is theirs to read.</param>
    /// <param name="call">What to ask.</param>
    /// <param name="ct">Cancels it; the transaction is stored all the same.</param>
    /// <exception cref="OutsideException">The server did not do what was asked.</exception>
    public async Task<OutsideReply> HandleAsync(Viewer viewer, OutsideCall call, CancellationToken ct)
    {
        call = call with { Service = settings.Of(call.Service) };
        var uri = AddressOf(call);
        var lane = _lanes.GetOrAdd($"{call.Service.Name} {uri.GetLeftPart(UriPartial.Authority)}", _ => new Lane(call.Service.AtOnce, new OutsideCircuit(contexts.Clock, settings.BreakerFailures, settings.BreakerRest)));
        var record = Describe(viewer, call, uri);
        await lane.Gate.WaitAsync(ct);
        var started = contexts.Clock.GetTimestamp();
        try
        {
            var reply = await RepeatAsync(lane.Circuit, call, uri, record, ct);
            record.DurationMilliseconds = contexts.Clock.GetElapsedTime(started).TotalMilliseconds;
            return reply with { TransactionId = await StoreAsync(record) };
        }
        catch (Exception error) when (error is OutsideException or OperationCanceledException)
        {
            record.DurationMilliseconds = contexts.Clock.GetElapsedTime(started).TotalMilliseconds;
            record.Error = error is OutsideException ? Cut(error.Message, MostHead) : "Cancelled.";
            await StoreAsync(record);
            logger.LogInformation("{Service}: {Error}", call.Service.Name, record.Error);
            throw;
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _straight.Dispose();
        _public.Dispose();
    }

    // With settings it connects to public addresses and allowed hosts only; by itself, because a proxy would look names up on its own.
    private static HttpClient Client(bool followsRedirects, OutsideSettings? guardedBy = null)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = guardedBy is null,
            ConnectCallback = guardedBy is null ? null : (context, ct) => PublicAddresses.ConnectAsync(context.DnsEndPoint, guardedBy.Allows(context.DnsEndPoint.Host), ct),
            AllowAutoRedirect = followsRedirects,
            MaxAutomaticRedirections = 5,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("SkyPortal/1.0");
        return http;
    }

    private async Task<OutsideReply> RepeatAsync(OutsideCircuit circuit, OutsideCall call, Uri uri, OutsideTransaction record, CancellationToken ct)
    {
        var mayRepeat = call.Method == HttpMethod.Get || call.Method == HttpMethod.Head || call.IsRead || call.IdempotencyKey is not null;
        OutsideException? fault = null;
        for (var attempt = 1; ; attempt++)
        {
            if (!circuit.MayCall(out var wait))
            {
                // Where its own attempts opened the circuit, what they met with says more.
                throw fault ?? new OutsideException(
                    call.Service, OutsideFailure.CircuitOpen, string.Create(CultureInfo.InvariantCulture, $"{call.Service.Title} did not answer lately; it is asked again after {contexts.Clock.GetUtcNow() + wait:HH:mm:ss} UTC."));
            }

            record.Attempts = attempt;
            TimeSpan? asked = null;
            try
            {
                var (reply, pause) = await OnceAsync(circuit, call, uri, record, ct);
                if (reply.Status is >= 200 and < 300 || call.AlsoAnswers.Contains(reply.Status))
                {
                    return reply;
                }

                asked = pause;
                throw new OutsideException(call.Service, OutsideFailure.Refused, $"{call.Service.Title} answered {reply.Status} {((HttpStatusCode)reply.Status).ToString()}{Reason(call, reply)}.{Later(pause)}")
                {
                    Status = reply.Status,
                    RetryAfter = pause,
                    IsSignIn = call.HidesReply,
                };
            }
            catch (OutsideException error) when (error.MayPass && mayRepeat && attempt < call.Service.Attempts && !(asked > LongestPause))
            {
                fault = error;
                await Task.Delay(Pause(attempt, asked), contexts.Clock, ct);
            }
        }
    }

    private string Later(TimeSpan? pause) => pause is { } wait && wait > LongestPause
        ? string.Create(CultureInfo.InvariantCulture, $" It wants to be asked again after {contexts.Clock.GetUtcNow() + wait:yyyy-MM-dd HH:mm} UTC.")
        : "";

    private TimeSpan? AskedPause(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > contexts.Clock.GetUtcNow() => date - contexts.Clock.GetUtcNow(),
        _ => null,
    };

    // Full jitter: callers that failed together do not come back together.
    private TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var most = settings.FirstPause * Math.Pow(2, attempt - 1);
        var pause = asked ?? (most * (0.5 + (Random.Shared.NextDouble() / 2)));
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task<(OutsideReply Reply, TimeSpan? RetryAfter)> OnceAsync(OutsideCircuit circuit, OutsideCall call, Uri uri, OutsideTransaction record, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(call.Service.TimeoutSeconds), contexts.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        (record.Status, record.ReplyBytes, record.ReplyHead) = (null, 0, null);
        try
        {
            using var request = Request(call, uri);
            // A redirect would carry secrets to wherever it leads.
            var http = call.Service.IsPublicOnly ? _public : call.HoldsSecrets ? _straight : _http;
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            record.Status = (int)response.StatusCode;
            var body = await ReadAsync(call.Service, response, either.Token);
            var contentType = response.Content.Headers.ContentType?.MediaType;
            record.ReplyBytes = body.Length;
            record.ReplyHead = call.HidesReply || (call.HidesData && response.IsSuccessStatusCode) ? "(not kept)" : Head(body, call);
            if ((int)response.StatusCode is 408 or >= 500)
            {
                circuit.Failed();
            }
            else
            {
                circuit.Succeeded();
            }

            return (new OutsideReply((int)response.StatusCode, contentType, body, 0), AskedPause(response));
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            circuit.Failed();
            throw new OutsideException(call.Service, OutsideFailure.TimedOut, $"{call.Service.Title} did not answer within {call.Service.TimeoutSeconds:0.##} s.", error);
        }
        catch (OperationCanceledException)
        {
            circuit.Withdrawn();
            throw;
        }
        catch (HttpRequestException error) when (error.InnerException is AddressNotPublicException)
        {
            circuit.Withdrawn();
            throw new OutsideException(
                call.Service, OutsideFailure.NotConfigured, $"{call.Service.Title} is not called: its address is inside a network, and this site does not allow it (Outside:AllowedHosts).", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            circuit.Failed();
            throw new OutsideException(call.Service, OutsideFailure.Unreachable, $"{call.Service.Title} cannot be reached: {Hidden(error.Message, call)}", error);
        }
        catch (OutsideException)
        {
            circuit.Succeeded();
            throw;
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException)
        {
            // What decompression makes of a damaged reply.
            circuit.Failed();
            throw OutsideException.Unreadable(call.Service, $"its reply is damaged. {Hidden(error.Message, call)}", error);
        }
        catch
        {
            // An attempt that nobody ends would keep the circuit open for ever.
            circuit.Withdrawn();
            throw;
        }
    }

    private static async Task<byte[]> ReadAsync(OutsideService service, HttpResponseMessage response, CancellationToken ct)
    {
        var most = service.MostReplyBytes;
        if (response.Content.Headers.ContentLength > most)
        {
            throw TooLarge(service);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var memory = new MemoryStream();
        var buffer = new byte[81920];
        int count;
        while ((count = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (memory.Length + count > most)
            {
                throw TooLarge(service);
            }

            memory.Write(buffer, 0, count);
        }

        return memory.ToArray();
    }

    private static OutsideException TooLarge(OutsideService service) =>
        new(service, OutsideFailure.TooLarge, $"The reply of {service.Title} is longer than {service.MostReplyBytes} bytes, which is the most that is read.");

    private Uri AddressOf(OutsideCall call)
    {
        if (!settings.IsEnabled)
        {
            throw new OutsideException(call.Service, OutsideFailure.NotConfigured, "This site is set to call no other servers (Outside:Enabled).");
        }

        if (call.Service.Address is not { Length: > 0 } address)
        {
            throw new OutsideException(call.Service, OutsideFailure.NotConfigured, $"{call.Service.Title} has no address on this site ({Place(call.Service)}).");
        }

        if (!Uri.TryCreate(address.EndsWith('/') ? address : address + "/", UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            throw new OutsideException(call.Service, OutsideFailure.NotConfigured, $"The address of {call.Service.Title} on this site is not one ({Place(call.Service)}): it begins with http:// or https://.");
        }

        if (call.Path.StartsWith('/') || call.Path.Contains("://", StringComparison.Ordinal) || call.Path.Split('/').Contains(".."))
        {
            throw new ArgumentException($"{call.Path} is not a path under a base address.", nameof(call));
        }

        var query = string.Join('&', call.Query.Select(field => field.Name.Length == 0 ? Uri.EscapeDataString(field.Value) : $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}"));
        return new Uri(root, query.Length == 0 ? call.Path : $"{call.Path}?{query}");
    }

    private static string Place(OutsideService service) => service.IsEntered ? "see its settings" : $"Outside:{service.Name}:Address";

    private static HttpRequestMessage Request(OutsideCall call, Uri uri)
    {
        var request = new HttpRequestMessage(call.Method, uri);
        foreach (var header in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        if (call.IdempotencyKey is { } key)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        request.Content = call switch
        {
            { Form: { } form } => new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            { Json: { } json } => new StringContent(json, Encoding.UTF8, "application/json"),
            _ => null,
        };
        return request;
    }

    private static OutsideTransaction Describe(Viewer viewer, OutsideCall call, Uri uri) => new()
    {
        Service = call.Service.Name,
        Method = call.Method.Method,
        Address = Cut(Hidden(uri.AbsoluteUri, call), MostPaths),
        RequestHead = call switch
        {
            { Form: { } form } => Cut(string.Join('&', form.Select(field => $"{field.Name}={(field.IsSecret ? "***" : field.Value)}")), MostHead),
            { Json: { } json } => Cut(Hidden(json, call), MostHead),
            _ => null,
        },
        IdempotencyKey = call.IdempotencyKey,
        UserId = viewer.UserId,
        Subject = call.Subject,
    };

    // Text for people: of a short plain reply to a refused request, what it says.
    private static string Reason(OutsideCall call, OutsideReply reply)
    {
        if (call.HidesReply || reply.Body.Length is 0 or > MostHead || reply.ContentType is "text/html")
        {
            return "";
        }

        var text = Hidden(new string([.. reply.Text.Select(letter => char.IsControl(letter) ? ' ' : letter)]), call).Trim();
        return text.Length == 0 ? "" : $": {Cut(text, 300)}";
    }

    private static string? Head(byte[] body, OutsideCall call)
    {
        var head = body.AsSpan(0, Math.Min(body.Length, MostHead));
        return body.Length == 0 ? "" : head.Contains((byte)0) ? null : Hidden(Encoding.UTF8.GetString(head), call);
    }

    // A server may repeat in its reply what it was sent.
    private static string Hidden(string text, OutsideCall call)
    {
        foreach (var secret in call.Query.Concat(call.Headers).Concat(call.Form ?? []).Where(field => field.IsSecret && field.Value.Length > 0))
        {
            text = text.Replace(secret.Value, "***", StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret.Value), "***", StringComparison.Ordinal);
            var bare = secret.Value[(secret.Value.LastIndexOf(' ') + 1)..];
            text = bare.Length > 3 ? text.Replace(bare, "***", StringComparison.Ordinal) : text;
        }

        foreach (var secret in call.Secrets.Where(secret => secret.Length > 0))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal).Replace(JsonEncodedText.Encode(secret).Value, "***", StringComparison.Ordinal);
        }

        return text;
    }

    // What PostgreSQL cannot hold as text is left out.
    private static string Cut(string text, int most)
    {
        text = text.Replace('\0', ' ');
        var length = Math.Min(text.Length, most);
        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    private async Task<long> StoreAsync(OutsideTransaction record)
    {
        // Transactions are the platform's own record: nobody writes them with their own rights. A cancelled call is kept, too.
        await using var db = contexts.For(Viewer.System);
        db.Add(record);
        await db.SaveChangesAsync(CancellationToken.None);
        return record.Id;
    }

    private sealed record Lane(SemaphoreSlim Gate, OutsideCircuit Circuit)
    {
        public Lane(int atOnce, OutsideCircuit circuit)
            : this(new SemaphoreSlim(atOnce), circuit)
        {
        }
    }
}
