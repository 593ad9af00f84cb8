using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Web.Api;

/// <summary>Turns refusals into their status and message, and anything unforeseen into a 500 that tells nothing.</summary>
public sealed class ApiErrorMiddleware(RequestDelegate next, ILogger<ApiErrorMiddleware> logger)
{
    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Refusal refusal) when (!context.Response.HasStarted)
        {
            await ApiResults.Error((int)refusal.Kind, refusal.Message, refusal.Faults).ExecuteAsync(context);
        }
        catch (OutsideException other) when (!context.Response.HasStarted)
        {
            await ApiResults.Error(400, other.Message).ExecuteAsync(context);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ApiResults.Error(bad.StatusCode, bad.Message).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted && Race(exception) is not null)
        {
            logger.LogInformation(exception, "A request to {Path} lost a race, trace {Trace}", context.Request.Path, context.TraceIdentifier);
            await ApiResults.Error(409, Race(exception)!).ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            logger.LogError(exception, "A request to {Path} failed, trace {Trace}", context.Request.Path, context.TraceIdentifier);
            await ApiResults.Error(500, $"The server failed; the log has more under {context.TraceIdentifier}.").ExecuteAsync(context);
        }
    }

    // Verbs look before they write and say what is wrong; only what changes between the look and the write ends here.
    private static string? Race(Exception exception) => exception is DbUpdateConcurrencyException ? "Another request changed or removed the same at the same time." : DatabaseFault.Answer(exception)?.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => "Another request made the same at the same time.",
        PostgresErrorCodes.ForeignKeyViolation => "Another request removed something that this one needs at the same time.",
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => "Another request changed the same at the same time: send this one again.",
        _ => null,
    };
}
