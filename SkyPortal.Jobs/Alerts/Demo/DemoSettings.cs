using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>Kinds of object that the simulator knows.</summary>
public enum SimulatedKind
{
    SupernovaIa,
    SupernovaIi,
    SupernovaIbc,
    Superluminous,
    TidalDisruption,
    Nova,
    Agn,
    RrLyrae,
    EclipsingBinary,
    Mira,
    Asteroid,
    Bogus,
}

/// <summary>What the simulated night holds.</summary>
/// <param name="Seed">Seed of everything that looks random.</param>
/// <param name="Visits">Alerts of one object in the night, at most.</param>
/// <param name="Objects">Number of objects of each kind.</param>
/// <param name="PartnershipFraction">Part of the objects taken under programme 2, 0 to 1.</param>
public sealed record DemoSettings(int Seed, int Visits, IReadOnlyDictionary<SimulatedKind, int> Objects, double PartnershipFraction)
{
    /// <summary>Reads demo-night.yaml of the folder of seeds.</summary>
    public static DemoSettings Read(string seedDirectory)
    {
        var root = SafeYaml.Parse(File.ReadAllText(Path.Combine(seedDirectory, "demo-night.yaml")))!.AsObject();
        var objects = root["objects"]!.AsObject().ToDictionary(
            item => Enum.Parse<SimulatedKind>(item.Key.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            item => Number<int>(item.Value!));
        return new DemoSettings(Number<int>(root["seed"]!), Number<int>(root["visits"]!), objects, Number<double>(root["partnership_fraction"]!));
    }

    private static T Number<T>(System.Text.Json.Nodes.JsonNode node)
        where T : IParsable<T> => T.Parse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
