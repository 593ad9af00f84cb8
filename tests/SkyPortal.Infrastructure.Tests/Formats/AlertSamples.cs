using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>Packets of real surveys, where the machine has them.</summary>
internal static class AlertSamples
{
    public static string[] Files(string survey)
    {
        var folder = Path.Combine(Folder(), survey);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.avro").Order(StringComparer.Ordinal)]
            : Skip(folder);
    }

    public static string SchemaFolder(string name = "") => Path.Combine(Folder(), "schema", name);

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SHARED_DATA") is { Length: > 0 } named)
        {
            return Path.Combine(named, "alerts");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "alerts");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        Skip("shared/data/alerts");
        return "";
    }

    private static string[] Skip(string what)
    {
        Assert.Skip($"Sample packets are not on this machine: {what}");
        return [];
    }
}
