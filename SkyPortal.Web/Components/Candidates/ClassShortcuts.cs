using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>A named set of classes that one press gives to an object. Kept with the person's preferences, in the form that the API's clients know.</summary>
/// <param name="Name">Its name; unique among the person's.</param>
/// <param name="Classes">Names of the classes.</param>
public sealed record ClassShortcut(string Name, IReadOnlyList<string> Classes)
{
    /// <summary>Key of the preferences: an object of lists of classes by name.</summary>
    public const string Preference = "classificationShortcuts";

    /// <summary>Most sets of a person that stand as buttons; another client may have kept more.</summary>
    public const int Most = 12;

    /// <summary>Most classes of a set that is made here.</summary>
    public const int MostClasses = 10;

    /// <summary>Longest name, letters.</summary>
    public const int MostLetters = 30;

    /// <summary>Sets that have a key of their own, 1 to 9.</summary>
    public const int WithKeys = 9;

    /// <summary>Reads what was kept, be it by another client; what holds no class is left out.</summary>
    public static IReadOnlyList<ClassShortcut> Read(JsonElement? stored) => stored is not { ValueKind: JsonValueKind.Object } sets
        ? []
        : [.. Ordered(sets.EnumerateObject().Select(set => new ClassShortcut(set.Name, Names(set.Value))).Where(set => set.Name.Length > 0 && set.Classes.Count > 0))];

    /// <summary>By name: what is kept has no order of its own.</summary>
    public static IEnumerable<ClassShortcut> Ordered(IEnumerable<ClassShortcut> shortcuts) =>
        shortcuts.OrderBy(shortcut => shortcut.Name, StringComparer.OrdinalIgnoreCase).ThenBy(shortcut => shortcut.Name, StringComparer.Ordinal);

    /// <summary>The form in which sets are kept.</summary>
    public static JsonElement ToJson(IEnumerable<ClassShortcut> shortcuts) =>
        JsonSerializer.SerializeToElement(shortcuts.ToDictionary(shortcut => shortcut.Name, shortcut => shortcut.Classes));

    private static List<string> Names(JsonElement value) => value.ValueKind != JsonValueKind.Array
        ? []
        : [.. value.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).Where(name => name.Length > 0).Distinct()];
}

/// <summary>Reads and keeps a person's own shortcuts.</summary>
public sealed class ClassShortcuts(ReadPreferences read, UpdateUser update)
{
    /// <summary>Reads them.</summary>
    public async Task<IReadOnlyList<ClassShortcut>> ReadAsync(Viewer viewer, CancellationToken ct) => ClassShortcut.Read(await read.HandleAsync(viewer, ClassShortcut.Preference, ct));

    /// <summary>Keeps them in place of those that there were.</summary>
    public Task KeepAsync(Viewer viewer, IEnumerable<ClassShortcut> shortcuts, CancellationToken ct) => update.HandleAsync(
        viewer, viewer.UserId!.Value,
        new UserChanges { Preferences = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [ClassShortcut.Preference] = ClassShortcut.ToJson(shortcuts) }) }, ct);
}
