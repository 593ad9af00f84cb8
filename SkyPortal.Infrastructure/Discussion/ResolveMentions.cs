using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Who and what a text names, without those who may not read it.</summary>
public sealed record Mentions(IReadOnlyList<int> UserIds, IReadOnlyList<int> InstrumentIds);

/// <summary>A name that can be completed after @ or #.</summary>
/// <param name="Insert">What follows the sign.</param>
public sealed record MentionSuggestion(string Insert, string Label);

/// <summary>Finds the people (@username) and instruments (#name) that a remark names.</summary>
public sealed partial class ResolveMentions(Contexts contexts, ReadViewer readViewer)
{
    /// <summary>Most people that one remark may call.</summary>
    public const int Most = 20;

    /// <summary>
    /// The named people who may read a remark on a thing that is shared with these groups, the author left out; and instruments.
    /// </summary>
    public async Task<Mentions> HandleAsync(Viewer author, CommentedKind kind, string key, int[] groupIds, string text, CancellationToken ct)
    {
        var names = Person().Matches(text).Select(match => match.Groups[1].Value.TrimEnd('-', '.').ToLowerInvariant()).Distinct().Take(Most).ToArray();
        var things = Thing().Matches(text).Select(match => match.Groups[1].Value.TrimEnd('-', '.').ToLowerInvariant()).Distinct().Take(Most).ToArray();
        if (names.Length == 0 && things.Length == 0)
        {
            return new Mentions([], []);
        }

        // Who may be told is decided by what they may see, not by what the author may.
        await using var db = contexts.For(Viewer.System);
        var users = names.Length == 0 ? [] : await db.Set<User>().Where(user => names.Contains(user.Username.ToLower())).Select(user => user.Id).ToListAsync(ct);
        var readers = new List<int>();
        foreach (var id in users.Where(id => id != author.UserId))
        {
            if ((await readViewer.ByUserAsync(id, ct)) is not { Viewer: { } reader, Expired: false } || (!reader.SeesAll && !reader.GroupIds.Intersect(groupIds).Any()))
            {
                continue;
            }

            await using var theirs = contexts.For(reader);
            if (await kind.ObjIdAsync(theirs, key, ct) is not null)
            {
                readers.Add(id);
            }
        }

        var instruments = things.Length == 0
            ? []
            : await db.Set<Instrument>().Where(instrument => things.Contains(instrument.Name.ToLower())).OrderBy(instrument => instrument.Id).Select(instrument => instrument.Id).ToListAsync(ct);
        return new Mentions(readers, instruments);
    }

    [GeneratedRegex(@"(?<![\w@])@([A-Za-z0-9][A-Za-z0-9._-]{0,100})")]
    private static partial Regex Person();

    [GeneratedRegex(@"(?<![\w#&])#([A-Za-z0-9][A-Za-z0-9._+-]{0,100})")]
    private static partial Regex Thing();
}

/// <summary>Suggests whom and what a remark may name.</summary>
public sealed class SuggestMentions(Contexts contexts)
{
    /// <summary>Most suggestions.</summary>
    public const int Most = 10;

    // Members of the remark's groups read it; the index on group_users (group_id) serves it.
    private const string People = """
        select u.username, concat_ws(' ', u.first_name, u.last_name)
        from users u
        where u.id in (select m.user_id from group_users m where m.group_id = any(@groups) and (@sees_all or m.group_id = any(@viewer_groups)))
          and (starts_with(lower(u.username), @typed) or starts_with(lower(u.first_name), @typed) or starts_with(lower(u.last_name), @typed))
        order by starts_with(lower(u.username), @typed) desc, u.username limit 10
        """;

    /// <summary>People among these groups, of those that the viewer is in, whose names begin so.</summary>
    public async Task<IReadOnlyList<MentionSuggestion>> PeopleAsync(Viewer viewer, int[] groupIds, string typed, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(People).WithViewer(viewer).With("groups", groupIds).With("typed", typed.ToLowerInvariant());
        return await command.ReadAllAsync(reader => new MentionSuggestion(reader.GetString(0), reader.GetString(1)), ct);
    }

    /// <summary>Instruments whose names begin so.</summary>
    public async Task<IReadOnlyList<MentionSuggestion>> InstrumentsAsync(Viewer viewer, string typed, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var start = typed.ToLowerInvariant();
        return await db.Set<Instrument>().Where(instrument => instrument.Name.ToLower().StartsWith(start) && !instrument.Name.Contains(" "))
            .OrderBy(instrument => instrument.Name).Take(Most).Select(instrument => new MentionSuggestion(instrument.Name, instrument.Type)).ToListAsync(ct);
    }
}
