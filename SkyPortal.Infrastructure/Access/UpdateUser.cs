using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A value that may be left as it is.</summary>
/// <param name="IsSet">Whether it changes.</param>
/// <param name="Value">The new value.</param>
public readonly record struct Change<T>(bool IsSet, T? Value);

/// <summary>What changes of a user.</summary>
public sealed record UserChanges
{
    public Change<string> Username { get; init; }
    public Change<string> FirstName { get; init; }
    public Change<string> LastName { get; init; }
    public Change<string[]> Affiliations { get; init; }

    /// <summary>Empty text clears it.</summary>
    public Change<string> ContactEmail { get; init; }

    /// <summary>Empty text clears it.</summary>
    public Change<string> ContactPhone { get; init; }

    public Change<string> Bio { get; init; }
    public Change<bool> IsBot { get; init; }

    /// <summary>UTC; system administrators only.</summary>
    public Change<DateTime?> ExpirationDate { get; init; }

    /// <summary>An object that is merged into the stored one.</summary>
    public JsonElement? Preferences { get; init; }
}

/// <summary>Changes a user: oneself, or anybody for a system administrator.</summary>
public sealed class UpdateUser(Contexts contexts)
{
    /// <summary>Refuses users that the viewer may not change, and values that break the rules of <see cref="ContactRules"/>.</summary>
    public async Task HandleAsync(Viewer viewer, int userId, UserChanges changes, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = changes.Username.IsSet ? await db.BeginAccessChangeAsync(ct) : await db.Database.BeginTransactionAsync(ct);
        // Two tabs that save preferences at once must not lose either change.
        await db.Database.ExecuteSqlAsync($"select 1 from users where id = {userId} for update", ct);
        var user = viewer.SeesAll || viewer.UserId == userId ? await db.Set<User>().SingleOrDefaultAsync(row => row.Id == userId, ct) : null;
        if (user is null)
        {
            throw Refusal.Invalid($"Cannot find user with ID {userId}");
        }

        await RenameAsync(db, user, changes.Username, ct);
        user.FirstName = changes.FirstName.IsSet ? Short(changes.FirstName.Value, "first_name") : user.FirstName;
        user.LastName = changes.LastName.IsSet ? Short(changes.LastName.Value, "last_name") : user.LastName;
        user.Affiliations = changes.Affiliations.IsSet ? changes.Affiliations.Value ?? [] : user.Affiliations;
        user.ContactEmail = changes.ContactEmail.IsSet ? ContactRules.Email(changes.ContactEmail.Value) : user.ContactEmail;
        user.ContactPhone = changes.ContactPhone.IsSet ? ContactRules.Phone(changes.ContactPhone.Value) : user.ContactPhone;
        user.Bio = changes.Bio.IsSet ? ContactRules.Bio(changes.Bio.Value) : user.Bio;
        user.IsBot = changes.IsBot.IsSet ? changes.IsBot.Value : user.IsBot;
        if (user.IsBot && changes.IsBot.IsSet && user.Bio is not { Length: >= 10 })
        {
            throw Refusal.Invalid("Invalid is_bot: a bot needs a bio that says what it does.");
        }

        if (changes.ExpirationDate.IsSet)
        {
            user.ExpirationDate = viewer.SeesAll
                ? changes.ExpirationDate.Value
                : throw Refusal.Invalid("Insufficient permissions: only a system administrator may change an expiration date.");
        }

        if (changes.Preferences is { } preferences)
        {
            user.Preferences = Preferences.Merge(user.Preferences, preferences);
        }

        // Preferences change with every click and grant nothing: they are no event.
        if (changes with { Preferences = null } != new UserChanges())
        {
            db.Record(AccessEvents.UserUpdated, AccessEvents.Subject(userId), payload: new { user.Username, user.IsBot, user.ExpirationDate });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task RenameAsync(SkyPortalContext db, User user, Change<string> change, CancellationToken ct)
    {
        if (!change.IsSet)
        {
            return;
        }

        var name = (change.Value ?? "").Trim();
        if (name.Length < 5)
        {
            throw Refusal.Invalid("Username must be at least five characters long.");
        }

        var slug = Usernames.Check(name);
        if (slug == user.Username)
        {
            return;
        }

        if (await db.Set<User>().AnyAsync(other => other.Username == slug && other.Id != user.Id, ct)
            || await db.Set<Group>().AnyAsync(group => group.Name == slug, ct))
        {
            throw Refusal.Invalid("Username already exists. Please try another username.");
        }

        var own = await db.Set<Group>().SingleOrDefaultAsync(
            group => group.SingleUserGroup && db.Set<GroupUser>().Any(member => member.GroupId == group.Id && member.UserId == user.Id), ct);
        user.Username = slug;
        if (own is not null)
        {
            own.Name = slug;
        }
    }

    private static string? Short(string? text, string field) =>
        text is not { Length: > 200 } ? text : throw Refusal.Invalid($"Invalid {field}: at most 200 characters are allowed.");
}

/// <summary>Deletes a user with tokens, memberships and the single-user group.</summary>
public sealed class DeleteUser(Contexts contexts)
{
    /// <summary>Refuses anybody but the user and system administrators, and the last system administrator.</summary>
    public async Task HandleAsync(Viewer viewer, int userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var user = viewer.SeesAll || viewer.UserId == userId ? await db.Set<User>().SingleOrDefaultAsync(row => row.Id == userId, ct) : null;
        if (user is null)
        {
            throw Refusal.Invalid($"Cannot find user with ID {userId}");
        }

        await UserRights.RefuseLastAdministratorAsync(db, user, ct);
        var own = await db.Set<Group>().SingleOrDefaultAsync(
            group => group.SingleUserGroup && db.Set<GroupUser>().Any(member => member.GroupId == group.Id && member.UserId == userId), ct);
        if (own is not null)
        {
            await DeleteGroup.RemoveAsync(db, own, ct);
        }

        db.Remove(user);
        db.Record(AccessEvents.UserDeleted, AccessEvents.Subject(userId), payload: new { user.Username });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
