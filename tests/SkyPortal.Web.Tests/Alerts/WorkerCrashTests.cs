using System.Diagnostics;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Two workers that share a topic while one after the other is killed.</summary>
public sealed class WorkerCrashTests : IAsyncLifetime
{
    private const int Kills = 10;
    private const int Partitions = 6;
    private const int PacketsPerKill = 240;
    private const int Packets = (Kills + 1) * PacketsPerKill;
    private const string Topic = "ztf_20260103_programid1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("worker-crash-");
    private readonly Process?[] _workers = new Process?[2];
    private StreamWorld? _started;

    private StreamWorld World => _started!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _started = await StreamWorld.StartAsync(runsJobs: false);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers.OfType<Process>())
        {
            worker.Kill();
            await worker.WaitForExitAsync(CancellationToken.None);
            worker.Dispose();
        }

        if (_started is not null)
        {
            await _started.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Kill_TenTimesOneOfTwoWorkers_LosesAndDoublesNothing()
    {
        var (group, member) = await World.Site.GroupAsync("crash", "ZTF Public");
        await World.Site.FilterAsync(member, group, "ZTF Public", "candidate.drb > 0.5");
        World.Kafka.CreateTopic(Topic, Partitions);
        var draft = await World.DraftAsync(Topic);
        var id = await World.SubscribeAsync(draft);
        (_workers[0], _workers[1]) = (Start(0), Start(1));
        await World.UntilAsync("Both workers", async () => (await World.SubscriptionAsync(id)).Partitions.Select(part => part.Node).OfType<string>().Distinct().Count() == 2);
        var random = new Random(20_261_121);

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = await World.AlertsAsync();
            // They come over a second or so, so that the kill meets packets in every state.
            var producing = ProduceAsync(kill);
            await World.UntilAsync($"Progress before kill {kill}", async () => await World.AlertsAsync() > before);
            await Task.Delay(random.Next(0, 400), Ct);
            var victim = random.Next(2);
            _workers[victim]!.Kill();
            await _workers[victim]!.WaitForExitAsync(Ct);
            await producing;
            await AssertNoOffsetRanAheadAsync(draft.ConsumerGroup);
            _workers[victim]!.Dispose();
            _workers[victim] = Start(victim);
        }

        await ProduceAsync(Kills);
        await World.UntilAsync("Every packet", async () => await World.AlertsAsync() == Packets);
        await World.UntilAsync("Every offset", () => Task.FromResult(World.Kafka.Committed(draft.ConsumerGroup, Topic, Partitions).Values.Sum() == Packets));

        // One row of the archive, three points and one passing for each packet.
        Assert.Equal(
            [$"{Packets} {Packets} {3 * Packets} {Packets} {Packets}"],
            await World.Site.QueryAsync<string>("""
                select concat_ws(' ', (select count(*) from alerts), (select count(distinct alert_id) from alerts), (select count(*) from photometry),
                    (select count(*) from candidates), (select count(distinct passing_alert_id) from candidates))
                """));
        Assert.Empty(await World.SetAsideAsync(id));
    }

    private Task ProduceAsync(int part) => Task.WhenAll(Enumerable.Range(part * PacketsPerKill, PacketsPerKill).Select(async i =>
    {
        await Task.Delay((i % PacketsPerKill) * 4, Ct);
        await World.Kafka.ProduceAsync(Topic, i % Partitions, StreamWorld.Packet(i));
    }));

    /// <summary>Every packet before a committed offset is in the database. Packet number i lies in partition i mod 6, in any order.</summary>
    private async Task AssertNoOffsetRanAheadAsync(string group)
    {
        var committed = World.Kafka.Committed(group, Topic, Partitions);
        foreach (var (partition, offset) in committed)
        {
            var inDatabase = (await World.Site.QueryAsync<long>($"select count(*) from alerts where (alert_id - 5000000) % {Partitions} = {partition}")).Single();
            Assert.True(inDatabase >= offset, $"Partition {partition} is committed up to {offset}, and the database holds {inDatabase} of its packets.");
        }
    }

    private Process Start(int number)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "SkyPortal.Web.dll"), "worker", "--data-dir", _folder.FullName, "--", $"--Streams:NodeName=worker-{number}" },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SKYPORTAL_DATABASE"] = World.TestSite.ConnectionString;
        foreach (var (name, value) in StreamWorld.Quick)
        {
            start.ArgumentList.Add($"--{name}={value}");
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
