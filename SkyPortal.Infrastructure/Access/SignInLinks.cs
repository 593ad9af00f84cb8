using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Makes a link that signs a user in once.</summary>
public sealed class CreateSignInLink(Contexts contexts)
{
    /// <summary>How long a link lives.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(12);

    /// <summary>Returns the secret part of the link. Only a system administrator, in a browser session, may let somebody in so.</summary>
    public async Task<string> HandleAsync(Viewer viewer, int userId, CancellationToken ct)
    {
        if (!viewer.SeesAll || viewer.TokenId is not null)
        {
            throw Refusal.Forbidden("Only a system administrator, in a browser session, may make a sign-in link.");
        }

        await using var db = contexts.For(Viewer.System);
        var secret = Secrets.NewLinkSecret();
        db.Add(new SignInLink { SecretHash = Secrets.Hash(secret), UserId = userId, ExpiresAt = db.UtcNow + Lifetime });
        db.Record(AccessEvents.SignInLinkMade, AccessEvents.Subject(userId), [], new { by = viewer.UserId });
        await db.SaveChangesAsync(ct);
        return secret;
    }
}

/// <summary>Uses a link up.</summary>
public sealed class UseSignInLink(Contexts contexts)
{
    /// <summary>The user whom the link signs in; null where it is unknown, used or too old. Two clicks at once let one in.</summary>
    public async Task<int?> HandleAsync(string secret, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var hash = Secrets.Hash(secret);
        var now = db.UtcNow;
        var used = await db.Set<SignInLink>()
            .Where(link => link.SecretHash == hash && link.UsedAt == null && link.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct);
        return used == 0 ? null : await db.Set<SignInLink>().Where(link => link.SecretHash == hash).Select(link => link.UserId).SingleAsync(ct);
    }
}
