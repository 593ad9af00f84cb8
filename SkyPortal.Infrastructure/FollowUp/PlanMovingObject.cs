using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What is to be observed of a moving object, and when it may be.</summary>
/// <param name="PrimaryOnly">Whether only the main grid of fields is used.</param>
public sealed record MovingObjectQuestion(
    string Name, int InstrumentId, int ExposureCount, double ExposureSeconds, Mjd From, Mjd To, string Filter,
    bool PrimaryOnly, double AirmassLimit, double MoonDistanceLimitDegrees, double SunAltitudeLimitDegrees);

/// <summary>One exposure of a moving object on the wire; degrees.</summary>
public sealed record MovingObjectExposure(DateTime StartTime, DateTime EndTime, string Band, int? FieldId, double Airmass, double SunAltitude, double MoonDistance);

/// <summary>
/// Plans exposures of a moving object one after the other: the first stretch of the window that is long enough and in which every
/// minute is dark, the object high, the Moon far and, for an instrument with a grid of fields, the object in one field.
/// </summary>
public sealed class PlanMovingObject(Contexts contexts, Horizons horizons)
{
    private const double SecondsPerDay = 86_400;

    // Fields of the ZTF's second grid have numbers from here on.
    private const int SecondGrid = 1_000;

    /// <summary>The exposures in order; none where no stretch is long enough.</summary>
    public async Task<IReadOnlyList<MovingObjectExposure>> HandleAsync(Viewer viewer, MovingObjectQuestion question, CancellationToken ct)
    {
        var (site, region, fields) = await InstrumentAsync(viewer, question, ct);
        var minutes = await horizons.HandleAsync(viewer, question.Name, site, question.From, question.To, ct);
        var seconds = question.ExposureCount * question.ExposureSeconds;
        var run = new List<Minute>();
        foreach (var minute in minutes)
        {
            var sun = Sun.AltitudeDegrees(site, minute.Moment);
            var moon = Moon.PositionAt(site, minute.Moment).SeparationDegrees(minute.Position);
            var isGood = minute.Airmass <= question.AirmassLimit && sun <= question.SunAltitudeLimitDegrees && moon >= question.MoonDistanceLimitDegrees;
            var field = isGood && region is not null ? FieldOf(region, fields, minute.Position) : null;
            isGood &= region is null || field is not null;
            if (!isGood || (run.Count > 0 && run[^1].FieldId != field))
            {
                run.Clear();
            }

            if (isGood)
            {
                run.Add(new Minute(minute.Moment, minute.Airmass!.Value, sun, moon, field));
                if ((run[^1].Moment - run[0].Moment) * SecondsPerDay >= seconds)
                {
                    return Exposures(run, question);
                }
            }
        }

        return [];
    }

    private async Task<(ObservingSite Site, string? Region, IReadOnlyList<(int Id, SkyPosition Center)> Fields)> InstrumentAsync(Viewer viewer, MovingObjectQuestion question, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Instrument>().AsNoTracking().Where(instrument => instrument.Id == question.InstrumentId)
            .Join(db.Set<Telescope>(), instrument => instrument.TelescopeId, telescope => telescope.Id, (instrument, telescope) => new { instrument.Name, instrument.Filters, instrument.Region, instrument.HasFields, telescope.Lat, telescope.Lon, telescope.Elevation, telescope.FixedLocation })
            .SingleOrDefaultAsync(ct)
            ?? throw Refusal.Invalid($"Invalid instrument_id: there is no instrument {question.InstrumentId}.");
        if (!row.Filters.Contains(question.Filter))
        {
            throw Refusal.Invalid($"Invalid filter: {row.Name} has no filter {question.Filter}.");
        }

        if (row is not { FixedLocation: true, Lat: >= -90 and <= 90, Lon: >= -360 and <= 360, Elevation: { } height })
        {
            throw Refusal.Invalid("Invalid instrument_id: its telescope does not stand at one place.");
        }

        var usesFields = row is { HasFields: true, Region: not null };
        var fields = usesFields
            ? await db.Set<InstrumentField>().AsNoTracking()
                .Where(field => field.InstrumentId == question.InstrumentId && (!question.PrimaryOnly || row.Name != "ZTF" || field.FieldId < SecondGrid))
                .OrderBy(field => field.FieldId).Select(field => new { field.FieldId, field.Ra, field.Dec }).ToListAsync(ct)
            : [];
        return (new ObservingSite(row.Lat.Value, row.Lon.Value, height), usesFields ? row.Region : null, [.. fields.Select(field => (field.FieldId, new SkyPosition(field.Ra, field.Dec)))]);
    }

    // Of several fields the one whose centre is nearest.
    private static int? FieldOf(string region, IReadOnlyList<(int Id, SkyPosition Center)> fields, SkyPosition position) => fields
        .Where(field => TangentPlane.Project(field.Center, position) is var (east, north) && FieldOfView.Holds(region, east, north))
        .OrderBy(field => field.Center.SeparationDegrees(position))
        .Select(field => (int?)field.Id).FirstOrDefault();

    private static List<MovingObjectExposure> Exposures(List<Minute> run, MovingObjectQuestion question)
    {
        var exposures = new List<MovingObjectExposure>(question.ExposureCount);
        for (var i = 0; i < question.ExposureCount; i++)
        {
            var start = run[0].Moment.AddDays(i * question.ExposureSeconds / SecondsPerDay);
            var at = run.MinBy(minute => Math.Abs(minute.Moment - start));
            exposures.Add(new MovingObjectExposure(
                start.ToDateTimeOffset().UtcDateTime, start.AddDays(question.ExposureSeconds / SecondsPerDay).ToDateTimeOffset().UtcDateTime, question.Filter, at.FieldId, at.Airmass, at.SunAltitudeDegrees, at.MoonDistanceDegrees));
        }

        return exposures;
    }

    private readonly record struct Minute(Mjd Moment, double Airmass, double SunAltitudeDegrees, double MoonDistanceDegrees, int? FieldId);
}
