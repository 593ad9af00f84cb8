using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A broker that may be asked, and on whose behalf.</summary>
public sealed record OpenedBroker(int Id, string Name, IBroker Client, BrokerAsk Ask)
{
    /// <summary>The plug-in as one that can do something; refused where it cannot.</summary>
    public T Needs<T>(string what)
        where T : class, IBroker => Client as T ?? throw Refusal.Invalid($"Broker {Name} does not support {what}.");

    /// <summary>Does something with it; what goes wrong there is refused with the broker's name and the cause, without secrets.</summary>
    /// <param name="doing">What is done, as in "Error querying alerts of".</param>
    /// <param name="work">Does it.</param>
    public async Task<T> TryAsync<T>(string doing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (IsItsFault(error))
        {
            throw Refusal.Invalid($"Error {doing} {Name}: {Cause(error)}");
        }
    }

    /// <summary>Whether an exception tells of the broker and not of the platform.</summary>
    public static bool IsItsFault(Exception error) => error is OutsideException or InvalidOperationException or FormatException or OverflowException or PacketFormatException;

    /// <summary>What went wrong, for people; no secret of the broker's settings is in it.</summary>
    public string Cause(Exception error)
    {
        var text = error is OutsideException ? error.Message : $"{Client.About.Title} answered what cannot be read.";
        foreach (var secret in Client.About.Form.Secrets(Ask.Config.Altdata).Where(secret => secret.Length > 3))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }
}

/// <summary>Finds a broker by its key for somebody who wants to ask it something. Two statements.</summary>
public sealed class OpenBroker(Contexts contexts, BrokerClasses classes, ReadBrokerScope scopes)
{
    /// <summary>The broker; refused where there is none, it is inactive, or its settings cannot be read.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="brokerId">Its key.</param>
    /// <param name="subject">What the calls are about; null for nothing.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<OpenedBroker> HandleAsync(Viewer viewer, int brokerId, string? subject, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var broker = await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == brokerId, ct) ?? throw Missing(brokerId);
        if (!broker.Active)
        {
            throw Refusal.Invalid($"Broker {broker.Name} is not active");
        }

        return Open(broker, viewer, await scopes.HandleAsync(viewer, ct), subject);
    }

    /// <summary>The active broker that is asked about a survey where none is named: the default for searches, else the first; null where there is none.</summary>
    public async Task<OpenedBroker?> OfSurveyAsync(Viewer viewer, string survey, string? subject, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var brokers = await db.Set<Broker>().AsNoTracking().Where(row => row.Active).OrderByDescending(row => row.DefaultAlertSearch).ThenBy(row => row.Id).ToListAsync(ct);
        var scope = await scopes.HandleAsync(viewer, ct);
        foreach (var broker in brokers)
        {
            if (classes.Find(broker.BrokerClassname) is IBrokerAlerts client && classes.Open(broker) is { } config && client.Surveys(config).Contains(survey))
            {
                return new OpenedBroker(broker.Id, broker.Name, client, new BrokerAsk(viewer, config, scope, subject));
            }
        }

        return null;
    }

    internal OpenedBroker Open(Broker broker, Viewer viewer, BrokerScope scope, string? subject)
    {
        var client = classes.Find(broker.BrokerClassname) ?? throw Refusal.Invalid($"Broker {broker.Name} is of the class {broker.BrokerClassname}, which this platform does not know.");
        var config = classes.Open(broker) ?? throw Refusal.Invalid($"The settings of broker {broker.Name} were sealed with keys that are gone; an administrator must enter them again.");
        return new OpenedBroker(broker.Id, broker.Name, client, new BrokerAsk(viewer, config, scope, subject));
    }

    internal static Refusal Missing(int brokerId) => Refusal.Invalid($"No broker with id {brokerId}");
}
