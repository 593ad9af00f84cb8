using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Takes messages of a broker's Kafka topics: alerts that passed a mapped filter become its candidates. When it returns, what they say is in
/// the database, or they are told to be rejected. Where it throws, the same messages are to be given again; what was had of them is kept.
/// </summary>
public sealed class TakeBrokerMessages(
    Contexts contexts, BrokerClasses classes, ReadMappedFilters readFilters, TakeBrokerAlerts take, FetchNamedObjects fetch, StreamSettings settings)
{
    // By the message itself: what is known of it goes when its consumer lets it go.
    private readonly ConditionalWeakTable<StreamMessage, HeldMessage> _held = [];

    /// <summary>What became of each, in their order. One that makes nothing new counts as known.</summary>
    /// <exception cref="StreamUnavailableException">
    /// The broker is not there to be asked, or was changed. Those that need not be asked for are taken all the same.
    /// </exception>
    public async Task<IReadOnlyList<IngestOutcome>> HandleAsync(int brokerId, IReadOnlyList<StreamMessage> messages, CancellationToken ct)
    {
        var (broker, sealedSettings) = await OpenAsync(brokerId, ct);
        var reader = MessageReaders.Find(broker.Client.About.Classname) ?? throw new StreamUnavailableException($"Messages of {broker.Name} are not read here.");
        var filters = await readFilters.HandleAsync(broker.Client, broker.Ask.Config, ct);
        var held = messages.Select(message => _held.GetValue(message, _ => new HeldMessage())).ToList();
        var wanted = new List<(int Place, BrokerMessage Message, List<MappedFilter> Meant)>();
        for (var i = 0; i < messages.Count; i++)
        {
            try
            {
                if (held[i].Outcome is null && Read(broker, reader, filters, messages[i]) is var (read, meant))
                {
                    wanted.Add((i, read, meant));
                }
                else
                {
                    held[i].Outcome ??= new IngestOutcome(messages[i].Name, IngestOutcomeKind.Duplicate);
                }
            }
            catch (PacketFormatException error)
            {
                held[i].Outcome = new IngestOutcome(messages[i].Name, IngestOutcomeKind.Rejected, error.Message);
            }
        }

        var asked = wanted.Where(one => one.Message.Alert is null && held[one.Place] is { Alert: null, Refused: null }).Select(one => (one.Message.ObjectId!, held[one.Place])).ToList();
        var obstacle = await fetch.HandleAsync(broker, sealedSettings, asked, ct);
        var ready = new List<(int Place, PassedAlert Alert)>();
        foreach (var (place, message, meant) in wanted)
        {
            if (held[place].Refused is { } reason)
            {
                held[place].Outcome = new IngestOutcome(messages[place].Name, IngestOutcomeKind.Rejected, reason);
            }
            else if ((message.Alert ?? held[place].Alert) is { } alert)
            {
                if (Pass(message, meant, alert) is { } passed)
                {
                    ready.Add((place, passed));
                }
                else
                {
                    held[place].Outcome = new IngestOutcome(messages[place].Name, IngestOutcomeKind.Duplicate);
                }
            }
        }

        foreach (var (place, outcome) in await WriteAsync(messages, ready, ct))
        {
            held[place].Outcome = outcome;
        }

        return obstacle is null ? [.. held.Select(one => one.Outcome!)] : throw new StreamUnavailableException(obstacle);
    }

    private async Task<(OpenedBroker Broker, string? SealedSettings)> OpenAsync(int brokerId, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var broker = await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == brokerId, ct) ?? throw new StreamUnavailableException("Its broker was removed.");
        return classes.Find(broker.BrokerClassname) is not { } client ? throw new StreamUnavailableException($"The class of broker {broker.Name} is not known here.")
            : classes.Open(broker) is not { } config ? throw new StreamUnavailableException($"The settings of broker {broker.Name} were sealed with keys that are gone; enter them again.")
            : (new OpenedBroker(broker.Id, broker.Name, client, new BrokerAsk(Viewer.System, config, BrokerScope.All, $"messages of {broker.Name}")), broker.SealedAltdata);
    }

    // Null where no filter wants it.
    private (BrokerMessage Message, List<MappedFilter> Meant)? Read(OpenedBroker broker, MessageReader reader, IReadOnlyList<MappedFilter> filters, StreamMessage message)
    {
        if (message.Value.Length > settings.MostPacketBytes)
        {
            throw new PacketFormatException($"It has {message.Value.Length} bytes; a packet of a stream has at most {settings.MostPacketBytes}");
        }

        var read = reader.Read(broker.Ask.Config, message);
        var meant = filters.Where(filter => read.Passed is { } passed
            ? filter.RemoteId is { } id && passed.ContainsKey(id)
            : BrokerTopics.IsFor(broker.Client, broker.Ask.Config, filter, message.Partition.Topic, read.Tags)).ToList();
        return read.Alert is { } given && (TakeBrokerAlerts.NumberOf(given) is null || given.MjdUtcDays is not { } mjd || !PacketValues.IsTime(mjd) || !Domain.Sources.ObjNames.AreLettersRight(given.ObjectId))
            ? throw new PacketFormatException("Its name, number or time is none")
            : meant.Count == 0 ? null : (read, meant);
    }

    // Null where no filter's stream shows it.
    private static PassedAlert? Pass(BrokerMessage message, List<MappedFilter> meant, BrokerAlert alert)
    {
        var seeing = meant.Where(filter => filter.MaySee(alert)).ToList();
        return seeing.Count == 0 ? null : new PassedAlert(alert, [.. seeing.Select(filter => new BrokerPassing(filter, filter.RemoteId is { } id && message.Passed?.GetValueOrDefault(id) is { Count: > 0 } note ? note : message.Note))]);
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
