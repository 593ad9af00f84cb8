using SkyPortal.Benchmarks;

return await BenchmarkRunner.RunAsync(args, Console.Out, Console.Error);
