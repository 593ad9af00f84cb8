using System.Text.Json;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api;

/// <summary>The two envelopes in which every reply of the API comes.</summary>
public static class ApiResults
{
    /// <summary>Version of the contract that the API speaks.</summary>
    public const string Version = "1.4.0";

    /// <summary>A reply with data; an empty object where there is none.</summary>
    public static IResult Success(object? data = null) => new Envelope(200, new { Status = "success", Data = data ?? new { }, Version }, "application/json");

    /// <summary>A reply whose data may be null.</summary>
    public static IResult SuccessOrNull(object? data) => new Envelope(200, new { Status = "success", Data = data, Version }, "application/json");

    /// <summary>A refusal with its reason.</summary>
    public static IResult Error(int status, string message) =>
        new Envelope(status, new { Status = "error", Message = message, Data = new { }, Version }, "application/json; charset=UTF-8");

    /// <summary>A refusal with its reason and what is wrong, one by one, where that is known.</summary>
    public static IResult Error(int status, string message, IReadOnlyList<FieldFault> errors) => errors.Count == 0
        ? Error(status, message)
        : new Envelope(status, new { Status = "error", Message = message, Data = new { errors }, Version }, "application/json; charset=UTF-8");

    private sealed class Envelope(int status, object body, string contentType) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = contentType;
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await JsonSerializer.SerializeAsync(httpContext.Response.Body, body, ApiJson.Options, httpContext.RequestAborted);
            }
        }
    }
}
