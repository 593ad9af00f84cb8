using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Web.Api.Spectra;

/// <summary>Lists of spectra by what is asked of them.</summary>
internal static class SpectrumSearchRoute
{
    public static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadSpectra read, Contexts contexts, CancellationToken ct)
    {
        var search = new SpectrumSearch
        {
            ObservedBefore = Time(query, "observedBefore"),
            ObservedAfter = Time(query, "observedAfter"),
            ModifiedBefore = Time(query, "modifiedBefore"),
            ModifiedAfter = Time(query, "modifiedAfter"),
            ObjIdPart = Text(query, "objID"),
            InstrumentIds = Ids(query, "instrumentIDs", "Instrument"),
            GroupIds = Ids(query, "groupIDs", "Group"),
            FollowupRequestIds = Ids(query, "followupRequestIDs", "FollowupRequest"),
            AssignmentIds = Ids(query, "assignmentIDs", "ClassicalAssignment"),
            OriginParts = Texts(query, "origin"),
            LabelParts = Texts(query, "label"),
            Types = Types(query),
            CommentParts = Texts(query, "commentsFilter"),
            CommentAuthorPart = Text(query, "commentsFilterAuthor"),
            CommentedBefore = Time(query, "commentsFilterBefore"),
            CommentedAfter = Time(query, "commentsFilterAfter"),
            WithoutSamples = query.Bool("minimalPayload"),
        };
        await CheckAsync(viewer, search, contexts, ct);
        var view = await read.SearchAsync(viewer, search, ct);
        return ApiResults.Success(view.Spectra.Select(spectrum => search.WithoutSamples ? SpectrumWire.Minimal(spectrum) : SpectrumWire.Full(spectrum, view)));
    }

    public static async Task<IResult> RangeAsync(
        HttpRequest request, Viewer viewer, ApiQuery query, ReadSpectra read, ReadSpectrumFile files, CancellationToken ct)
    {
        var view = await read.SearchAsync(
            viewer,
            new SpectrumSearch
            {
                InstrumentIds = request.Query.TryGetValue("instrument_ids", out var ids) ? Integers("instrument_ids", string.Join(',', ids!), "Instrument") : null,
                ObservedAfter = Time(query, "min_date"),
                ObservedBefore = Time(query, "max_date"),
            },
            ct);
        var rows = new List<Dictionary<string, object?>>();
        foreach (var spectrum in view.Spectra)
        {
            var row = SpectrumWire.Columns(spectrum);
            row["original_file_string"] = await files.TextAsync(spectrum.OriginalFileHash, ct);
            rows.Add(row);
        }

        return ApiResults.Success(rows);
    }

    private static async Task CheckAsync(Viewer viewer, SpectrumSearch search, Contexts contexts, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (search.InstrumentIds is { } instruments && await db.Set<Instrument>().CountAsync(row => instruments.Contains(row.Id), ct) != instruments.Length)
        {
            throw NotAll("instrumentIDs", "Instrument");
        }

        if (search.GroupIds is { } groups && (viewer.SeesAll
            ? await db.Set<Group>().CountAsync(row => groups.Contains(row.Id), ct) != groups.Length
            : groups.Except(viewer.GroupIds).Any()))
        {
            throw NotAll("groupIDs", "Group");
        }

        // The site keeps neither follow-up requests nor assignments.
        if (search.FollowupRequestIds is not null)
        {
            throw NotAll("followupRequestIDs", "FollowupRequest");
        }

        if (search.AssignmentIds is not null)
        {
            throw NotAll("assignmentIDs", "ClassicalAssignment");
        }
    }

    private static Refusal NotAll(string field, string model) => Refusal.Invalid($"Invalid {model} IDs field ({field}); Not all {model} IDs are valid/accessible");

    private static int[]? Ids(ApiQuery query, string name, string model) => query.Text(name) is { } text ? Integers(name, text, model) : null;

    private static int[] Integers(string name, string text, string model) =>
    [
        .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(item => int.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                ? id
                : throw Refusal.Invalid($"Invalid {model} IDs field ({name}); Could not parse all elements to integers"))
            .Distinct(),
    ];

    private static string[]? Types(ApiQuery query)
    {
        var types = Texts(query, "type");
        return types?.FirstOrDefault(type => !SpectrumTypes.All.Contains(type)) is { } unknown
            ? throw Refusal.Invalid($"type: {unknown} is not in list of allowed spectrum types: {string.Join(", ", SpectrumTypes.All)}")
            : types;
    }

    private static DateTime? Time(ApiQuery query, string name) =>
        query.Text(name) is { } text ? ApiTime.Parse(text) ?? throw Refusal.Invalid($"Invalid {name}: {text}") : null;

    private static string[]? Texts(ApiQuery query, string name) => Text(query, name) is null ? null : query.List(name);

    // PostgreSQL's text cannot hold the NUL character.
    private static string? Text(ApiQuery query, string name) => query.Text(name) is { } text
        ? text.Contains('\0', StringComparison.Ordinal) ? throw Refusal.Invalid($"Invalid {name}: it holds a character that no text has.") : text
        : null;
}
