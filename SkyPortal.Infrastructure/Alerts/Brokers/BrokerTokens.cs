using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Keeps the access tokens that brokers gave, for as long as they hold. Safe for concurrent use.</summary>
public sealed class BrokerTokens(TimeProvider clock)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);

    /// <summary>
    /// Asks with a token, which is had anew once where the broker does not take it any more.
    /// </summary>
    /// <param name="service">The broker.</param>
    /// <param name="account">What the token is given for: address, user and password.</param>
    /// <param name="signIn">Has a token, and tells how long it holds.</param>
    /// <param name="send">Asks with a token.</param>
    /// <param name="isExpired">Whether a reply says that the token is not taken.</param>
    /// <exception cref="OutsideException">The broker does not take a fresh token either, or failed.</exception>
    public async Task<OutsideReply> SendAsync(
        OutsideService service, string account, Func<Task<(string Token, TimeSpan Holds)>> signIn, Func<string, Task<OutsideReply>> send, Func<OutsideReply, bool> isExpired)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(account)));
        if (_kept.TryGetValue(key, out var kept) && kept.Until > clock.GetUtcNow())
        {
            var reply = await send(kept.Token);
            if (!isExpired(reply))
            {
                return reply;
            }
        }

        var (token, holds) = await signIn();
        _kept[key] = (token, clock.GetUtcNow() + holds - Margin);
        var again = await send(token);
        return !isExpired(again)
            ? again
            : throw new OutsideException(service, OutsideFailure.Refused, $"{service.Title} answered {again.Status}: it does not take the token that it has just given.") { Status = 401 };
    }
}
