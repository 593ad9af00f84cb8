using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SkyPortal.Benchmarks;

/// <summary>Two processes of a peer that serves with tornado over a site's tables, until it is thrown away.</summary>
internal sealed class TornadoPeer(Process[] processes, string[] addresses) : IAsyncDisposable
{
    private const string Packages = "python3-tornado python3-sqlalchemy python3-psycopg2";

    /// <summary>Addresses of the processes.</summary>
    public string[] Addresses => addresses;

    /// <summary>Starts a script of the folder peers and waits until it answers.</summary>
    public static async Task<TornadoPeer> StartAsync(string script, string connectionString, CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        var url = $"postgresql+psycopg2://{address.Username}@/{address.Database}?host={Uri.EscapeDataString(address.Host!)}&port={address.Port}";
        var ports = new[] { FreePort(), FreePort() };
        var peer = new TornadoPeer([.. ports.Select(port => PythonPeer.Start(script, url, $"{port}"))], [.. ports.Select(port => $"http://127.0.0.1:{port}")]);
        foreach (var (process, port) in peer.Processes.Zip(ports))
        {
            while (!await AnswersAsync(port, ct))
            {
                if (process.HasExited)
                {
                    throw PythonPeer.Failed(script, Packages);
                }

                await Task.Delay(100, ct);
            }
        }

        return peer;
    }

    private Process[] Processes => processes;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
