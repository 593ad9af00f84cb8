using System.Text.Json;

namespace SkyPortal.Domain.Candidates;

/// <summary>States of a test of a filter.</summary>
public static class FilterTestStates
{
    /// <summary>Waits for its turn.</summary>
    public const string Queued = "queued";

    /// <summary>A node works on it.</summary>
    public const string Running = "running";

    /// <summary>Its result is there.</summary>
    public const string Done = "done";

    /// <summary>Given up; the reason is kept.</summary>
    public const string Failed = "failed";

    /// <summary>Withdrawn by who asked.</summary>
    public const string Cancelled = "cancelled";

    private static readonly Dictionary<string, string[]> Moves = new(StringComparer.Ordinal)
    {
        [Queued] = [Running, Cancelled],
        [Running] = [Queued, Done, Failed, Cancelled],
        [Done] = [],
        [Failed] = [],
        [Cancelled] = [],
    };

    /// <summary>Every state.</summary>
    public static IReadOnlyCollection<string> All => Moves.Keys;

    /// <summary>Whether nothing more happens.</summary>
    public static bool IsTerminal(string state) => Moves[state].Length == 0;

    /// <summary>Whether a test may go from one state to another.</summary>
    public static bool MayMove(string from, string to) => Moves[from].Contains(to);
}

/// <summary>A filter's text tried on archived alerts, as one person asked for it.</summary>
public sealed class FilterTest : DataRow
{
    public int FilterId { get; set; }

    /// <summary>Who asked, and with whose rights alerts are read.</summary>
    public int RequesterId { get; set; }

    /// <summary>One of <see cref="FilterTestStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>The condition that is tried.</summary>
    public required string Expression { get; set; }

    /// <summary>Number of the version that it is of; null where it was never saved.</summary>
    public int? Version { get; set; }

    /// <summary>The condition that it is compared with; null where it is tried alone.</summary>
    public string? OtherExpression { get; set; }

    /// <summary>Number of the version that the other is of.</summary>
    public int? OtherVersion { get; set; }

    /// <summary>First night of the alerts.</summary>
    public DateOnly FirstNight { get; set; }

    /// <summary>Last night of the alerts.</summary>
    public DateOnly LastNight { get; set; }

    /// <summary>How far it is, 0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; set; }

    /// <summary>When the node that works on it was last heard of (UTC).</summary>
    public DateTime? HeartbeatAt { get; set; }

    /// <summary>When it came to its end (UTC).</summary>
    public DateTime? FinishedAt { get; set; }

    /// <summary>What came out; null until it is done.</summary>
    public JsonElement? Result { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }
}
