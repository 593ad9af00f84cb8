using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Asks a broker which objects fit the filters' queries, and takes each with all that was measured: fetched first, then written in one
/// transaction. Objects that no filter knows yet come first, so that a broker with few calls an hour gets on; those that could not be had
/// the last time come last, so that they hold up no others.
/// </summary>
public sealed class PollObjects(NpgsqlDataSource dataSource, TakeBrokerAlerts take, ILogger<PollObjects> logger)
{
    /// <summary>Faults in a row after which the server is taken to be down.</summary>
    internal const int MostFaultsInARow = 3;

    // By broker, the objects that failed and were not had since.
    private readonly ConcurrentDictionary<int, HashSet<string>> _failed = new();

    /// <summary>Does it; answers what came of it, for people.</summary>
    /// <exception cref="OutsideException">The server is down, wants a rest, or does not take the account; what was had before is kept.</exception>
    public async Task<string> HandleAsync(OpenedBroker broker, IBrokerPolling client, IReadOnlyList<MappedFilter> filters, int limit, PollHold hold, CancellationToken ct)
    {
        if (client is not IBrokerAlerts alerts)
        {
            return "It names objects and cannot be asked for them.";
        }

        var (wanted, refused) = await NamesAsync(broker, client, filters, limit, ct);
        HashSet<(string ObjId, int FilterId, long AlertId)> known;
        await using (var connection = await dataSource.OpenConnectionAsync(ct))
        {
            known = await KnownPassings.ReadAsync(connection, null, wanted.Keys, filters.Select(filter => filter.Filter.Id), ct);
        }

        var failed = _failed.AddOrUpdate(broker.Id, _ => [], (_, before) => [.. before.Where(wanted.ContainsKey)]);
        var order = wanted.OrderBy(pair => failed.Contains(pair.Key)).ThenBy(pair => known.Any(one => one.ObjId == pair.Key)).ToList();
        var (candidates, points, bare, unreadable, inARow) = (0, 0, 0, 0, 0);
        foreach (var (name, meant) in order)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                var passed = await FetchAsync(broker, alerts, name, meant, known, ct);
                inARow = 0;
                failed.Remove(name);
                if (passed is not null)
                {
                    var taken = await take.HandleAsync([passed], ct);
                    (candidates, points) = (candidates + taken.Candidates, points + taken.Points);
                }
                else
                {
                    bare++;
                }
            }
            catch (Exception error) when (IsOfOne(error))
            {
                // One object that cannot be read does not stop the others, unless it is the server that does not answer.
                logger.LogWarning("{Object} of {Broker} was not taken: {Reason}", name, broker.Name, error is PostgresException or Refusal ? error.Message : broker.Cause(error));
                unreadable++;
                failed.Add(name);
                inARow = error is OutsideException { MayPass: true } ? inARow + 1 : 0;
                if (inARow == MostFaultsInARow || inARow == order.Count)
                {
                    throw;
                }
            }

            await hold.KeepAsync(ct);
        }

        return PollNotes.Of("object", wanted.Count, candidates, points)
            + (bare > 0 ? $" {bare} have no alert that a filter's stream shows." : "")
            + (unreadable > 0 ? $" {unreadable} could not be read; the log names them." : "")
            + string.Concat(refused.Select(reason => $" {reason}"));
    }

    private static bool IsOfOne(Exception error) => DatabaseFault.IsAboutData(error) || error is Refusal || (OpenedBroker.IsItsFault(error) && error is not OutsideException { IsOfServer: true });

    // A query that is wrong is its filter's fault, and the others are asked all the same.
    private static async Task<(Dictionary<string, List<MappedFilter>> Wanted, List<string> Refused)> NamesAsync(
        OpenedBroker broker, IBrokerPolling client, IReadOnlyList<MappedFilter> filters, int limit, CancellationToken ct)
    {
        var (wanted, refused) = (new Dictionary<string, List<MappedFilter>>(StringComparer.Ordinal), new List<string>());
        var queries = filters.Where(filter => client is not IBrokerQueries || filter.Query is not null)
            .GroupBy(filter => (filter.Query ?? broker.Ask.Config.Altdata["query"] as JsonObject)?.ToJsonString());
        var asked = 0;
        foreach (var group in queries)
        {
            IReadOnlyList<string> names;
            try
            {
                asked++;
                names = await client.PollAsync(broker.Ask, group.Key is null ? null : JsonNode.Parse(group.Key) as JsonObject, limit, ct);
            }
            catch (Exception error) when (error is Refusal or OutsideException { MayPass: false, Status: 400 or 404 or 422 })
            {
                refused.Add($"The query of {string.Join(", ", group.Select(filter => $"filter {filter.Filter.Id}"))} was refused: {(error is Refusal ? error.Message : broker.Cause(error))}");
                if (refused.Count == asked && asked == queries.Count())
                {
                    throw;
                }

                continue;
            }

            foreach (var name in names)
            {
                if (!wanted.TryGetValue(name, out var meant))
                {
                    wanted.Add(name, meant = []);
                }

                meant.AddRange(group);
            }
        }

        return (wanted, refused);
    }

    private static async Task<PassedAlert?> FetchAsync(
        OpenedBroker broker, IBrokerAlerts client, string name, List<MappedFilter> meant, HashSet<(string ObjId, int FilterId, long AlertId)> known, CancellationToken ct)
    {
        var ask = broker.Ask with { Subject = name };
        if (await client.GetAsync(ask, name, ct) is not { MjdUtcDays: not null } alert || TakeBrokerAlerts.NumberOf(alert) is not { } number || meant.Where(filter => filter.MaySee(alert)).ToList() is not { Count: > 0 } filters)
        {
            return null;
        }

        // Of an alert that is a candidate already the pictures are here.
        if (alert.Cutouts is null && alert.Programme == BrokerAlert.PublicProgramme && filters.Exists(filter => !known.Contains((alert.ObjectId, filter.Filter.Id, number))))
        {
            alert = alert with { Cutouts = await CutoutsAsync(ask, client, alert, ct) };
        }

        return new PassedAlert(alert, [.. filters.Select(filter => new BrokerPassing(filter, null))]);
    }

    /// <summary>The pictures of an alert where they can be had: a candidate without them is still one.</summary>
    internal static async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, IBroker client, BrokerAlert alert, CancellationToken ct)
    {
        try
        {
            return client is IBrokerCutouts pictures ? await pictures.CutoutsAsync(ask, alert.ObjectId, alert.AlertId, ct) : null;
        }
        catch (Exception error) when (OpenedBroker.IsItsFault(error))
        {
            return null;
        }
    }
}
