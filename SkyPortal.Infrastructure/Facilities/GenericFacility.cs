using System.Globalization;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>
/// Any imager whose people are told of requests over an API of their own, in Slack or by e-mail, as the settings of the allocation
/// say; without settings the request is only kept.
/// </summary>
public sealed partial class GenericFacility(FacilityCalls calls, IMailer mailer) : IFacility, IFacilityUpdates, IFacilityDeletes
{
    private const int MostRecipients = 10;
    private const int LongestReason = 500;
    private const int LongestSetting = 2_000;

    /// <summary>Shortest part of an endpoint's path that is taken for a key, wherever it stands [characters].</summary>
    private const int LeastPathSecret = 12;

    private static readonly string[] Ways = ["API", "slack", "email"];

    /// <inheritdoc/>
    public string Classname => "GENERICAPI";

    /// <inheritdoc/>
    public IReadOnlyList<string> Addresses => ["endpoint"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets => ["api_token"];

    /// <inheritdoc/>
    public RequestForm FormOf(IReadOnlyList<string> filters) => new(
        new RequestField("observation_choices", "Filters", RequestFieldKind.Choices) { Choices = filters },
        new RequestField("exposure_time", "Exposure time", RequestFieldKind.Number) { Unit = "s", Default = 300, Min = 0, Max = 100_000 },
        new RequestField("exposure_counts", "Exposures", RequestFieldKind.Number) { Default = 1, Min = 1, Max = 10_000 },
        new RequestField("maximum_airmass", "Maximum airmass", RequestFieldKind.Number) { Default = 2, Min = 1, Max = 3 },
        new RequestField("minimum_lunar_distance", "Moon distance", RequestFieldKind.Number) { Unit = "°", Default = 30, Min = 0, Max = 180 },
        new RequestField("priority", "Priority", RequestFieldKind.Number) { Default = 1, Min = 1, Max = 5 },
        new RequestField("start_date", "Start", RequestFieldKind.Day),
        new RequestField("end_date", "End", RequestFieldKind.Day) { DefaultDays = 7 });

    /// <inheritdoc/>
    public string? AltdataFault(JsonObject altdata)
    {
        if (altdata.FirstOrDefault(item => item.Value is JsonValue one && one.TryGetValue<string>(out var text) && text.Length > LongestSetting).Key is { } longest)
        {
            return $"{longest}: String should have at most {LongestSetting} characters";
        }

        return Text(altdata, "notification_type") switch
        {
            "API" => Text(altdata, "api_token") is not { } token ? "api_token is required"
                : token.Any(letter => letter is < ' ' or > '~') ? "api_token: it holds a character that no header has"
                : Text(altdata, "endpoint") is { } endpoint && AddressOf(endpoint) is not null ? null
                : "endpoint: an address that begins with https:// or http:// is required",
            "slack" => new[] { "slack_workspace", "slack_channel", "slack_token" }.FirstOrDefault(name => Text(altdata, name) is not { } part || !SlackPart().IsMatch(part)) is { } missing
                ? $"{missing}: letters and digits are required"
                : null,
            "email" => Recipients(altdata) is { Count: > 0 and <= MostRecipients } ? null : $"email: one to {MostRecipients} addresses with commas between them are required",
            _ => $"notification_type: Input should be {string.Join(", ", Ways.Select(way => $"'{way}'"))}",
        };
    }

    /// <inheritdoc/>
    public JsonObject AltdataSchema()
    {
        var properties = new JsonObject { ["notification_type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Ways.Select(way => (JsonNode?)way)]) } };
        foreach (var name in new[] { "endpoint", "api_token", "slack_workspace", "slack_channel", "slack_token", "email" })
        {
            properties[name] = new JsonObject { ["type"] = "string" };
        }

        properties["include_comments"] = new JsonObject { ["type"] = "boolean", ["default"] = false };
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("notification_type") };
    }

    /// <inheritdoc/>
    public Task<FacilityAnswer> SubmitAsync(FacilityOrder order, CancellationToken ct) => TellAsync(order, "New", ct);

    /// <inheritdoc/>
    public Task<FacilityAnswer> UpdateAsync(FacilityOrder order, CancellationToken ct) => TellAsync(order, "Changed", ct);

    /// <inheritdoc/>
    public async Task<FacilityAnswer> DeleteAsync(FacilityOrder order, CancellationToken ct)
    {
        if (order.Altdata is not { } altdata || Text(altdata, "notification_type") is not "API")
        {
            var told = await TellAsync(order, "Withdrawn", ct);
            return told.Refusal is null ? new FacilityAnswer(FollowupStatus.Deleted) : told;
        }

        if (order.RemoteIds.Count == 0)
        {
            throw new FacilityException("The facility named no id for the request, so it cannot be withdrawn there.", mayPass: false);
        }

        var call = Api(altdata);
        foreach (var id in order.RemoteIds)
        {
            var reply = await calls.HandleAsync(order, call with { Method = HttpMethod.Delete, Path = $"{call.Path.TrimEnd('/')}/{Uri.EscapeDataString(id)}" }, SecretsOf(altdata), ct);
            // What is not there any more needs no withdrawing.
            if (reply.Status is >= 300 and not (404 or 410))
            {
                return FacilityAnswer.Refused(Reason(reply, altdata));
            }
        }

        return new FacilityAnswer(FollowupStatus.Deleted);
    }

    private async Task<FacilityAnswer> TellAsync(FacilityOrder order, string what, CancellationToken ct) => order.Altdata is not { } altdata
        ? new FacilityAnswer(FollowupStatus.Submitted)
        : Text(altdata, "notification_type") switch
        {
            "API" => await PostAsync(order, altdata, ct),
            "slack" => await SlackAsync(order, altdata, what, ct),
            "email" => await MailAsync(order, altdata, what, ct),
            _ => FacilityAnswer.Refused("no valid altdata configuration found."),
        };

    private async Task<FacilityAnswer> PostAsync(FacilityOrder order, JsonObject altdata, CancellationToken ct)
    {
        var body = new JsonObject { ["obj_id"] = order.ObjId, ["allocation_id"] = order.AllocationId, ["payload"] = JsonNode.Parse(order.Payload.GetRawText()) };
        var reply = await calls.HandleAsync(order, Api(altdata) with { Method = HttpMethod.Post, Json = body.ToJsonString() }, SecretsOf(altdata), ct);
        if (reply.Status >= 300)
        {
            return FacilityAnswer.Refused(Reason(reply, altdata));
        }

        return IsPage(reply)
            ? throw new FacilityException("The facility answered a web page, so it is not known whether it took the request.", mayPass: false)
            : new FacilityAnswer(FollowupStatus.Submitted, IdIn(reply));
    }

    private async Task<FacilityAnswer> SlackAsync(FacilityOrder order, JsonObject altdata, string what, CancellationToken ct)
    {
        string[] parts = [Text(altdata, "slack_workspace") ?? "", Text(altdata, "slack_channel") ?? "", Text(altdata, "slack_token") ?? ""];
        var service = new OutsideService("Slack", "Slack", "https://hooks.slack.com/services/") { Attempts = 1, MostReplyBytes = 1 << 20 };
        var reply = await calls.HandleAsync(
            order,
            new OutsideCall(service, string.Join('/', parts.Select(Uri.EscapeDataString))) { Method = HttpMethod.Post, Json = new JsonObject { ["text"] = Message(order, altdata, what) }.ToJsonString() },
            SecretsOf(altdata),
            ct);
        return reply.Status < 300 ? new FacilityAnswer(FollowupStatus.Submitted) : FacilityAnswer.Refused(Reason(reply, altdata));
    }

    private async Task<FacilityAnswer> MailAsync(FacilityOrder order, JsonObject altdata, string what, CancellationToken ct)
    {
        if (!mailer.IsEnabled)
        {
            throw new FacilityException("This site sends no e-mail (Mail:Host).", mayPass: false) { MayHaveHeard = false };
        }

        var recipients = Recipients(altdata) ?? [];
        var failed = new List<(int Number, SmtpException Error)>();
        var taken = 0;
        for (var index = 0; index < recipients.Count; index++)
        {
            try
            {
                await mailer.SendAsync(recipients[index], $"{what} follow-up request: {order.ObjId}", Message(order, altdata, what), ct);
                taken++;
            }
            catch (SmtpException error)
            {
                failed.Add((index + 1, error));
            }
            catch (OperationCanceledException) when (taken > 0)
            {
                // Who has it is not sent it again.
                break;
            }
        }

        // The server's words may name the recipients, who are settings of the allocation.
        order.Transactions.Add((
            new JsonObject { ["method"] = "e-mail", ["body"] = Message(order, altdata, what) },
            new JsonObject
            {
                ["ok"] = taken == recipients.Count,
                ["recipients"] = recipients.Count,
                ["taken"] = taken,
                ["errors"] = new JsonArray([.. failed.Select(one => (JsonNode?)$"recipient {one.Number}: {one.Error.StatusCode}")]),
            }));
        // Of SmtpStatusCode, 500 and above is for good, and what is below 400 is no reply of the server.
        return taken > 0 || failed is not [var (_, first), ..]
            ? new FacilityAnswer(FollowupStatus.Submitted)
            : throw new FacilityException($"The mail server did not take the message ({first.StatusCode}).", mayPass: failed.Exists(one => (int)one.Error.StatusCode < 500), first)
            {
                MayHaveHeard = failed.Exists(one => (int)one.Error.StatusCode < 400),
            };
    }

    private static string Message(FacilityOrder order, JsonObject altdata, string what)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{what} follow-up request {order.RequestId} for {order.ObjId} with {order.InstrumentName}, by {order.RequesterName}\n"));
        if (order is { RaDegrees: { } ra, DecDegrees: { } dec })
        {
            text.Append(CultureInfo.InvariantCulture, $"RA {ra:0.00000}°, Dec {dec:+0.00000;-0.00000}°\n");
        }

        text.Append(order.Words);
        if (order.Comment is { Length: > 0 } comment && altdata["include_comments"] is JsonValue wish && wish.TryGetValue<bool>(out var wanted) && wanted)
        {
            text.Append('\n').Append(comment);
        }

        return text.ToString();
    }

    private static OutsideCall Api(JsonObject altdata)
    {
        var address = AddressOf(Text(altdata, "endpoint") ?? "") ?? throw new FacilityException("The allocation's endpoint is not an address.", mayPass: false) { MayHaveHeard = false };
        return new OutsideCall(
            new OutsideService("GenericFacility", "The facility", address.GetLeftPart(UriPartial.Authority)) { Attempts = 1, MostReplyBytes = 1 << 20, IsEntered = true, IsPublicOnly = true }, address.AbsolutePath.TrimStart('/'))
        {
            Query = [.. QueryOf(address).Select(part => new OutsideField(Uri.UnescapeDataString(part.Name), Uri.UnescapeDataString(part.Value), IsSecret: true))],
            Headers = [new OutsideField("Authorization", $"token {Text(altdata, "api_token")}", IsSecret: true)],
        };
    }

    private static Uri? AddressOf(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { UserInfo: "", Fragment: "", Host.Length: > 0 }
        && !address.AbsolutePath.Contains("..", StringComparison.Ordinal) && !address.AbsolutePath.Contains("//", StringComparison.Ordinal)
        && !address.AbsolutePath.Contains("://", StringComparison.Ordinal)
            ? address
            : null;

    // What an address holds besides its host may be the key of a web hook. The longest go first, because one may hold another.
    private static List<string> SecretsOf(JsonObject altdata)
    {
        List<string?> found = [.. new[] { "api_token", "slack_workspace", "slack_channel", "slack_token" }.Select(name => Text(altdata, name))];
        if (AddressOf(Text(altdata, "endpoint") ?? "") is { } address)
        {
            found.AddRange([address.AbsolutePath.TrimEnd('/'), Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/'), address.Query.TrimStart('?')]);
            found.AddRange(address.AbsolutePath.Split('/').Where(part => part.Length >= LeastPathSecret));
            found.AddRange(QueryOf(address).SelectMany(part => new[] { part.Value, Uri.UnescapeDataString(part.Value) }));
        }

        return [.. found.OfType<string>().Where(secret => secret.Length > 0).Distinct().OrderByDescending(secret => secret.Length)];
    }

    private static IEnumerable<(string Name, string Value)> QueryOf(Uri address) =>
        address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(part => (part[0], part.Length > 1 ? part[1] : ""));

    private static string Reason(OutsideReply reply, JsonObject altdata)
    {
        var text = IsPage(reply) ? "" : FacilityCalls.TextOf(reply, SecretsOf(altdata), LongestReason).Trim();
        return text.Length > 0 ? text : string.Create(CultureInfo.InvariantCulture, $"HTTP {reply.Status}");
    }

    private static bool IsPage(OutsideReply reply) => reply.ContentType is "text/html" or "application/xhtml+xml";

    // Where the facility names the request in its reply: {"data": {"id": ...}}.
    private static string? IdIn(OutsideReply reply)
    {
        try
        {
            using var parsed = JsonDocument.Parse(reply.Body);
            return parsed.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
                && data.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.Number or JsonValueKind.String && $"{id}" is { Length: > 0 and <= 200 } name && !name.Any(char.IsControl)
                ? name
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string>? Recipients(JsonObject altdata)
    {
        var named = (Text(altdata, "email") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        return named.TrueForAll(address => MailAddress.TryCreate(address, out var parsed) && parsed.Address == address) ? named : null;
    }

    private static string? Text(JsonObject altdata, string name) => altdata[name] is JsonValue one && one.TryGetValue<string>(out var text) && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlackPart();
}
