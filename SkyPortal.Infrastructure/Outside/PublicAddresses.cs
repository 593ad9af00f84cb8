using System.Net;
using System.Net.Sockets;

namespace SkyPortal.Infrastructure.Outside;

/// <summary>
/// Connects to public addresses only, so that an address which somebody entered leads to nothing inside the site's own network.
/// What counts is where the connection goes, after the name was looked up. The blocks are those that the registries of
/// special-purpose addresses of IANA (RFC 6890) call not globally reachable.
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is reachable from everywhere; one that stands for another of IPv4 is as that one is.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (Translated.Contains(address))
            {
                return IsPublic(new IPAddress(address.GetAddressBytes()[^4..]));
            }

            if (!Unicast.Contains(address))
            {
                return false;
            }
        }

        return !Array.Exists(Closed, block => block.Contains(address));
    }

    /// <summary>A connection to a host's public addresses, or to any of an allowed host.</summary>
    /// <param name="endPoint">Host, a name or an address, and port.</param>
    /// <param name="isAllowed">Whether who runs the site allowed the host.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="AddressNotPublicException">It has none.</exception>
    /// <exception cref="SocketException">Its name is not known, or it does not answer.</exception>
    internal static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool isAllowed, CancellationToken ct)
    {
        var found = await Dns.GetHostAddressesAsync(endPoint.Host, ct);
        IPAddress[] open = isAllowed ? found : [.. found.Where(IsPublic)];
        if (open.Length == 0)
        {
            throw new AddressNotPublicException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, endPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host has no public address.</summary>
public sealed class AddressNotPublicException() : IOException("Its address is not a public one.");
