using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>What facilities are told, and what becomes of a request where they fail.</summary>
public sealed class TellFacilityTests
{
    private const string Service = "GenericFacility";
    private static readonly object SlackSettings = new { notification_type = "slack", slack_workspace = "T0AB", slack_channel = "C0AB", slack_token = FollowupScene.Token.Replace("3", "e", StringComparison.Ordinal) };

    [Fact]
    public async Task Post_ToAnApi_SendsTheRequestAndKeepsWhatWasSaidWithoutTheToken()
    {
        await using var stage = await Stage.StartAsync(_ => SimulatedReply.Json($$"""{"status": "success", "data": {"id": 77}, "token": "{{FollowupScene.Token}}"}"""));

        var (id, status) = await stage.Scene.AskedAsync();
        var one = await stage.Scene.Member.GetAsync($"/api/followup_request/{id}");

        var sent = Assert.Single(stage.Asked);
        Assert.Equal(("POST", "requests", $"token {FollowupScene.Token}"), (sent.Method, sent.Path, sent.Headers["Authorization"]));
        Assert.Contains($"\"obj_id\":\"{stage.Scene.Obj}\"", sent.Body, StringComparison.Ordinal);
        Assert.Contains("\"observation_choices\":[\"ztfg\"]", sent.Body, StringComparison.Ordinal);
        Assert.Equal("submitted", status);
        var said = Assert.Single(one.GetProperty("transactions").EnumerateArray());
        Assert.Equal(200, said.GetProperty("response").GetProperty("status_code").GetInt32());
        Assert.DoesNotContain(FollowupScene.Token, $"{one}", StringComparison.Ordinal);
        Assert.DoesNotContain(FollowupScene.Token, $"{await stage.Scene.Member.GetAsync("/api/outside/transactions")}", StringComparison.Ordinal);

        await stage.Scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{id}");
        Assert.Equal(("DELETE", "requests/77"), (stage.Asked[^1].Method, stage.Asked[^1].Path));
        Assert.Equal("deleted", await stage.Scene.StatusAsync(id));
    }

