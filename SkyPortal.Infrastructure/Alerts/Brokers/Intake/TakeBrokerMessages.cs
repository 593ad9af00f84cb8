using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Takes messages of a broker's Kafka topics: alerts that passed a mapped filter become its candidates. When it returns, what they say is in
/// the database, or they are told to be rejected.
/// </summary>
public sealed class TakeBrokerMessages(Contexts contexts, BrokerClasses classes, ReadMappedFilters readFilters, TakeBrokerAlerts take, StreamSettings settings)
{
    /// <summary>What became of each, in their order. One that makes nothing new counts as known.</summary>
    /// <exception cref="StreamUnavailableException">The broker is not there to be asked, or was changed.</exception>
    public async Task<IReadOnlyList<IngestOutcome>> HandleAsync(int brokerId, IReadOnlyList<StreamMessage> messages, CancellationToken ct)
    {
        var broker = await OpenAsync(brokerId, ct);
        var reader = MessageReaders.Find(broker.Client.About.Classname) ?? throw new StreamUnavailableException($"Messages of {broker.Name} are not read here.");
        var filters = await readFilters.HandleAsync(broker.Client, broker.Ask.Config, ct);
        var outcomes = new IngestOutcome?[messages.Count];
        var ready = new List<(int Place, PassedAlert Alert)>();
        for (var i = 0; i < messages.Count; i++)
        {
            try
            {
                if (await ReadAsync(broker, reader, filters, messages[i], ct) is { } passed)
                {
                    ready.Add((i, passed));
                }
                else
                {
                    outcomes[i] = new IngestOutcome(messages[i].Name, IngestOutcomeKind.Duplicate);
                }
            }
            catch (PacketFormatException error)
            {
                outcomes[i] = new IngestOutcome(messages[i].Name, IngestOutcomeKind.Rejected, error.Message);
            }
            catch (OutsideException error)
            {
                outcomes[i] = error.MayPass || error.Status is 401 or 403
                    ? throw new StreamUnavailableException($"Its objects cannot be had: {broker.Cause(error)}", error)
                    : new IngestOutcome(messages[i].Name, IngestOutcomeKind.Rejected, broker.Cause(error));
            }
        }

        foreach (var (place, outcome) in await WriteAsync(messages, ready, ct))
        {
            outcomes[place] = outcome;
        }

        return outcomes!;
    }

    private async Task<OpenedBroker> OpenAsync(int brokerId, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var broker = await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == brokerId, ct) ?? throw new StreamUnavailableException("Its broker was removed.");
        return classes.Find(broker.BrokerClassname) is not { } client ? throw new StreamUnavailableException($"The class of broker {broker.Name} is not known here.")
            : classes.Open(broker) is not { } config ? throw new StreamUnavailableException($"The settings of broker {broker.Name} were sealed with keys that are gone; enter them again.")
            : new OpenedBroker(broker.Id, broker.Name, client, new BrokerAsk(Viewer.System, config, BrokerScope.All, $"messages of {broker.Name}"));
    }

    // Null where no filter wants it.
    private async Task<PassedAlert?> ReadAsync(OpenedBroker broker, MessageReader reader, IReadOnlyList<MappedFilter> filters, StreamMessage message, CancellationToken ct)
    {
        if (message.Value.Length > settings.MostPacketBytes)
        {
            throw new PacketFormatException($"It has {message.Value.Length} bytes; a packet of a stream has at most {settings.MostPacketBytes}");
        }

        var read = reader.Read(broker.Ask.Config, message);
        var meant = filters.Where(filter => read.Passed is { } passed
            ? filter.RemoteId is { } id && passed.ContainsKey(id)
            : BrokerTopics.IsFor(broker.Client, broker.Ask.Config, filter, message.Partition.Topic, read.Tags)).ToList();
        if (read.Alert is { } given && (TakeBrokerAlerts.NumberOf(given) is null || given.MjdUtcDays is not { } mjd || !PacketValues.IsTime(mjd) || !Domain.Sources.ObjNames.AreLettersRight(given.ObjectId)))
        {
            throw new PacketFormatException("Its name, number or time is none");
        }

        if (meant.Count == 0)
        {
            return null;
        }

        var alert = read.Alert ?? await FetchAsync(broker, read.ObjectId!, ct);
        var seeing = meant.Where(filter => filter.MaySee(alert)).ToList();
        return seeing.Count == 0 ? null : new PassedAlert(alert, [.. seeing.Select(filter => new BrokerPassing(filter, filter.RemoteId is { } id && read.Passed?.GetValueOrDefault(id) is { Count: > 0 } note ? note : read.Note))]);
    }

    private static async Task<BrokerAlert> FetchAsync(OpenedBroker broker, string name, CancellationToken ct)
    {
        var client = broker.Client as IBrokerAlerts ?? throw new PacketFormatException("It only names an object, and the broker cannot be asked for it");
        var ask = broker.Ask with { Subject = name };
        var alert = await client.GetAsync(ask, name, ct) is { MjdUtcDays: not null } found && TakeBrokerAlerts.NumberOf(found) is not null
            ? found
            : throw new PacketFormatException($"The broker tells no alert of {name}");
        return alert.Cutouts is not null || alert.Programme != BrokerAlert.PublicProgramme ? alert : alert with { Cutouts = await PollObjects.CutoutsAsync(ask, client, alert, ct) };
    }

    // One alert that the database refuses must not take its neighbours along.
    private async Task<IReadOnlyList<(int Place, IngestOutcome Outcome)>> WriteAsync(IReadOnlyList<StreamMessage> messages, List<(int Place, PassedAlert Alert)> ready, CancellationToken ct)
    {
        try
        {
            var taken = await take.HandleAsync([.. ready.Select(one => one.Alert)], ct);
            return [.. ready.Select(one => (one.Place, new IngestOutcome(
                messages[one.Place].Name, taken.New.Contains((one.Alert.Alert.ObjectId, TakeBrokerAlerts.NumberOf(one.Alert.Alert)!.Value)) ? IngestOutcomeKind.Accepted : IngestOutcomeKind.Duplicate)))];
        }
        catch (Exception error) when (DatabaseFault.IsAboutData(error) && ready.Count > 1)
        {
            var outcomes = new List<(int, IngestOutcome)>();
            foreach (var one in ready)
            {
                outcomes.AddRange(await WriteAsync(messages, [one], ct));
            }

            return outcomes;
        }
        catch (Exception error) when (DatabaseFault.IsAboutData(error))
        {
            return [(ready[0].Place, new IngestOutcome(messages[ready[0].Place].Name, IngestOutcomeKind.Rejected, $"The database refuses it: {DatabaseFault.Answer(error)!.MessageText}."))];
        }
    }
}
