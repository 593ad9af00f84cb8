using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Schema registries of the subscriptions. A schema is asked for once per node and kept: what an id means never changes.</summary>
public sealed class SchemaRegistries(CallOutside outside, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(int Id, string Address), IAvroSchemaRegistry> _registries = new();

    /// <summary>Where the schemas of a subscription's framed messages come from; null where it names no place.</summary>
    public IAvroSchemaRegistry? Of(SubscriptionDescriptor subscription) => subscription switch
    {
        { RegistryAddress: { } address } => _registries.GetOrAdd((subscription.Id, address), key => new SchemaRegistry(ServiceOf(key.Id, key.Address), outside, clock)),
        { SchemaFolder: { } folder } => _registries.GetOrAdd((subscription.Id, folder), key => new FolderSchemaRegistry(key.Address)),
        _ => null,
    };

    /// <summary>Forgets which ids a subscription's registry did not know, because somebody says that it was mended.</summary>
    public void AskAgain(SubscriptionDescriptor subscription) => (Of(subscription) as SchemaRegistry)?.AskAgain();

    /// <summary>The registry of a subscription as a server of its own, with its own circuit.</summary>
    public static OutsideService ServiceOf(int subscriptionId, string address) =>
        new(string.Create(CultureInfo.InvariantCulture, $"SchemaRegistry{subscriptionId}"), "The schema registry", address) { TimeoutSeconds = 15, MostReplyBytes = 8 << 20 };
}

/// <summary>A schema registry with the interface of Confluent's.</summary>
internal sealed class SchemaRegistry(OutsideService service, CallOutside outside, TimeProvider clock) : IAvroSchemaRegistry
{
    // Producers register a schema before its first use, so an id that is unknown stays so for a while.
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(30);
    private const int MostUnknown = 1000;

    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly ConcurrentDictionary<int, AvroSchema> _schemas = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> _unknown = new();

    /// <inheritdoc/>
    /// <exception cref="StreamUnavailableException">The registry does not answer.</exception>
    /// <exception cref="PacketFormatException">What it has under this id is no Avro schema.</exception>
    public async ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellation = default)
    {
        if (_schemas.TryGetValue(id, out var known))
        {
            return known;
        }

        await _asking.WaitAsync(cancellation);
        try
        {
            if (_schemas.TryGetValue(id, out known))
            {
                return known;
            }

            return _unknown.TryGetValue(id, out var asked) && clock.GetUtcNow() - asked < UnknownFor ? null : await AskAsync(id, cancellation);
        }
        finally
        {
            _asking.Release();
        }
    }

    public void AskAgain() => _unknown.Clear();

    private async Task<AvroSchema?> AskAsync(int id, CancellationToken ct)
    {
        OutsideReply reply;
        try
        {
            reply = await outside.HandleAsync(
                Viewer.System,
                new OutsideCall(service, string.Create(CultureInfo.InvariantCulture, $"schemas/ids/{id}")) { AlsoAnswers = [404], Subject = $"schema {id}" },
                ct);
        }
        catch (OutsideException error)
        {
            throw new StreamUnavailableException(error.Message, error);
        }

        if (reply.Status == 404)
        {
            if (_unknown.Count >= MostUnknown)
            {
                _unknown.Clear();
            }

            _unknown[id] = clock.GetUtcNow();
            return null;
        }

        return _schemas[id] = AvroSchema.Parse(TextOf(reply, id));
    }

    private static string TextOf(OutsideReply reply, int id)
    {
        try
        {
            using var document = JsonDocument.Parse(reply.Body);
            var root = document.RootElement;
            if (root.TryGetProperty("schemaType", out var type) && type.GetString() is { } name and not "AVRO")
            {
                throw new PacketFormatException($"The schema registry has a schema of type {name} under id {id}, where Avro belongs");
            }

            return root.GetProperty("schema").GetString() ?? throw new KeyNotFoundException();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not a registry's answer: a proxy's page, a wrong address.
            throw new StreamUnavailableException("The schema registry answered what is no schema; its address may be wrong.", error);
        }
    }
}