    [Theory]
    [InlineData("503", "failed to submit: ")]
    [InlineData("page", "failed to submit: The facility answered a web page")]
    [InlineData("reset", "failed to submit: ")]
    [InlineData("slow", "failed to submit: The facility did not answer within")]
    public async Task Post_WhileTheFacilityFails_Answers400AndCanBeSubmittedAnew(string fault, string expected)
    {
        var fails = true;
        await using var stage = await Stage.StartAsync(async (_, ct) =>
        {
            if (fails && fault == "slow")
            {
                await Task.Delay(Timeout.Infinite, ct);
            }

            return !fails ? SimulatedReply.Json("{}") : fault switch
            {
                "503" => SimulatedReply.Fault(503, $"busy {FollowupScene.Token}"),
                "page" => SimulatedReply.Text("<html>sign in</html>", "text/html"),
                _ => SimulatedReply.Reset,
            };
        });

        var (status, envelope) = await stage.Scene.AskAsync();
        var listed = Assert.Single((await stage.Scene.Member.GetAsync("/api/followup_request")).GetProperty("followup_requests").EnumerateArray());
        fails = false;
        await stage.Scene.Member.DataAsync(HttpMethod.Put, $"/api/followup_request/{listed.GetProperty("id")}", stage.Scene.Body());

        Assert.Equal(400, status);
        Assert.StartsWith("Error submitting follow-up request:", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(expected, listed.GetProperty("status").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(FollowupScene.Token, $"{envelope}{listed}", StringComparison.Ordinal);
        Assert.Equal("submitted", await stage.Scene.StatusAsync(listed.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task Post_RefusedByTheFacility_IsRejectedInItsWords()
    {
        await using var stage = await Stage.StartAsync(_ => SimulatedReply.Fault(400, "no time left"));

        var (id, status) = await stage.Scene.AskedAsync();

        Assert.Equal("rejected: no time left", status);
        await stage.Scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{id}");
        Assert.Equal("deleted", await stage.Scene.StatusAsync(id));
        Assert.Single(stage.Asked);
    }

    [Fact]
    public async Task Post_ToSlack_SendsAMessage()
    {
        await using var stage = await Stage.StartAsync(_ => SimulatedReply.Text("ok"), SlackSettings, "Slack");

        var (_, status) = await stage.Scene.AskedAsync();

        Assert.Equal("submitted", status);
        Assert.Contains(stage.Scene.Obj, Assert.Single(stage.Asked).Body, StringComparison.Ordinal);
        Assert.StartsWith("T0AB/C0AB/", stage.Asked[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RefusedInWordsThatHoldKeys_KeepsThemOutOfStatusAndTransactions()
    {
        string[] keys = ["K3Y", "T0KENinTHEpath", "deep/T0KENinTHEpath", FollowupScene.Token];
        await using var stage = await Stage.StartAsync(
            _ => SimulatedReply.Fault(403, string.Join(" or ", keys) + " is not valid"),
            new { notification_type = "API", endpoint = "https://facility.example.org/deep/T0KENinTHEpath?key=K3Y", api_token = FollowupScene.Token });

        var (id, status) = await stage.Scene.AskedAsync();
        var kept = $"{await stage.Scene.Member.GetAsync($"/api/followup_request/{id}")}{await stage.Scene.Member.GetAsync("/api/outside/transactions")}";

        Assert.Equal("K3Y", Assert.Single(stage.Asked)["key"]);
        Assert.StartsWith("rejected: *** or ", status, StringComparison.Ordinal);
        Assert.All(keys, key => Assert.DoesNotContain(key, status + kept, StringComparison.Ordinal));
        Assert.DoesNotContain("K3Y", await ToldAsync(stage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0, "failed to submit: The facility is not called: its address is inside a network")]
    [InlineData("other, LOCALHOST", 1, "submitted")]
    public async Task Post_ToAnEndpointInsideTheNetwork_CallsOnlyAllowedHosts(string allowed, int calls, string expected)
    {
        await using var inside = await OutsideSimulator.StartAsync();
        inside.On("index", _ => SimulatedReply.Json("{}"));
        // As on a site where the configuration has no address that stands in for all.
        await using var server = await TestSite.StartAsync(builder => (builder.Configuration["Outside:Address"], builder.Configuration["Outside:AllowedHosts"]) = ("", allowed));
        var scene = await FollowupScene.MakeAsync(server.Node, new { notification_type = "API", endpoint = $"http://localhost:{new Uri(inside.Address).Port}/index/_search", api_token = FollowupScene.Token });

        await scene.AskAsync();

        var listed = Assert.Single((await scene.Member.GetAsync("/api/followup_request")).GetProperty("followup_requests").EnumerateArray());
        Assert.StartsWith(expected, listed.GetProperty("status").GetString(), StringComparison.Ordinal);
        Assert.Equal(calls, inside.Requests.Count);
    }

    [Fact]
    public async Task Post_ToSlackThatNamesItsParts_KeepsThemOutOfTheStatus()
    {
        await using var stage = await Stage.StartAsync(request => SimulatedReply.Fault(404, $"{request.Path} is gone"), SlackSettings, "Slack");

        var (_, status) = await stage.Scene.AskedAsync();

        Assert.Equal("rejected: ***/***/*** is gone", status);
    }

    [Fact]
    public async Task Post_ByMailThatOneRecipientDoesNotGet_IsSubmittedAndSaysSo()
    {
        await using var smtp = new SmtpSink { Refused = "b@example.org" };
        await using var server = await MailSiteAsync(smtp);
        var scene = await FollowupScene.MakeAsync(server.Node, new { notification_type = "email", email = "a@example.org, b@example.org, c@example.org" });

        var (id, status) = await scene.AskedAsync();

        Assert.Equal(("submitted", 2), (status, smtp.Messages.Count));
        var said = Assert.Single((await scene.Member.GetAsync($"/api/followup_request/{id}")).GetProperty("transactions").EnumerateArray()).GetProperty("response");
        Assert.Equal((false, 2), (said.GetProperty("ok").GetBoolean(), said.GetProperty("taken").GetInt32()));
        Assert.Equal("recipient 2: MailboxUnavailable", Assert.Single(said.GetProperty("errors").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Queue_MailRefusedForGood_IsGivenUpAtOnceAndNeedsNoWithdrawal()
    {
        await using var smtp = new SmtpSink { Refused = "b@example.org" };
        await using var server = await MailSiteAsync(smtp);
        var scene = await FollowupScene.MakeAsync(server.Node, new { notification_type = "email", email = "b@example.org" });
        var id = await StoreAsync(server.Node, scene, begun: null);
        var tell = server.Node.Services.GetRequiredService<TellFacility>();

        await tell.RunAsync((await tell.ClaimAsync(CancellationToken.None))!, somebodyWaits: false, CancellationToken.None);
        var status = await scene.StatusAsync(id);
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{id}");

        Assert.Equal("failed to submit: The mail server did not take the message (MailboxUnavailable).", status);
        Assert.Equal("deleted", await scene.StatusAsync(id));
        Assert.Empty(smtp.Messages);
    }

    [Fact]
    public async Task Post_ByMail_SendsOneToEachRecipient()
    {
        await using var smtp = new SmtpSink();
        await using var server = await MailSiteAsync(smtp);
        var scene = await FollowupScene.MakeAsync(server.Node, new { notification_type = "email", email = "a@example.org, b@example.org" });

        var (_, status) = await scene.AskedAsync();

        Assert.Equal("submitted", status);
        Assert.Equal(2, smtp.Messages.Count);
        Assert.All(smtp.Messages, message => Assert.Contains(scene.Obj, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_StoredBeforeACrash_IsToldOnceByTwoNodes()
    {
        await using var stage = await Stage.StartAsync(_ => SimulatedReply.Json("""{"data": {"id": "r1"}}"""));
        var id = await StoreAsync(stage, begun: stage.Node.Contexts.Clock.GetUtcNow().UtcDateTime - TellFacility.Silence - TimeSpan.FromMinutes(1));
        var tell = stage.Node.Services.GetRequiredService<TellFacility>();

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tell.ClaimAsync(CancellationToken.None)));
        var begun = Assert.Single(claims.OfType<BegunFollowup>());
        await tell.RunAsync(begun, somebodyWaits: false, CancellationToken.None);

        Assert.Single(stage.Asked);
        Assert.Equal("submitted", await stage.Scene.StatusAsync(id));
        Assert.Null(await tell.ClaimAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Queue_FacilityDownAtFirst_IsToldLaterUnderTheSameKey()
    {
        var fails = true;
        await using var stage = await Stage.StartAsync(_ => fails ? SimulatedReply.Fault(503) : SimulatedReply.Json("{}"));
        var id = await StoreAsync(stage, begun: null);
        var tell = stage.Node.Services.GetRequiredService<TellFacility>();

        await tell.RunAsync((await tell.ClaimAsync(CancellationToken.None))!, somebodyWaits: false, CancellationToken.None);
        Assert.Equal("pending submission", await stage.Scene.StatusAsync(id));
        Assert.Null(await tell.ClaimAsync(CancellationToken.None));
        fails = false;
        await DueAsync(stage, id);
        await tell.RunAsync((await tell.ClaimAsync(CancellationToken.None))!, somebodyWaits: false, CancellationToken.None);

        Assert.Equal("submitted", await stage.Scene.StatusAsync(id));
        Assert.Equal(2, stage.Asked.Count);
        Assert.Single(stage.Asked.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Queue_ThatNeverSucceeds_IsGivenUpAndSaysWhy()
    {
        await using var stage = await Stage.StartAsync(_ => SimulatedReply.Fault(503, "closed"));
        var id = await StoreAsync(stage, begun: null);
        var tell = stage.Node.Services.GetRequiredService<TellFacility>();

        for (var attempt = 0; attempt < TellFacility.MostTries; attempt++)
        {
            await DueAsync(stage, id);
            await tell.RunAsync((await tell.ClaimAsync(CancellationToken.None))!, somebodyWaits: false, CancellationToken.None);
        }

        Assert.StartsWith("failed to submit: ", await stage.Scene.StatusAsync(id), StringComparison.Ordinal);
        Assert.Null(await tell.ClaimAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Status_SetByHandWhileItIsTold_StaysAndTheNameThatTheFacilityGaveIsKept()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var stage = await Stage.StartAsync(async (_, _) =>
        {
            asked.TrySetResult();
            await answer.Task;
            return SimulatedReply.Json("""{"data": {"id": "r9"}}""");
        });

        var posting = stage.Scene.AskAsync();
        await asked.Task;
        var id = (await stage.Scene.Member.GetAsync("/api/followup_request")).GetProperty("followup_requests")[0].GetProperty("id").GetInt32();
        Assert.Equal(409, (await stage.Scene.Member.SendAsync(HttpMethod.Delete, $"/api/followup_request/{id}")).Status);
        await stage.Scene.Member.DataAsync(HttpMethod.Put, $"/api/followup_request/{id}", new { status = "Complete" });
        answer.SetResult();
        await posting;

        Assert.Equal("Complete", await stage.Scene.StatusAsync(id));
        await stage.Scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{id}");
        Assert.Equal(("DELETE", "requests/r9"), (stage.Asked[^1].Method, stage.Asked[^1].Path));
    }

    [Fact]
    public async Task Delete_RefusedByTheFacility_IsToldAgainUntilItIsTaken()
    {
        var answers = new Queue<SimulatedReply>([SimulatedReply.Text("ok"), SimulatedReply.Fault(403, "rejected here"), SimulatedReply.Text("ok")]);
        await using var stage = await Stage.StartAsync(_ => answers.Dequeue(), SlackSettings, "Slack");
        var (id, _) = await stage.Scene.AskedAsync();

        await stage.Scene.Member.SendAsync(HttpMethod.Delete, $"/api/followup_request/{id}");
        var refused = await stage.Scene.StatusAsync(id);
        await stage.Scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{id}");

        Assert.Equal("failed to delete: rejected here", refused);
        Assert.Equal("deleted", await stage.Scene.StatusAsync(id));
        Assert.Equal(3, stage.Asked.Count);
    }

    [Fact]
    public async Task Delete_AfterChanges_WithdrawsAllThatTheFacilityNamed()
    {
        var answers = new Queue<SimulatedReply>([
            SimulatedReply.Json("""{"data": {"id": 1}}"""), SimulatedReply.Fault(400, "no change"), SimulatedReply.Json("""{"data": {"id": 2}}"""), SimulatedReply.Fault(404), SimulatedReply.Text("")]);
        await using var stage = await Stage.StartAsync(_ => answers.Dequeue());
        var (id, _) = await stage.Scene.AskedAsync();

        await stage.Scene.Member.SendAsync(HttpMethod.Put, $"/api/followup_request/{id}", stage.Scene.Body());
        var refused = await stage.Scene.StatusAsync(id);
        await stage.Scene.Member.DataAsync(HttpMethod.Put, $"/api/followup_request/{id}", stage.Scene.Body());
        await stage.Scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{id}");

        Assert.Equal("failed to update: no change", refused);
        Assert.Equal("deleted", await stage.Scene.StatusAsync(id));
        Assert.Equal(["requests/1", "requests/2"], stage.Asked.Where(asked => asked.Method == "DELETE").Select(asked => asked.Path));
    }

    [Fact]
    public async Task Delete_OfWhatTheFacilityMayHave_IsNotCalledDeleted()
    {
        await using var stage = await Stage.StartAsync(_ => SimulatedReply.Reset);
        await stage.Scene.AskAsync();
        var id = (await stage.Scene.Member.GetAsync("/api/followup_request")).GetProperty("followup_requests")[0].GetProperty("id").GetInt32();
        var unheard = await StoreAsync(stage, begun: stage.Node.Contexts.Clock.GetUtcNow().UtcDateTime - TellFacility.Silence - TimeSpan.FromMinutes(1));

        Assert.Equal(400, (await stage.Scene.Member.SendAsync(HttpMethod.Delete, $"/api/followup_request/{id}")).Status);
        await stage.Scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{unheard}");

        Assert.StartsWith("failed to delete: The facility named no id", await stage.Scene.StatusAsync(id), StringComparison.Ordinal);
        Assert.Equal("deleted", await stage.Scene.StatusAsync(unheard));
    }

    // As if the node had stopped after it stored the request.
    private static Task<int> StoreAsync(Stage stage, DateTime? begun) => StoreAsync(stage.Node, stage.Scene, begun);

    private static async Task<int> StoreAsync(TestNode node, FollowupScene scene, DateTime? begun)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var request = new FollowupRequest
        {
            ObjId = scene.Obj, AllocationId = scene.Allocation, RequesterId = scene.Member.UserId, LastModifiedById = scene.Member.UserId,
            Payload = System.Text.Json.JsonSerializer.SerializeToElement(new { observation_choices = new[] { "ztfg" } }),
        };
        request.Begin(FollowupWork.Submit, begun ?? db.UtcNow, isBegun: begun is not null);
        db.Add(request);
        await db.SaveChangesAsync();
        return request.Id;
    }

    private static Task<TestSite> MailSiteAsync(SmtpSink smtp) => TestSite.StartAsync(builder =>
    {
        foreach (var (name, value) in new[] { ("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{smtp.Port}"), ("Mail:UseTls", "false"), ("Mail:From", "portal@example.org") })
        {
            builder.Configuration[name] = value;
        }
    });

    // The events that tell what became of requests.
    private static async Task<string> ToldAsync(Stage stage)
    {
        await using var db = stage.Node.Contexts.For(Viewer.System);
        return string.Join('\n', await db.Set<Domain.Operations.OutboxEvent>().Where(row => row.Kind == "followup.told").Select(row => $"{row.Payload}").ToListAsync());
    }

    private static async Task DueAsync(Stage stage, int id)
    {
        await using var db = stage.Node.Contexts.For(Viewer.System);
        var now = db.UtcNow;
        await db.Set<FollowupRequest>().Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, now));
    }

    private sealed class Stage : IAsyncDisposable
    {
        private readonly string _service;
        private readonly OutsideSimulator _simulator;
        private readonly TestSite _site;

        private Stage(string service, OutsideSimulator simulator, TestSite site, FollowupScene scene)
        {
            (_service, _simulator, _site, Scene) = (service, simulator, site, scene);
        }

        public FollowupScene Scene { get; }

        public TestNode Node => _site.Node;

        public IReadOnlyList<SimulatedRequest> Asked => [.. _simulator.Requests.Where(request => request.Service == _service)];

        public static Task<Stage> StartAsync(Func<SimulatedRequest, SimulatedReply> answer, object? altdata = null, string service = Service) =>
            StartAsync((request, _) => Task.FromResult(answer(request)), altdata, service);

        public static async Task<Stage> StartAsync(Func<SimulatedRequest, CancellationToken, Task<SimulatedReply>> answer, object? altdata = null, string service = Service)
        {
            var simulator = await OutsideSimulator.StartAsync();
            simulator.On(service, answer);
            var site = await TestSite.StartAsync(builder =>
            {
                builder.Configuration["Outside:Address"] = simulator.Address;
                builder.Configuration[$"Outside:{service}:TimeoutSeconds"] = "1";
                builder.Configuration["Outside:BreakerFailures"] = "100";
            });
            return new Stage(service, simulator, site, await FollowupScene.MakeAsync(site.Node, altdata ?? FollowupScene.Api()));
        }

        public async ValueTask DisposeAsync()
        {
            await _site.DisposeAsync();
            await _simulator.DisposeAsync();
        }
    }
}
