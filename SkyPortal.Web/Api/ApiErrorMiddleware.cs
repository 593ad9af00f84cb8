using SkyPortal.Domain;

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
            await ApiResults.Error((int)refusal.Kind, refusal.Message).ExecuteAsync(context);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ApiResults.Error(bad.StatusCode, bad.Message).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            logger.LogError(exception, "A request to {Path} failed, trace {Trace}", context.Request.Path, context.TraceIdentifier);
            await ApiResults.Error(500, $"The server failed; the log has more under {context.TraceIdentifier}.").ExecuteAsync(context);
        }
    }
}
