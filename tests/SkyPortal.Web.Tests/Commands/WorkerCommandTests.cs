using System.Diagnostics;
using System.Net;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Commands;

/// <summary>A node without pages, as a process of its own.</summary>
public sealed class WorkerCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("worker-");
    private TestSite? _site;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _site!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Worker_WithAnAddressAndAnOtlpEndpoint_AnswersForItsHealthAndPushesFigures()
    {
        await using var collector = await OutsideSimulator.StartAsync();
        collector.On("v1", _ => SimulatedReply.Text(""));
        using var worker = Start(collector.Address);
        try
        {
            var ready = await worker.StandardOutput.ReadLineAsync(Ct) ?? "";
            Assert.StartsWith("The worker is ready at http://127.0.0.1:", ready, StringComparison.Ordinal);
            using var http = new HttpClient { BaseAddress = new Uri(ready.Split(' ')[^1]) };
            Assert.Equal("ready", await http.GetStringAsync("/health/ready", Ct));
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/candidates", Ct)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/sysinfo", Ct)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics", Ct)).StatusCode);
            using var asked = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            asked.Headers.TryAddWithoutValidation("Authorization", $"token {(await _site!.Node.AdminAsync()).Token}");
            using var answer = await http.SendAsync(asked, Ct);
            Assert.Contains("dotnet_", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

            using var late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            late.CancelAfter(TimeSpan.FromSeconds(60));
            while (!collector.Requests.Any(request => request is { Service: "v1", Path: "metrics" } && request.Body.Contains("dotnet.", StringComparison.Ordinal)))
            {
                await Task.Delay(50, late.Token);
            }
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(string collector)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "SkyPortal.Web.dll"), "worker", "--urls", "http://127.0.0.1:0", "--data-dir", _folder.FullName },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SKYPORTAL_DATABASE"] = _site!.ConnectionString;
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
