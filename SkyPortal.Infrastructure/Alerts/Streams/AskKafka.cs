using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Asks a Kafka cluster which topics it has, so as to try an account without consuming anything.</summary>
public sealed class AskKafka(StreamSettings settings, ILogger<AskKafka> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Topics that the account sees.</summary>
    /// <exception cref="StreamUnavailableException">The cluster does not answer or refuses the account; the message says which.</exception>
    public Task<IReadOnlyList<string>> TopicsAsync(SubscriptionDescriptor subscription, CancellationToken ct) =>
        KafkaLibrary.IsAvailable ? Task.Run(() => Topics(subscription), ct) : throw new StreamUnavailableException(KafkaLibrary.HowToInstall);

    private IReadOnlyList<string> Topics(SubscriptionDescriptor subscription)
    {
        string? refused = null;
        try
        {
            using var client = new AdminClientBuilder(new AdminClientConfig(KafkaSettings.Access(subscription, settings)))
                .SetErrorHandler((_, error) => refused = error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed ? error.Reason : refused)
                .SetLogHandler((_, entry) => logger.LogDebug("{Message}", entry.Message))
                .Build();
            return [.. client.GetMetadata(Patience).Topics.Select(topic => topic.Topic)];
        }
        catch (Exception error) when (error is KafkaException or ArgumentException or InvalidOperationException)
        {
            throw new StreamUnavailableException(
                refused is not null ? $"The brokers refuse the user name or the password: {refused}" : $"The brokers cannot be reached: {(error as KafkaException)?.Error.Reason ?? error.Message}", error)
            {
                RefusesCredentials = refused is not null,
            };
        }
    }
}
