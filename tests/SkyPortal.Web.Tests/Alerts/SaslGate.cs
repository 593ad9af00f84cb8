using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>
/// The beginning of a Kafka broker with SASL PLAIN: tells its versions, takes the handshake and judges user name and password.
/// Whoever passes is left without an answer. (Kafka protocol: ApiVersions 18, SaslHandshake 17, SaslAuthenticate 36.)
/// </summary>
internal sealed class SaslGate : IAsyncDisposable
{
    private const short SaslAuthenticationFailed = 58;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _username;
    private readonly string _password;
    private readonly Task _serving;

    public SaslGate(string username, string password)
    {
        (_username, _password) = (username, password);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many came in with the right password.</summary>
    public int Admitted { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var size = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(size, _stop.Token);
                var request = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
                await stream.ReadExactlyAsync(request, _stop.Token);
                var (key, version) = (BinaryPrimitives.ReadInt16BigEndian(request), BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(2)));
                if (Reply(key, version, request) is not { } body)
                {
                    continue;
                }

                var reply = new byte[8 + body.Length];
                BinaryPrimitives.WriteInt32BigEndian(reply, 4 + body.Length);
                request.AsSpan(4, 4).CopyTo(reply.AsSpan(4));
                body.CopyTo(reply, 8);
                await stream.WriteAsync(reply, _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
        {
            // The client went, or the test is over.
        }
    }

    private byte[]? Reply(short key, short version, byte[] request) => key switch
    {
        // An error of 35 says that only version 0 is known, in which the client then asks again.
        18 when version > 0 => [0, 35, 0, 0, 0, 0],
        18 => [0, 0, 0, 0, 0, 4, 0, 3, 0, 0, 0, 1, 0, 17, 0, 0, 0, 1, 0, 18, 0, 0, 0, 0, 0, 36, 0, 0, 0, 0],
        17 => [0, 0, 0, 0, 0, 1, 0, 5, .. "PLAIN"u8],
        36 => Judge(request),
        _ => null,
    };

    private byte[] Judge(byte[] request)
    {
        // After the header with the client's name: the length of the token, then empty, user name and password between zeros.
        var start = 10 + Math.Max((short)0, BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(8)));
        var parts = Encoding.UTF8.GetString(request.AsSpan(start + 4)).Split('\0');
        if (parts is ["", var username, var password] && username == _username && password == _password)
        {
            Admitted++;
            return [0, 0, 255, 255, 0, 0, 0, 0];
        }

        byte[] message = [.. "Invalid username or password"u8];
        return [0, (byte)SaslAuthenticationFailed, 0, (byte)message.Length, .. message, 0, 0, 0, 0];
    }
}
