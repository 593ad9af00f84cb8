using SkyPortal.Domain.Discussion;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A taxonomy that a new site starts with.</summary>
/// <param name="Name">Name of the taxonomy.</param>
/// <param name="Version">Version, as text.</param>
/// <param name="Provenance">Where it comes from; null when the file does not say.</param>
/// <param name="Hierarchy">The checked tree.</param>
public sealed record TaxonomySeed(string Name, string Version, string? Provenance, TaxonomyNode Hierarchy)
{
    /// <summary>Reads every <c>*.yaml</c> of the folder <c>taxonomies</c> under the product's data folder, in order of file name.</summary>
    /// <param name="dataFolder">Path of the product's data folder.</param>
    /// <exception cref="FormatException">A file is not valid; the message names it.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<TaxonomySeed> ReadAll(string dataFolder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(dataFolder, "taxonomies"), "*.yaml")
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    private static TaxonomySeed Read(string file)
    {
        try
        {
            var json = TaxonomyYaml.ToJson(File.ReadAllText(file));
            var hierarchy = json["hierarchy"] ?? throw new FormatException("hierarchy: required");
            return new TaxonomySeed(
                (string?)json["name"] ?? throw new FormatException("name: required"),
                (string?)json["version"] ?? throw new FormatException("version: required"),
                (string?)json["provenance"],
                TaxonomyHierarchy.Parse(TaxonomyYaml.ToElement(hierarchy)));
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new FormatException($"{Path.GetFileName(file)}: {e.Message}", e);
        }
    }
}
