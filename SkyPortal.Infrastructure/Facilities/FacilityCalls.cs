using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Calls facilities, and notes with the request what was said and answered.</summary>
public sealed class FacilityCalls(CallOutside call, Contexts contexts)
{
    /// <summary>Longest answer that is kept [characters].</summary>
    private const int MostContent = 20_000;

    /// <summary>Statuses that are a facility's answer: its refusals, but not those that tell to come again.</summary>
    private static readonly int[] Refusals = [.. Enumerable.Range(400, 100).Except([408, 425, 429])];

    /// <summary>Calls and answers the reply, which may be a refusal (400 to 499).</summary>
    /// <param name="order">The request that it is about.</param>
    /// <param name="request">What to say. It is said under the order's key, once: who tells decides whether it is said again.</param>
    /// <param name="secrets">Texts that are kept out of what is noted.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="FacilityException">There was no answer.</exception>
    public async Task<OutsideReply> HandleAsync(FacilityOrder order, OutsideCall request, IReadOnlyList<string> secrets, CancellationToken ct)
    {
        var asked = request with { AlsoAnswers = Refusals, IdempotencyKey = $"{order.Key}", Secrets = secrets, Subject = $"{order.ObjId} follow-up request {order.RequestId}" };
        var noted = new JsonObject
        {
            ["method"] = request.Method.Method,
            // Only who is spoken with: the rest of an address may be a key.
            ["url"] = Uri.TryCreate(request.Service.Address, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Authority) : null,
            ["headers"] = new JsonObject([.. request.Headers.Select(header => KeyValuePair.Create(header.Name, (JsonNode?)(header.IsSecret ? "***" : header.Value)))]),
            ["body"] = request.Json is { } json ? Hidden(json, secrets) : null,
        };
        var started = contexts.Clock.GetTimestamp();
        try
        {
            var reply = await call.HandleAsync(order.Initiator, asked, ct);
            order.Transactions.Add((noted, new JsonObject
            {
                ["status_code"] = reply.Status,
                ["ok"] = reply.Status < 300,
                ["content_type"] = reply.ContentType,
                ["content"] = TextOf(reply, secrets, MostContent),
                ["elapsed"] = contexts.Clock.GetElapsedTime(started).TotalSeconds,
            }));
            return reply;
        }
        catch (OutsideException error)
        {
            order.Transactions.Add((noted, new JsonObject
            {
                ["status_code"] = error.Status, ["ok"] = false, ["error"] = error.Message, ["elapsed"] = contexts.Clock.GetElapsedTime(started).TotalSeconds,
            }));
            throw new FacilityException(error.Message, error.MayPass, error)
            {
                MayHaveHeard = error.Failure is not (OutsideFailure.NotConfigured or OutsideFailure.CircuitOpen) && error.Status is not (425 or 429),
            };
        }
    }

    /// <summary>A reply's text without secrets and without what PostgreSQL cannot hold, cut to a length.</summary>
    public static string TextOf(OutsideReply reply, IReadOnlyList<string> secrets, int most)
    {
        var text = Hidden(new string([.. reply.Text.Select(letter => char.IsControl(letter) && letter != '\n' ? ' ' : letter)]), secrets);
        var length = Math.Min(text.Length, most);
        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    private static string Hidden(string text, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal).Replace(JsonEncodedText.Encode(secret).Value, "***", StringComparison.Ordinal);
        }

        return text;
    }
}
