using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>
/// The one way to the database. Every query is filtered by the entity's access policy for <see cref="Viewer"/>, and every
/// save is checked against it. Made by <see cref="Contexts"/>.
/// </summary>
public sealed class SkyPortalContext(DbContextOptions<SkyPortalContext> options) : DbContext(options)
{
    /// <summary>Name of the query filter that every entity carries.</summary>
    public const string AccessFilter = "access";

    /// <summary>On whose behalf; nobody until it is set.</summary>
    public Viewer Viewer { get; set; } = Viewer.Nobody;

    /// <summary>Clock for the times of rows and events.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Now, UTC, in whole microseconds as PostgreSQL keeps them.</summary>
    public DateTime UtcNow
    {
        get
        {
            var now = Clock.GetUtcNow().UtcDateTime;
            return now.AddTicks(-(now.Ticks % 10));
        }
    }

    /// <summary>Rows that the viewer may read and treat so; for updates and deletes by statement.</summary>
    public IQueryable<T> Allowed<T>(AccessMode mode)
        where T : class => Set<T>().Where(AccessPolicies.Of<T>().Typed(this, mode));

    /// <summary>Records what happened; it is committed with the change itself.</summary>
    public void Record(string kind, string subject, int[]? groupIds = null, object? payload = null) =>
        Add(new OutboxEvent
        {
            Kind = kind,
            Subject = subject,
            ActorId = Viewer.UserId,
            GroupIds = groupIds ?? [],
            Payload = payload is null ? null : JsonSerializer.SerializeToElement(payload, JsonSerializerOptions.Web),
            At = UtcNow,
        });

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Access is checked against the database: use SaveChangesAsync.");

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken ct = default)
    {
        Stamp();
        if (Viewer.SeesAll)
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);
        }

        var entries = ChangeTracker.Entries()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Where(entry => entry.Entity is not OutboxEvent)
            .ToList();
        if (entries.Count == 0)
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);
        }

        var outer = Database.CurrentTransaction;
        await using var own = outer is null ? await Database.BeginTransactionAsync(ct) : null;
        await CheckAsync(entries.Where(entry => entry.State == EntityState.Modified).ToList(), AccessMode.Update, ct);
        await CheckAsync(entries.Where(entry => entry.State == EntityState.Deleted).ToList(), AccessMode.Delete, ct);
        var added = entries.Where(entry => entry.State == EntityState.Added).ToList();
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);
        await CheckAsync(added, AccessMode.Create, ct);
        if (own is not null)
        {
            await own.CommitAsync(ct);
        }

        return written;
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(SkyPortalContext).Assembly);
        foreach (var policy in AccessPolicies.All.Values)
        {
            modelBuilder.Entity(policy.EntityType).HasQueryFilter(AccessFilter, policy.Predicate(this, AccessMode.Read));
        }
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
    }

    private void Stamp()
    {
        var now = UtcNow;
        foreach (var entry in ChangeTracker.Entries<Row>())
        {
            if (entry.State == EntityState.Added)
            {
                entry.Entity.CreatedAt = entry.Entity.CreatedAt == default ? now : entry.Entity.CreatedAt;
                entry.Entity.Modified = now;
            }
            else if (entry.State == EntityState.Modified)
            {
                entry.Entity.Modified = now;
            }
        }
    }

    private async Task CheckAsync(List<EntityEntry> entries, AccessMode mode, CancellationToken ct)
    {
        foreach (var group in entries.GroupBy(entry => entry.Metadata.ClrType))
        {
            var key = group.First().Metadata.FindPrimaryKey()!.Properties.Single().Name;
            var keys = group.Select(entry => entry.Property(key).CurrentValue!).ToList();
            var allowed = await AccessPolicies.All[group.Key].CountAllowedAsync(this, mode, key, keys, ct);
            if (allowed != keys.Count)
            {
                var who = Viewer.TokenId is null ? $"User {Viewer.UserId}" : $"Token {Viewer.TokenId}";
                throw Refusal.Invalid(
                    $"Insufficient permissions for operation \"{who} {mode.ToString().ToLowerInvariant()} {group.Key.Name} {{{string.Join(", ", keys)}}}\".");
            }
        }
    }
}
