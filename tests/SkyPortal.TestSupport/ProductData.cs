namespace SkyPortal.TestSupport;

/// <summary>Finds the product's own data folder from a test.</summary>
public static class ProductData
{
    /// <summary>Path of <c>data</c> in the folder that holds the solution.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SkyPortal.sln")))
            {
                return Path.Combine(folder.FullName, "data");
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds SkyPortal.sln.");
    }
}
