using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What a light curve needs to know of its object.</summary>
public sealed class FindObject(Contexts contexts)
{
    private static readonly string[] PeriodNames = ["period", "Period", "PERIOD"];

    /// <summary>Whether the viewer may see the object.</summary>
    public async Task<bool> IsVisibleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct);
    }

    /// <summary>Period in days, from the annotation that was written last of those that the viewer may see and that has one; null where none has.</summary>
    public async Task<double?> PeriodDaysAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var annotations = await db.Set<Annotation>().AsNoTracking()
            .Where(annotation => annotation.ObjId == objId)
            .OrderByDescending(annotation => annotation.Modified)
            .Select(annotation => annotation.Data)
            .ToListAsync(ct);
        foreach (var data in annotations.Where(data => data.ValueKind == JsonValueKind.Object))
        {
            foreach (var name in PeriodNames)
            {
                if (data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and var period)
                {
                    return period;
                }
            }
        }

        return null;
    }
}
