using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Why somebody may see a thing, or that he may not.</summary>
public sealed record AccessExplanation(string Resource, string Id, int? UserId, bool Visible, IReadOnlyList<string> Reasons);

/// <summary>Says why a row is visible, from the policy that decides it.</summary>
public sealed class ExplainAccess(Contexts contexts, ReadViewer readViewer)
{
    // A source's page is the object's: it is the object that is visible or not.
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["source"] = "Obj", ["photometry"] = "PhotometryPoint", ["stream"] = "AlertStream", ["token"] = "ApiToken", ["saved_source"] = "Source",
    };

    /// <summary>
    /// Explains for the viewer, or for another user where the viewer is a system administrator. A thing that is hidden and one that
    /// does not exist get the same answer. Refuses unknown kinds of things and unreadable ids.
    /// </summary>
    public async Task<AccessExplanation> HandleAsync(Viewer viewer, string resource, string id, int? userId, CancellationToken ct)
    {
        var whose = viewer;
        if (userId is { } other && other != viewer.UserId)
        {
            whose = viewer.SeesAll
                ? (await readViewer.ByUserAsync(other, ct)).Viewer ?? throw Refusal.Invalid($"Invalid user_id: {other}")
                : throw Refusal.Forbidden("Only a system administrator may ask for another user.");
        }

        var name = Synonyms.GetValueOrDefault(resource) ?? resource.Replace("_", "", StringComparison.Ordinal);
        await using var db = contexts.For(whose);
        var entity = db.Model.GetEntityTypes().SingleOrDefault(type => string.Equals(type.ClrType.Name, name, StringComparison.OrdinalIgnoreCase));
        if (entity?.FindPrimaryKey()?.Properties is not [var key])
        {
            throw Refusal.Invalid($"Invalid resource: {resource}");
        }

        object value = key.ClrType switch
        {
            var type when type == typeof(string) => id,
            var type when type == typeof(int) && int.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            var type when type == typeof(long) && long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw Refusal.Invalid($"Invalid id: {id}"),
        };
        var reasons = await AccessPolicies.All[entity.ClrType].ExplainAsync(db, AccessMode.Read, key.Name, value, ct);
        return new AccessExplanation(resource, id, whose.UserId, reasons.Count > 0, reasons);
    }
}
