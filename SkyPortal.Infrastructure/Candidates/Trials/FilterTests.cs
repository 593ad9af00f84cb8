using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>A test to be made.</summary>
/// <param name="FirstNight">First night of the alerts.</param>
/// <param name="LastNight">Last night.</param>
public sealed record NewFilterTest(DateOnly FirstNight, DateOnly LastNight)
{
    /// <summary>Text to be tried; null for that of <see cref="Version"/>, or of the active version.</summary>
    public string? Expression { get; init; }

    /// <summary>Version to be tried.</summary>
    public int? Version { get; init; }

    /// <summary>Version to compare with; null for none.</summary>
    public int? OtherVersion { get; init; }
}

/// <summary>A test as its asker sees it.</summary>
public sealed record FilterTestRecord(
    long Id, int FilterId, string State, string Expression, int? Version, string? OtherExpression, int? OtherVersion, DateOnly FirstNight, DateOnly LastNight, double Progress, string? Error,
    DateTime CreatedAt, DateTime? FinishedAt)
{
    /// <summary>What came out; only where one test is asked for, and when it is done.</summary>
    public TrialResult? Result { get; init; }

    internal static FilterTestRecord Of(FilterTest test) => new(
        test.Id, test.FilterId, test.State, test.Expression, test.Version, test.OtherExpression, test.OtherVersion, test.FirstNight, test.LastNight, test.Progress, test.Error, test.CreatedAt, test.FinishedAt);
}

/// <summary>What tests of filters have in common.</summary>
internal static class FilterTests
{
    public static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web);

    public static Refusal NotThere(long id) => Refusal.NotFound($"There is no test {id} of this filter.");
}

/// <summary>Asks for a filter to be tried on archived alerts; a node does it in the background.</summary>
public sealed class StartFilterTest(Contexts contexts)
{
    /// <summary>Longest window [nights].</summary>
    public const int MostNights = 92;

    private const int MostWaiting = 5;
    private const int MostKept = 20;

    /// <summary>Asks for it and returns its id. The twenty newest tests of a filter are kept for each person.</summary>
    /// <exception cref="Refusal">The filter or version is not there for this viewer, who may not upload data, the text has an error, or too many tests wait.</exception>
    public async Task<long> HandleAsync(Viewer viewer, int filterId, NewFilterTest request, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var nights = request.LastNight.DayNumber - request.FirstNight.DayNumber + 1;
        if (nights is < 1 or > MostNights)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: last_night: The window must have 1 to {MostNights} nights.");
        }

        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
        var version = request.Version is { } number ? await ListFilterVersions.OneAsync(db, filter, number, ct) : null;
        var expression = request.Expression ?? (version is null ? filter.Expression : version.Expression)
            ?? throw Refusal.Invalid("Invalid/missing parameters: expression: The filter has none, its candidates are posted from outside");
        FilterText.Demand(stream, expression, null);
        var other = request.OtherVersion is { } second
            ? (await ListFilterVersions.OneAsync(db, filter, second, ct)).Expression ?? throw Refusal.Invalid($"Invalid/missing parameters: other_version: Version {second} has no expression")
            : null;
        if (await db.Set<FilterTest>().CountAsync(row => row.RequesterId == viewer.UserId && (row.State == FilterTestStates.Queued || row.State == FilterTestStates.Running), ct) >= MostWaiting)
        {
            throw Refusal.Conflict($"{MostWaiting} of your tests are waiting already; let one end, or cancel it.");
        }

        var test = new FilterTest
        {
            FilterId = filterId,
            RequesterId = viewer.UserId ?? throw Refusal.Forbidden("A test is asked for by a person."),
            State = FilterTestStates.Queued,
            Expression = expression,
            Version = request.Expression is null ? request.Version ?? filter.Version : request.Version,
            OtherExpression = other,
            OtherVersion = request.OtherVersion,
            FirstNight = request.FirstNight,
            LastNight = request.LastNight,
        };
        db.Add(test);
        db.Record("filter_test.queued", filterId.ToString(CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await db.Allowed<FilterTest>(AccessMode.Delete)
            .Where(row => row.FilterId == filterId && row.RequesterId == test.RequesterId && row.State != FilterTestStates.Running && row.State != FilterTestStates.Queued)
            .OrderByDescending(row => row.Id).Skip(MostKept).ExecuteDeleteAsync(ct);
        return test.Id;
    }
}

/// <summary>The viewer's tests of a filter.</summary>
public sealed class ListFilterTests(Contexts contexts)
{
    /// <summary>Newest first, without results.</summary>
    /// <exception cref="Refusal">The filter is not there for this viewer.</exception>
    public async Task<IReadOnlyList<FilterTestRecord>> HandleAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (!await db.Set<Filter>().AnyAsync(filter => filter.Id == filterId, ct))
        {
            throw GetFilter.NotThere(filterId);
        }

        var asked = viewer.UserId;
        return await db.Set<FilterTest>().AsNoTracking().Where(test => test.FilterId == filterId && test.RequesterId == asked).OrderByDescending(test => test.Id)
            .Select(test => new FilterTestRecord(
                test.Id, test.FilterId, test.State, test.Expression, test.Version, test.OtherExpression, test.OtherVersion, test.FirstNight, test.LastNight, test.Progress, test.Error, test.CreatedAt, test.FinishedAt))
            .ToListAsync(ct);
    }
}

/// <summary>One test with its result.</summary>
public sealed class GetFilterTest(Contexts contexts)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="Refusal">It is not there for this viewer.</exception>
    public async Task<FilterTestRecord> HandleAsync(Viewer viewer, int filterId, long testId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (!await db.Set<Filter>().AnyAsync(filter => filter.Id == filterId, ct))
        {
            throw GetFilter.NotThere(filterId);
        }

        var test = await db.Set<FilterTest>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == testId && row.FilterId == filterId, ct) ?? throw FilterTests.NotThere(testId);
        return FilterTestRecord.Of(test) with { Result = test.Result?.Deserialize<TrialResult>(FilterTests.Stored) };
    }
}

/// <summary>Withdraws a test that waits or runs.</summary>
public sealed class CancelFilterTest(Contexts contexts)
{
    /// <summary>Withdraws it; one that has ended stays as it is.</summary>
    /// <exception cref="Refusal">It is not there for this viewer.</exception>
    public async Task HandleAsync(Viewer viewer, int filterId, long testId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (!await db.Set<Filter>().AnyAsync(filter => filter.Id == filterId, ct))
        {
            throw GetFilter.NotThere(filterId);
        }

        if (!await db.Set<FilterTest>().AnyAsync(row => row.Id == testId && row.FilterId == filterId, ct))
        {
            throw FilterTests.NotThere(testId);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = db.UtcNow;
        var changed = await db.Allowed<FilterTest>(AccessMode.Update)
            .Where(row => row.Id == testId && (row.State == FilterTestStates.Queued || row.State == FilterTestStates.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, FilterTestStates.Cancelled).SetProperty(row => row.FinishedAt, now).SetProperty(row => row.Modified, now), ct);
        if (changed > 0)
        {
            db.Record("filter_test.cancelled", filterId.ToString(CultureInfo.InvariantCulture));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }
}
