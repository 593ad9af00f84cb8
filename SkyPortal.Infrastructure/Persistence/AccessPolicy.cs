using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>What is done to a row.</summary>
public enum AccessMode
{
    Read,
    Create,
    Update,
    Delete,
}

/// <summary>One reason for which access is granted.</summary>
/// <param name="Because">The reason, for people: "you are a member of its group".</param>
/// <param name="Holds">Whether it applies to a row, in terms of the context's viewer.</param>
public sealed record Clause<T>(string Because, Expression<Func<T, bool>> Holds);

/// <summary>The policy of one entity, without its type.</summary>
public interface IAccessPolicy
{
    /// <summary>The entity.</summary>
    Type EntityType { get; }

    /// <summary>Predicate for a mode as an expression over the entity; the viewer is read from the context.</summary>
    LambdaExpression Predicate(SkyPortalContext db, AccessMode mode);

    /// <summary>How many of the rows with these keys the context's viewer may treat so. One statement.</summary>
    Task<int> CountAllowedAsync(SkyPortalContext db, AccessMode mode, string keyProperty, IReadOnlyCollection<object> keys, CancellationToken ct);

    /// <summary>The reasons why the viewer may treat the row with this key so; empty where access is denied.</summary>
    Task<IReadOnlyList<string>> ExplainAsync(SkyPortalContext db, AccessMode mode, string keyProperty, object key, CancellationToken ct);
}

/// <summary>
/// Who may read, create, change and delete the rows of one entity, as lists of reasons of which one suffices.
/// System administrators and the system itself pass. Where nothing is said, nobody else does.
/// </summary>
public abstract class AccessPolicy<T> : IAccessPolicy
    where T : class
{
    /// <inheritdoc/>
    public Type EntityType => typeof(T);

    /// <summary>Reasons to read.</summary>
    protected virtual IReadOnlyList<Clause<T>> Read(SkyPortalContext db) => [];

    /// <summary>Reasons to create.</summary>
    protected virtual IReadOnlyList<Clause<T>> Create(SkyPortalContext db) => [];

    /// <summary>Reasons to change.</summary>
    protected virtual IReadOnlyList<Clause<T>> Update(SkyPortalContext db) => [];

    /// <summary>Reasons to delete; those to change where nothing else is said.</summary>
    protected virtual IReadOnlyList<Clause<T>> Delete(SkyPortalContext db) => Update(db);

    /// <summary>Everybody who is signed in.</summary>
    protected static Clause<T> Everyone(SkyPortalContext db) => new("everyone who is signed in", row => db.Viewer.IsAuthenticated);

    /// <inheritdoc/>
    public LambdaExpression Predicate(SkyPortalContext db, AccessMode mode) => Typed(db, mode);

    /// <summary>Predicate for a mode; the viewer is read from the context.</summary>
    public Expression<Func<T, bool>> Typed(SkyPortalContext db, AccessMode mode)
    {
        Expression<Func<T, bool>> all = row => db.Viewer.SeesAll;
        var parameter = all.Parameters[0];
        var body = all.Body;
        foreach (var clause in Clauses(db, mode))
        {
            body = Expression.OrElse(body, new Swap(clause.Holds.Parameters[0], parameter).Visit(clause.Holds.Body));
        }

        return Expression.Lambda<Func<T, bool>>(body, parameter);
    }

    /// <inheritdoc/>
    public Task<int> CountAllowedAsync(SkyPortalContext db, AccessMode mode, string keyProperty, IReadOnlyCollection<object> keys, CancellationToken ct) =>
        db.Allowed<T>(mode).Where(KeyIn(keyProperty, keys)).CountAsync(ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ExplainAsync(SkyPortalContext db, AccessMode mode, string keyProperty, object key, CancellationToken ct)
    {
        var row = db.Set<T>().Where(KeyIn(keyProperty, [key]));
        var reasons = new List<string>();
        if (db.Viewer.SeesAll && await row.AnyAsync(ct))
        {
            reasons.Add("you are a system administrator");
        }

        foreach (var clause in Clauses(db, mode))
        {
            if (await row.AnyAsync(clause.Holds, ct))
            {
                reasons.Add(clause.Because);
            }
        }

        return reasons;
    }

    private IReadOnlyList<Clause<T>> Clauses(SkyPortalContext db, AccessMode mode) => mode switch
    {
        AccessMode.Read => Read(db),
        AccessMode.Create => Create(db),
        AccessMode.Update => Update(db),
        _ => Delete(db),
    };

    private static Expression<Func<T, bool>> KeyIn(string property, IReadOnlyCollection<object> keys)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var type = keys.First().GetType();
        var typed = Array.CreateInstance(type, keys.Count);
        var index = 0;
        foreach (var key in keys)
        {
            typed.SetValue(key, index++);
        }

        var contains = Expression.Call(
            typeof(Enumerable),
            nameof(Enumerable.Contains),
            [type],
            Expression.Constant(typed),
            Expression.Property(row, property));
        return Expression.Lambda<Func<T, bool>>(contains, row);
    }

    private sealed class Swap(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
