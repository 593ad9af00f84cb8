using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>
/// Passwords as they are kept: PBKDF2 with HMAC-SHA512, a salt each, 210,000 rounds (the figure of OWASP's Password Storage
/// Cheat Sheet for that function).
/// </summary>
public static class Passwords
{
    /// <summary>Fewest characters of a password.</summary>
    public const int MinLength = 10;

    /// <summary>Most characters; hashing longer ones is a way to keep the server busy.</summary>
    public const int MaxLength = 200;

    private static readonly PasswordHasher<User> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private static readonly User Anybody = new() { Username = "" };
    private static readonly Lazy<string> Decoy = new(() => Hasher.HashPassword(Anybody, Secrets.NewLinkSecret()));

    /// <summary>What is stored of a password; refuses too short and too long ones.</summary>
    public static string Hash(string password) => password.Length is >= MinLength and <= MaxLength
        ? Hasher.HashPassword(Anybody, password)
        : throw Refusal.Invalid($"Invalid password: it needs {MinLength} to {MaxLength} characters.");

    /// <summary>Whether a password is the stored one. Takes as long where nothing is stored, so that time does not tell who has one.</summary>
    public static bool Matches(string? stored, string password)
    {
        var result = password.Length <= MaxLength ? Hasher.VerifyHashedPassword(Anybody, stored ?? Decoy.Value, password) : PasswordVerificationResult.Failed;
        return stored is not null && result != PasswordVerificationResult.Failed;
    }
}

/// <summary>Sets a user's password.</summary>
public sealed class SetPassword(Contexts contexts, SignInThrottle throttle)
{
    private static readonly TimeSpan RenewalLifetime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Users set their own in a browser session, proving the former one where there is one; system administrators anybody's. A
    /// token may not: it would turn a part of its owner's rights into all of them. Every browser session of the user ends; the one
    /// that set it goes on by the secret of the link that is answered (<see cref="UseSignInLink"/>), null where it was another's.
    /// </summary>
    public async Task<string?> HandleAsync(Viewer viewer, int userId, string? formerPassword, string password, CancellationToken ct)
    {
        if (viewer.TokenId is not null || (viewer.UserId != userId && !viewer.SeesAll))
        {
            throw Refusal.Forbidden("Only the user, in a browser session, or a system administrator may set a password.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        var user = await db.Set<User>().SingleOrDefaultAsync(row => row.Id == userId, ct) ?? throw Refusal.Invalid($"Cannot find user with ID {userId}");
        if (viewer.UserId == userId && user.PasswordHash is not null)
        {
            var key = $"former {userId}";
            if (!throttle.Allows(key, SignInThrottle.PerPair) || !Passwords.Matches(user.PasswordHash, formerPassword ?? ""))
            {
                throttle.Count(key);
                throw Refusal.Invalid("Invalid former password.");
            }
        }

        user.PasswordHash = Passwords.Hash(password);
        var secret = viewer.UserId == userId ? Secrets.NewLinkSecret() : null;
        if (secret is not null)
        {
            db.Add(new SignInLink { SecretHash = Secrets.Hash(secret), UserId = userId, ExpiresAt = db.UtcNow + RenewalLifetime });
        }

        db.Record(AccessEvents.UserPassword, AccessEvents.Subject(userId));
        await db.SaveChangesAsync(ct);
        return secret;
    }
}

/// <summary>Counts failed attempts to sign in, on this node, and forgets them after a while.</summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    /// <summary>Failures after which a name from one address must wait.</summary>
    public const int PerPair = 5;

    /// <summary>Failures after which a name, or an address, must wait.</summary>
    public const int PerSide = 50;

    /// <summary>How long a failure counts.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(15);

    private const int MostKeys = 100_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Since)> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether fewer than so many failures count against a key.</summary>
    public bool Allows(string key, int most)
    {
        lock (_gate)
        {
            return !_counts.TryGetValue(key, out var count) || count.Since + Window <= clock.GetUtcNow() || count.Failures < most;
        }
    }

    /// <summary>Counts a failure.</summary>
    public void Count(string key)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (_counts.Count >= MostKeys)
            {
                foreach (var old in _counts.Where(item => item.Value.Since + Window <= now).Select(item => item.Key).ToList())
                {
                    _counts.Remove(old);
                }
            }

            _counts[key] = _counts.TryGetValue(key, out var count) && count.Since + Window > now ? (count.Failures + 1, count.Since) : (1, now);
        }
    }

    /// <summary>Takes one failure back.</summary>
    public void TakeBack(string key)
    {
        lock (_gate)
        {
            if (_counts.TryGetValue(key, out var count))
            {
                _counts[key] = (Math.Max(0, count.Failures - 1), count.Since);
            }
        }
    }

    /// <summary>Forgets the failures of a key.</summary>
    public void Forget(string key)
    {
        lock (_gate)
        {
            _counts.Remove(key);
        }
    }
}

/// <summary>How an attempt to sign in ended.</summary>
public enum SignInOutcome
{
    SignedIn,

    /// <summary>Unknown name or wrong password; which of the two is not told.</summary>
    Refused,

    /// <summary>Too many failures.</summary>
    MustWait,

    /// <summary>The account has expired.</summary>
    Expired,
}

/// <summary>Signs a user in by name and password.</summary>
public sealed class SignInWithPassword(Contexts contexts, SignInThrottle throttle)
{
    /// <summary>The user, where the attempt succeeded, and how it ended. The address is that of the caller, for counting failures.</summary>
    public async Task<(int? UserId, SignInOutcome Outcome)> HandleAsync(string username, string password, string address, CancellationToken ct)
    {
        var name = Usernames.Slug(username[..Math.Min(username.Length, 200)]);
        var (pair, byName, byAddress) = ($"pair {name} {address}", $"name {name}", $"address {address}");
        if (!throttle.Allows(pair, SignInThrottle.PerPair) || !throttle.Allows(byName, SignInThrottle.PerSide) || !throttle.Allows(byAddress, SignInThrottle.PerSide))
        {
            return (null, SignInOutcome.MustWait);
        }

        // Counted before the slow comparison, so that many guesses at once count, too; what turns out right is taken back.
        throttle.Count(pair);
        throttle.Count(byName);
        throttle.Count(byAddress);
        await using var db = contexts.For(Viewer.System);
        var user = await db.Set<User>().AsNoTracking()
            .Where(row => row.Username == name)
            .Select(row => new { row.Id, row.PasswordHash, row.ExpirationDate })
            .SingleOrDefaultAsync(ct);
        if (!Passwords.Matches(user?.PasswordHash, password))
        {
            return (null, SignInOutcome.Refused);
        }

        throttle.Forget(pair);
        throttle.TakeBack(byName);
        throttle.TakeBack(byAddress);
        return user!.ExpirationDate <= db.UtcNow ? (null, SignInOutcome.Expired) : (user.Id, SignInOutcome.SignedIn);
    }
}
