using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SkyPortal.TestServer;

/// <summary>Google as Pitt-Google needs it: gives a token for a signed assertion, answers queries of a table in pages, and keeps messages until they are acknowledged.</summary>
public static class SimulatedGoogle
{
    /// <summary>The service account.</summary>
    public const string Account = "owl@night-project.iam.gserviceaccount.com";

    /// <summary>Token that it gives.</summary>
    public const string Token = "ya29.token-of-the-night-0123456789";

    /// <summary>The project.</summary>
    public const string Project = "night-project";

    private static readonly RSA Key = RSA.Create(2048);

    private static readonly string[] Columns =
        ["objectId", "candid", "jd", "fid", "magpsf", "sigmapsf", "diffmaglim", "isdiffpos", "ra", "dec", "programid", "drb", "rb", "ndethist", "sgscore1", "distpsnr1"];

    private static readonly string[] Past = ["jd", "fid", "magpsf", "sigmapsf", "diffmaglim", "isdiffpos", "ra", "dec", "programid"];

    /// <summary>A line of the private key, which must not appear anywhere.</summary>
    public static string PrivateLine { get; } = Key.ExportPkcs8PrivateKeyPem().Split('\n')[5];

    /// <summary>The key file.</summary>
    public static string KeyFile { get; } = new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = Project,
        ["private_key_id"] = "night-key-1",
        ["private_key"] = Key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = Account,
        ["token_uri"] = "https://evil.example.org/token",
    }.ToJsonString();

    private static SimulatedReply Unauthorized => SimulatedReply.Fault(401, """{"error":{"code":401,"message":"Request had invalid authentication credentials."}}""");

    /// <summary>The answer; null where the service or the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request) => request.Service switch
    {
        "GoogleAccounts" => request.Path == "token" && request["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer" && IsSigned(request["assertion"])
            ? SimulatedReply.Json($$"""{"access_token":"{{Token}}","expires_in":3599,"token_type":"Bearer"}""")
            : SimulatedReply.Fault(400, """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"""),
        "BigQuery" or "PubSub" when request.Headers.GetValueOrDefault("Authorization") != $"Bearer {Token}" => Unauthorized,
        "BigQuery" => Query(request),
        "PubSub" => request.Path == $"v1/projects/{Project}/subscriptions/night" ? SimulatedReply.Json("""{"name":"night"}""") : null,
        _ => null,
    };

    private static bool IsSigned(string assertion)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature])
        {
            return false;
        }

        var (head, body) = (Parse(header), Parse(claims));
        return $"{head["alg"]}" == "RS256" && $"{head["kid"]}" == "night-key-1" && $"{body["iss"]}" == Account && $"{body["aud"]}" == "https://oauth2.googleapis.com/token"
            && body["exp"]!.GetValue<long>() - body["iat"]!.GetValue<long>() == 3600 && $"{body["scope"]}".Contains("auth/bigquery", StringComparison.Ordinal)
            && Key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), System.Buffers.Text.Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static JsonObject Parse(string part) => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(part))!.AsObject();

    private static SimulatedReply? Query(SimulatedRequest request)
    {
        const string queries = $"bigquery/v2/projects/{Project}/queries";
        if (request.Path == $"{queries}/job_1")
        {
            return request["location"] != "US" ? null : request["pageToken"] switch
            {
                "" => Page([Newest(withHistory: true)], withHistory: true, "p2"),
                "p2" => Page([Oldest(withHistory: true)], withHistory: true, null),
                _ => null,
            };
        }

        if (request.Path != queries)
        {
            return null;
        }

        var body = SimulatedBrokers.Body(request);
        var (sql, fields) = ($"{body["query"]}", body["queryParameters"]!.AsArray().ToDictionary(one => $"{one!["name"]}", one => $"{one!["parameterValue"]!["value"]}"));
        if (sql.StartsWith("SELECT 1", StringComparison.Ordinal))
        {
            return SimulatedReply.Json("""{"jobComplete":true,"totalRows":"1","schema":{"fields":[{"name":"one","type":"INTEGER","mode":"NULLABLE"}]},"rows":[{"f":[{"v":"1"}]}]}""");
        }

        var isKnown = fields.GetValueOrDefault("objectId", SimulatedBrokers.ZtfName) == SimulatedBrokers.ZtfName;
        return (sql, isKnown) switch
        {
            (_, false) => Page([], withHistory: false, null),
            _ when sql.Contains("stampData", StringComparison.Ordinal) => Stamps(),
            _ when sql.Contains("UNNEST", StringComparison.Ordinal) => SimulatedReply.Json($$"""{"jobComplete":false,"jobReference":{"projectId":"{{Project}}","jobId":"job_1","location":"US"} }"""),
            _ when fields.ContainsKey("radius") => Page([Newest(withHistory: false)], withHistory: false, null),
            _ => Page([Newest(withHistory: false), Oldest(withHistory: false)], withHistory: false, null),
        };
    }

    private static SimulatedReply Stamps()
    {
        string[] names = ["candid", "science", "template", "difference"];
        var cells = names.Select((name, i) => i == 0 ? "1246250000000000002" : Convert.ToBase64String(SimulatedBrokers.Fits(40 + i)));
        return SimulatedReply.Json(new JsonObject
        {
            ["jobComplete"] = true,
            ["schema"] = new JsonObject { ["fields"] = new JsonArray([.. names.Select((name, i) => (JsonNode?)Column(name, i == 0 ? "INTEGER" : "BYTES"))]) },
            ["rows"] = new JsonArray(Row(cells)),
        }.ToJsonString());
    }

    private static JsonObject Newest(bool withHistory) => Alert(
        2, 59001.25, 2, "f", !withHistory ? null : new JsonArray(new JsonObject { ["v"] = Row([Text(2459000.75), "1", "18.9", "0.1", "20.5", "t", "150.10001", "2.20001", "1"]) }, new JsonObject { ["v"] = Row([Text(2459002.75), "1", null, null, "20.5", null, null, null, "1"]) }));

    private static JsonObject Oldest(bool withHistory) => Alert(1, 59000.25, 1, "t", withHistory ? [] : null);

    private static JsonObject Alert(int number, double mjd, int fid, string sign, JsonArray? history)
    {
        var row = Row([SimulatedBrokers.ZtfName, $"124625000000000000{number}", Text(mjd + 2400000.5), $"{fid}", "18.9", "0.1", "20.5", sign, "150.10001", "2.20001", "1", "0.98", "0.7", "2", null, "NaN"]);
        if (history is not null)
        {
            row["f"]!.AsArray().Add(new JsonObject { ["v"] = history });
        }

        return row;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static JsonObject Row(IEnumerable<string?> cells) => new() { ["f"] = new JsonArray([.. cells.Select(cell => (JsonNode?)new JsonObject { ["v"] = cell })]) };

    private static JsonObject Column(string name, string type) => new() { ["name"] = name, ["type"] = type, ["mode"] = "NULLABLE" };

    private static SimulatedReply Page(JsonObject[] rows, bool withHistory, string? next)
    {
        var fields = new JsonArray([.. Columns.Select(name => (JsonNode?)Column(name, name is "objectId" or "isdiffpos" ? "STRING" : "FLOAT"))]);
        if (withHistory)
        {
            fields.Add(new JsonObject { ["name"] = "history", ["type"] = "RECORD", ["mode"] = "REPEATED", ["fields"] = new JsonArray([.. Past.Select(name => (JsonNode?)Column(name, name == "isdiffpos" ? "STRING" : "FLOAT"))]) });
        }

        var page = new JsonObject
        {
            ["jobComplete"] = true,
            ["jobReference"] = new JsonObject { ["projectId"] = Project, ["jobId"] = "job_1", ["location"] = "US" },
            ["schema"] = new JsonObject { ["fields"] = fields },
            ["rows"] = new JsonArray([.. rows]),
        };
        if (next is not null)
        {
            page["pageToken"] = next;
        }

        return SimulatedReply.Json(page.ToJsonString());
    }
}
