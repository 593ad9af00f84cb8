using System.Collections.Concurrent;
using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>What is known of a message that is tried until it is taken. Not safe for concurrent use.</summary>
internal sealed class HeldMessage
{
    /// <summary>The alert of the object that it names; null where it was not had yet.</summary>
    public BrokerAlert? Alert { get; set; }

    /// <summary>Why the object cannot be had, ever; null where nothing says so.</summary>
    public string? Refused { get; set; }

    /// <summary>How often the server failed at the object.</summary>
    public int Faults { get; set; }

    /// <summary>What became of it; null where it is not taken yet.</summary>
    public IngestOutcome? Outcome { get; set; }
}

/// <summary>
/// Asks a broker for the objects that messages only name. An object at which a server fails that answers otherwise holds up no others: those that
/// failed least come first, and after some faults it is refused. Safe for concurrent use.
/// </summary>
public sealed class FetchNamedObjects(TimeProvider clock)
{
    /// <summary>Faults after which an object is asked for once more, where the server is there, and refused.</summary>
    internal const int MostFaults = 4;

    private static readonly TimeSpan LongestRest = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<int, (string? Settings, DateTimeOffset Until)> _rests = new();

    /// <summary>Asks for each and notes what came; answers why some must wait, null where none must.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="settings">Its settings as they are sealed: with others it need not rest any more.</param>
    /// <param name="objects">Names of objects, each with where to note it.</param>
    /// <param name="ct">Cancels it.</param>
    internal async Task<string?> HandleAsync(OpenedBroker broker, string? settings, IReadOnlyList<(string Name, HeldMessage Held)> objects, CancellationToken ct)
    {
        if (objects.Count > 0 && _rests.TryGetValue(broker.Id, out var rest) && rest.Settings == settings && clock.GetUtcNow() < rest.Until)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{broker.Name} wants to be asked again after {rest.Until:yyyy-MM-dd HH:mm:ss} UTC.");
        }

        var (obstacle, isThere, inARow) = ((string?)null, false, 0);
        foreach (var (name, held) in objects.OrderBy(one => one.Held.Faults))
        {
            var isLast = held.Faults >= MostFaults;
            try
            {
                if (isLast && !isThere)
                {
                    if (await AbsenceAsync(broker, settings, ct) is { } absence)
                    {
                        return absence;
                    }

                    isThere = true;
                }

                held.Alert = await GetAsync(broker, name, ct);
                (isThere, inARow) = (true, 0);
            }
            catch (OutsideException error) when (error.IsOfServer || (error.MayPass && error.RetryAfter is not null && !isLast))
            {
                held.Faults += error.IsOfServer ? 0 : 1;
                return Rest(broker, settings, error);
            }
            catch (OutsideException error) when (error.MayPass && !isLast)
            {
                held.Faults++;
                (obstacle, isThere, inARow) = (Cause(broker, error), false, inARow + 1);
                if (inARow == PollObjects.MostFaultsInARow)
                {
                    return obstacle;
                }
            }
            catch (OutsideException error)
            {
                held.Refused = broker.Cause(error);
                (isThere, inARow) = (!error.MayPass, 0);
            }
            catch (Exception error) when (error is PacketFormatException or Refusal)
            {
                held.Refused = error.Message;
            }
        }

        return obstacle;
    }

    private static async Task<BrokerAlert> GetAsync(OpenedBroker broker, string name, CancellationToken ct)
    {
        var client = broker.Client as IBrokerAlerts ?? throw new PacketFormatException("It only names an object, and the broker cannot be asked for it");
        var ask = broker.Ask with { Subject = name };
        var alert = await client.GetAsync(ask, name, ct) is { MjdUtcDays: not null } found && TakeBrokerAlerts.NumberOf(found) is not null
            ? found
            : throw new PacketFormatException($"The broker tells no alert of {name}");
        return alert.Cutouts is not null || alert.Programme != BrokerAlert.PublicProgramme ? alert : alert with { Cutouts = await PollObjects.CutoutsAsync(ask, client, alert, ct) };
    }

    // Whether the fault is the object's or the server's, another question tells; null where it is answered.
    private async Task<string?> AbsenceAsync(OpenedBroker broker, string? settings, CancellationToken ct)
    {
        try
        {
            await broker.Client.TestAsync(broker.Ask, ct);
            return null;
        }
        catch (OutsideException error)
        {
            return Rest(broker, settings, error);
        }
    }

    private string Rest(OpenedBroker broker, string? settings, OutsideException error)
    {
        if (error.RetryAfter is { } wanted)
        {
            _rests[broker.Id] = (settings, clock.GetUtcNow() + (wanted < LongestRest ? wanted : LongestRest));
        }

        return Cause(broker, error);
    }

    private static string Cause(OpenedBroker broker, OutsideException error) => $"Its objects cannot be had: {broker.Cause(error)}";
}
