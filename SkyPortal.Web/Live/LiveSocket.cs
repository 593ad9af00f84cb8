using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Gcn;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Web.Live;

/// <summary>
/// Tells programs over a web socket what to read again, in the messages of the contract. Who may not see an object hears nothing of
/// it; what changed is never told, only that something did.
/// </summary>
public sealed class LiveSocket(LiveUpdates updates, ReadViewer readViewer, Contexts contexts, IDataProtectionProvider protection)
{
    private const int MostAttempts = 4;
    private const int MostWaiting = 1_000;
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(45);

    // What happens within so short a time is told once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly IDataProtector _protector = protection.CreateProtector("socket");

    /// <summary>What a page of a user shows when it opens a socket; good for a quarter of an hour.</summary>
    public string TokenOf(int userId) => _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{userId} {(contexts.Clock.GetUtcNow() + TokenLife).ToUnixTimeSeconds()}"));

    /// <summary>Serves a socket until either side closes it.</summary>
    public async Task RunAsync(WebSocket socket, CancellationToken ct)
    {
        if (await AuthenticateAsync(socket, ct) is not { } userId)
        {
            await CloseAsync(socket, ct);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var waiting = Channel.CreateBounded<LiveMessage?>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        using var subscription = updates.Subscribe(_ => true, note =>
        {
            foreach (var message in LiveMessage.Of(note, userId))
            {
                waiting.Writer.TryWrite(message);
            }
        });
        await SendAsync(socket, "{\"actionType\":\"AUTH OK\"}", ct);
        var beating = BeatAsync(waiting.Writer, ended.Token);
        var telling = TellAsync(socket, userId, waiting.Reader, ended.Token);
        while (socket.State == WebSocketState.Open && await ReceiveAsync(socket, ct) is not null)
        {
        }

        await ended.CancelAsync();
        await Task.WhenAll(beating, telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(socket, ct);
    }

    private async Task<int?> AuthenticateAsync(WebSocket socket, CancellationToken ct)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            await SendAsync(socket, "{\"actionType\":\"AUTH REQUEST\"}", ct);
            if (await ReceiveAsync(socket, ct) is not { } token)
            {
                return null;
            }

            if (UserOf(token) is { } userId && await ViewerAsync(userId, ct) is not null)
            {
                return userId;
            }

            await SendAsync(socket, "{\"actionType\":\"AUTH FAILED\"}", ct);
        }

        return null;
    }

    private int? UserOf(string token)
    {
        try
        {
            var parts = _protector.Unprotect(token).Split(' ');
            return long.Parse(parts[1], CultureInfo.InvariantCulture) >= contexts.Clock.GetUtcNow().ToUnixTimeSeconds() ? int.Parse(parts[0], CultureInfo.InvariantCulture) : null;
        }
        catch (Exception error) when (error is System.Security.Cryptography.CryptographicException or FormatException)
        {
            return null;
        }
    }

    private async Task<Viewer?> ViewerAsync(int userId, CancellationToken ct) => await readViewer.ByUserAsync(userId, ct) is { Viewer: { } viewer, Expired: false } ? viewer : null;

    private async Task BeatAsync(ChannelWriter<LiveMessage?> writer, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Heartbeat, contexts.Clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            writer.TryWrite(null);
        }
    }

    private async Task TellAsync(WebSocket socket, int userId, ChannelReader<LiveMessage?> waiting, CancellationToken ct)
    {
        while (await waiting.WaitToReadAsync(ct))
        {
            await Task.Delay(Pause, contexts.Clock, ct);
            var messages = new HashSet<LiveMessage>();
            var beats = false;
            while (waiting.TryRead(out var message))
            {
                beats |= message is null;
                if (message is not null)
                {
                    messages.Add(message);
                }
            }

            if (beats)
            {
                await SendAsync(socket, "<3", ct);
            }

            // Rights may have changed since the last word.
            if (messages.Count > 0 && await ViewerAsync(userId, ct) is { } viewer)
            {
                await TellAsync(socket, viewer, messages, ct);
            }
        }
    }

    private async Task TellAsync(WebSocket socket, Viewer viewer, IReadOnlyCollection<LiveMessage> messages, CancellationToken ct)
    {
        var subjects = messages.Where(message => message.Value != LiveValue.None).Select(message => message.Subject).Distinct().ToArray();
        await using var db = contexts.For(viewer);
        var keys = await db.Set<Obj>().Where(obj => subjects.Contains(obj.Id)).Select(obj => new { obj.Id, obj.InternalKey }).ToDictionaryAsync(obj => obj.Id, obj => obj.InternalKey, ct);
        foreach (var message in messages)
        {
            if (message.Value == LiveValue.ScanReport)
            {
                var id = int.Parse(message.Subject, CultureInfo.InvariantCulture);
                if (await db.Set<ScanReport>().AnyAsync(report => report.Id == id, ct))
                {
                    await socket.SendAsync(message.ToJson(id), WebSocketMessageType.Text, endOfMessage: true, ct);
                }
            }
            else if (message.Value == LiveValue.GcnEvent)
            {
                var time = DateTime.Parse(message.Subject, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
                if (await db.Set<GcnEvent>().AnyAsync(known => known.Dateobs == time, ct))
                {
                    await socket.SendAsync(message.ToJson(message.Subject), WebSocketMessageType.Text, endOfMessage: true, ct);
                }
            }
            else if (message.Value == LiveValue.None)
            {
                await socket.SendAsync(message.ToJson(null), WebSocketMessageType.Text, endOfMessage: true, ct);
            }
            else if (keys.TryGetValue(message.Subject, out var key))
            {
                await socket.SendAsync(message.ToJson(message.Value == LiveValue.ObjId ? message.Subject : $"{key}"), WebSocketMessageType.Text, endOfMessage: true, ct);
            }
        }
    }

    private static Task SendAsync(WebSocket socket, string text, CancellationToken ct) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, ct);

    // A message of the other side; null where it closed, or said more than such messages hold.
    private static async Task<string?> ReceiveAsync(WebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[4096];
        try
        {
            var length = 0;
            while (length < buffer.Length)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
                length += part.Count;
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                if (part.EndOfMessage)
                {
                    return Encoding.UTF8.GetString(buffer, 0, length);
                }
            }
        }
        catch (WebSocketException)
        {
            // It went without a word.
        }

        return null;
    }

    private static async Task CloseAsync(WebSocket socket, CancellationToken ct)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
        }
    }
}
