namespace SkyPortal.TestSupport;

/// <summary>Real packets, notices, sky maps and spectra that are kept beside the project and not in it.</summary>
public static class SharedData
{
    private static readonly Lazy<string?> Root = new(FindRoot);

    /// <summary>Full path of a file or folder of the shared data; skips the running test where it is absent.</summary>
    /// <param name="relative">Path below <c>shared/data</c>, with forward slashes.</param>
    public static string PathOrSkip(string relative)
    {
        if (Root.Value is not { } root)
            throw new SkipTestException($"Needs the shared test data ({relative}): set SKYPORTAL_SHARED_DATA to its folder.");
        var path = Path.Combine(root, relative);
        return Path.Exists(path) ? path : throw new SkipTestException($"The shared test data has no {relative}.");
    }

    /// <summary>Full path of a file or folder of the shared data; null where it is absent.</summary>
    /// <param name="relative">Path below <c>shared/data</c>, with forward slashes.</param>
    public static string? Find(string relative) =>
        Root.Value is { } root && Path.Combine(root, relative) is var path && Path.Exists(path) ? path : null;

    private static string? FindRoot()
    {
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SHARED_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
