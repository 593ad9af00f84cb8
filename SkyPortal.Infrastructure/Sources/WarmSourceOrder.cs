using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Reads the order of saves when a node starts, so that its first list does not wait for it.</summary>
public sealed class WarmSourceOrder(SourceOrder order, ILogger<WarmSourceOrder> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await order.WarmAsync(stoppingToken);
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "The order of saves was not read ahead; the first list reads it");
        }
        catch (OperationCanceledException)
        {
            // The node stops before it is up.
        }
    }
}
