using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

internal sealed class BrokerModuleMapping : IEntityTypeConfiguration<BrokerModule>
{
    public void Configure(EntityTypeBuilder<BrokerModule> entity)
    {
        entity.ToTable("broker_modules");
        entity.HasIndex(module => new { module.BrokerId, module.Elements, module.Name }).IsUnique();
        entity.HasOne<Broker>().WithMany().HasForeignKey(module => module.BrokerId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(module => module.AuthorId).OnDelete(DeleteBehavior.SetNull);
    }
}

/// <summary>Modules are a library of the whole site: everyone who is signed in reads them, who may upload data writes.</summary>
internal sealed class BrokerModulePolicy : AccessPolicy<BrokerModule>
{
    protected override IReadOnlyList<Clause<BrokerModule>> Read(SkyPortalContext db) => [Everyone(db)];

    protected override IReadOnlyList<Clause<BrokerModule>> Create(SkyPortalContext db) => [new("you may upload data", module => db.Viewer.Acls.Contains(Acl.UploadData))];

    protected override IReadOnlyList<Clause<BrokerModule>> Update(SkyPortalContext db) => Create(db);
}

/// <summary>Modules of filters, as the wire shows them: what the builder wrote, with name, streams and times.</summary>
public sealed class ReadBrokerModules(Contexts contexts, OpenBroker open)
{
    /// <summary>Modules of one kind, by name. One statement.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="elements">Kind.</param>
    /// <param name="survey">Only those for filters of this survey; null for all.</param>
    /// <param name="name">Only the one of this name; null for all.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The broker may not be asked or has no modules, or there is no such kind or survey.</exception>
    public async Task<IReadOnlyList<JsonObject>> HandleAsync(Viewer viewer, int brokerId, string elements, string? survey, string? name, CancellationToken ct)
    {
        BrokerModuleRules.CheckKind(elements);
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        var surveys = broker.Needs<IBrokerPipelines>("filter modules").Surveys(broker.Ask.Config);
        var wanted = survey is null ? null : BrokerModuleRules.Survey(survey, surveys);
        await using var db = contexts.For(viewer);
        var modules = await db.Set<BrokerModule>().AsNoTracking()
            .Where(module => module.BrokerId == brokerId && module.Elements == elements && (name == null || module.Name == name) && (wanted == null || module.Streams.Contains(wanted)))
            .OrderBy(module => module.Name).ToListAsync(ct);
        return modules.ConvertAll(Wire);
    }

    private static JsonObject Wire(BrokerModule module)
    {
        var wire = (JsonObject)JsonObject.Create(module.Data)!.DeepClone();
        wire["name"] = module.Name;
        wire["streams"] = new JsonArray([.. module.Streams.Select(stream => (JsonNode?)stream)]);
        wire["created_at"] = module.CreatedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        wire["updated_at"] = module.Modified.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        return wire;
    }
}

/// <summary>Keeps a module of filters under a name.</summary>
public sealed class SaveBrokerModule(Contexts contexts, OpenBroker open)
{
    /// <summary>Makes it, or replaces what it says.</summary>
    /// <param name="viewer">Somebody who may upload data.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="elements">Kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="data">What it says; its streams are read as surveys.</param>
    /// <param name="replaces">Whether it must be there already; else it must not.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The broker has no modules, kind or name or streams cannot be, or it is there or not there against what is wanted.</exception>
    public async Task HandleAsync(Viewer viewer, int brokerId, string elements, string name, JsonElement data, bool replaces, CancellationToken ct)
    {
        viewer.RequireUploadData();
        BrokerModuleRules.CheckKind(elements);
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        var surveys = broker.Needs<IBrokerPipelines>("filter modules").Surveys(broker.Ask.Config);
        var streams = BrokerModuleRules.Streams(data, surveys);
        await using var db = contexts.For(viewer);
        var module = await db.Set<BrokerModule>().SingleOrDefaultAsync(row => row.BrokerId == brokerId && row.Elements == elements && row.Name == name, ct);
        if (replaces != module is not null)
        {
            throw Refusal.Invalid(replaces ? $"No {elements} named '{name}'." : $"There already are {elements} named '{name}'.");
        }

        if (module is null)
        {
            module = new BrokerModule { BrokerId = brokerId, Elements = elements, Name = BrokerModuleRules.Name(name) };
            db.Add(module);
        }

        (module.Streams, module.Data, module.AuthorId) = (streams, data, viewer.UserId);
        db.Record("broker.module_saved", brokerId.ToString(CultureInfo.InvariantCulture), payload: new { elements, name });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid($"There already are {elements} named '{name}'.");
        }
    }
}

/// <summary>What names, kinds and streams of modules may be.</summary>
internal static class BrokerModuleRules
{
    private const int LongestName = 200;

    public static void CheckKind(string elements)
    {
        if (!BrokerModuleKinds.All.Contains(elements))
        {
            throw Refusal.Invalid($"'elements' must be 'schema' or one of {string.Join(", ", BrokerModuleKinds.All)}.");
        }
    }

    public static string Name(string name) => name.Trim() is { Length: > 0 and <= LongestName } trimmed && !trimmed.Any(char.IsControl)
        ? trimmed
        : throw Refusal.Invalid($"Invalid name of a module: it should have from 1 to {LongestName} characters.");

    /// <summary>A survey by the names under which clients know it: ztf, ZTF_alerts, ZTF Public.</summary>
    public static string Survey(string text, IReadOnlyList<string> surveys) =>
        surveys.FirstOrDefault(survey => text.Trim().Split('_', ' ')[0].Equals(survey, StringComparison.OrdinalIgnoreCase))
        ?? throw Refusal.Invalid($"Invalid survey: {text} is not one of {string.Join(", ", surveys)}.");

    /// <summary>The surveys of data.streams; all of the broker where none is named.</summary>
    public static string[] Streams(JsonElement data, IReadOnlyList<string> surveys)
    {
        if (!data.TryGetProperty("streams", out var streams) || streams.ValueKind == JsonValueKind.Null)
        {
            return [.. surveys];
        }

        return streams.ValueKind == JsonValueKind.Array && streams.EnumerateArray().All(stream => stream.ValueKind == JsonValueKind.String)
            ? [.. streams.EnumerateArray().Select(stream => Survey(stream.GetString()!, surveys)).Distinct()]
            : throw Refusal.Invalid("Invalid/missing parameters: data.streams: Input should be a valid list of names of surveys");
    }
}
