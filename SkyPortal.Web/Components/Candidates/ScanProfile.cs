using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>Conditions of scanning that a person named. They are kept with the person's preferences, in the form that the API's clients know.</summary>
/// <param name="Name">Its name; unique among the person's.</param>
/// <param name="IsDefault">Whether the page begins with it.</param>
/// <param name="Address">Its conditions.</param>
public sealed record ScanProfile(string Name, bool IsDefault, ScanAddress Address)
{
    /// <summary>Key of the preferences.</summary>
    public const string Preference = "scanningProfiles";

    /// <summary>Most profiles of a person.</summary>
    public const int Most = 50;

    /// <summary>Longest name, letters.</summary>
    public const int MostLetters = 60;

    /// <summary>Reads what was kept, be it by another client; what has no name is left out, and of equal names all but the first.</summary>
    public static IReadOnlyList<ScanProfile> Read(JsonElement? stored) => stored is not { ValueKind: JsonValueKind.Array } list
        ? []
        : [.. list.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object && Text(row, "name") is { Length: > 0 }).Select(One).DistinctBy(profile => profile.Name).Take(Most)];

    /// <summary>The form in which profiles are kept.</summary>
    /// <param name="profiles">All of a person's.</param>
    /// <param name="loaded">Name of the one in use; null for none.</param>
    public static JsonElement ToJson(IEnumerable<ScanProfile> profiles, string? loaded) =>
        JsonSerializer.SerializeToElement(new JsonArray([.. profiles.Select(profile => profile.Json(profile.Name == loaded))]));

    private static ScanProfile One(JsonElement row)
    {
        // The query holds what the known fields cannot; these count where another client changed them since.
        var rest = Text(row, "query") is { } query && query.StartsWith('?') ? ScanAddress.Parse("http://site" + ScanAddress.Path + query) : new ScanAddress();
        var sort = Text(row, "sortingOrigin") is { Length: > 0 } origin && Text(row, "sortingKey") is { Length: > 0 } key
            ? new AnnotationSort(origin, key, Text(row, "sortingOrder") == "desc")
            : null;
        var address = rest with
        {
            Hours = Number(row, "timeRange") is { } hours and >= 0 ? hours : rest.Hours,
            Groups = row.TryGetProperty("groupIDs", out var groups) && groups.ValueKind == JsonValueKind.Array
                ? [.. groups.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) ? number : 0).Where(id => id > 0)]
                : rest.Groups,
            Saved = Text(row, "savedStatus") is { } saved ? ScanAddressText.Named<SavedStatus>(saved) ?? rest.Saved : rest.Saved,
            MinRedshift = Number(row, "redshiftMinimum"),
            MaxRedshift = Number(row, "redshiftMaximum"),
            Classes = row.TryGetProperty("classifications", out var classes) && classes.ValueKind == JsonValueKind.Array
                ? [.. classes.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)]
                : [],
            Rejected = Text(row, "rejectedStatus") switch { "show" => rest.Rejected == RejectedStatus.Only ? RejectedStatus.Only : RejectedStatus.Show, "hide" => RejectedStatus.Hide, _ => rest.Rejected },
            Sorts = sort is null ? [] : rest.Sorts is [var first, ..] && first == sort ? rest.Sorts : [sort],
        };
        // Only what an address can say is kept.
        var name = Text(row, "name")!;
        return new ScanProfile(
            name.Length > MostLetters ? name[..MostLetters] : name, row.TryGetProperty("default", out var isDefault) && isDefault.ValueKind == JsonValueKind.True, ScanAddress.Parse("http://site" + address));
    }

    private JsonObject Json(bool isLoaded)
    {
        var plain = Address with { List = null, Page = 1, Profile = null };
        var first = Address.Sorts.FirstOrDefault();
        return new JsonObject
        {
            ["name"] = Name,
            ["default"] = IsDefault,
            ["loaded"] = isLoaded,
            ["timeRange"] = Address.Hours,
            ["groupIDs"] = new JsonArray([.. Address.Groups.Select(id => JsonValue.Create(id))]),
            ["savedStatus"] = ScanAddressText.NameOf(Address.Saved),
            ["redshiftMinimum"] = Address.MinRedshift,
            ["redshiftMaximum"] = Address.MaxRedshift,
            ["classifications"] = new JsonArray([.. Address.Classes.Select(name => JsonValue.Create(name))]),
            ["rejectedStatus"] = Address.Rejected == RejectedStatus.Hide ? "hide" : "show",
            ["sortingOrigin"] = first?.Origin,
            ["sortingKey"] = first?.Key,
            ["sortingOrder"] = first is null ? null : first.Descending ? "desc" : "asc",
            ["query"] = plain.ToString()[ScanAddress.Path.Length..],
        };
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Forms send numbers as texts, too.
    private static double? Number(JsonElement row, string name) => row.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => ScanAddressText.Number(value.GetString(), double.MinValue, double.MaxValue),
            _ => null,
        }
        : null;
}

/// <summary>Reads and keeps a person's own profiles.</summary>
public sealed class ScanProfiles(ReadPreferences read, UpdateUser update)
{
    /// <summary>Reads them.</summary>
    public async Task<IReadOnlyList<ScanProfile>> ReadAsync(Viewer viewer, CancellationToken ct) => ScanProfile.Read(await read.HandleAsync(viewer, ScanProfile.Preference, ct));

    /// <summary>Keeps them in place of those that there were.</summary>
    public Task KeepAsync(Viewer viewer, IEnumerable<ScanProfile> profiles, string? loaded, CancellationToken ct) => update.HandleAsync(
        viewer, viewer.UserId!.Value,
        new UserChanges { Preferences = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [ScanProfile.Preference] = ScanProfile.ToJson(profiles, loaded) }) }, ct);
}
