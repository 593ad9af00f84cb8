namespace SkyPortal.Domain.Catalogs;

/// <summary>States of a query of an archive.</summary>
public static class ArchiveStates
{
    /// <summary>Waits for its turn, or for the next attempt.</summary>
    public const string Queued = "queued";

    /// <summary>A node works on it.</summary>
    public const string Running = "running";

    /// <summary>Answered, be it with nothing.</summary>
    public const string Done = "done";

    /// <summary>Given up; the reason is kept.</summary>
    public const string Failed = "failed";

    /// <summary>Withdrawn by a person.</summary>
    public const string Cancelled = "cancelled";

    private static readonly Dictionary<string, string[]> Moves = new(StringComparer.Ordinal)
    {
        [Queued] = [Running, Cancelled],
        [Running] = [Queued, Done, Failed, Cancelled],
        [Done] = [Queued],
        [Failed] = [Queued],
        [Cancelled] = [Queued],
    };

    /// <summary>Every state.</summary>
    public static IReadOnlyCollection<string> All => Moves.Keys;

    /// <summary>Whether nothing more happens by itself.</summary>
    public static bool IsTerminal(string state) => state is Done or Failed or Cancelled;

    /// <summary>Whether a query may go from one state to another.</summary>
    public static bool MayMove(string from, string to) => Moves[from].Contains(to);
}

/// <summary>One person's wish for what one archive holds about one object; asking again uses the same row.</summary>
public sealed class ArchiveQuery : DataRow
{
    /// <summary>The object.</summary>
    public required string ObjId { get; set; }

    /// <summary>Name of the archive, such as ztf.</summary>
    public required string Archive { get; set; }

    /// <summary>One of <see cref="ArchiveStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>Who asked; owns what is found.</summary>
    public int RequesterId { get; set; }

    /// <summary>With whom what is found is shared.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>How far it is, 0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>What is being done, for people.</summary>
    public string? Stage { get; set; }

    /// <summary>How often it was started since it was asked last.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before then (UTC).</summary>
    public DateTime NextAttemptAt { get; set; }

    /// <summary>When the node that works on it was last heard of (UTC).</summary>
    public DateTime? HeartbeatAt { get; set; }

    /// <summary>When it came to its end (UTC).</summary>
    public DateTime? FinishedAt { get; set; }

    /// <summary>Number of measurements that the archive holds; null until it is done.</summary>
    public int? Found { get; set; }

    /// <summary>How many of them were new here; null until it is done.</summary>
    public int? Added { get; set; }

    /// <summary>Why it failed, or why it waits.</summary>
    public string? Error { get; set; }
}
