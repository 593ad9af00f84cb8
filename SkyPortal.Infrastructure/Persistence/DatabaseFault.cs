using System.Data.Common;
using Npgsql;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>Recognises errors of the database, which the layers above it wrap in others.</summary>
public static class DatabaseFault
{
    /// <summary>Whether an error comes from the database or the way to it.</summary>
    public static bool Is(Exception error) => Find<DbException>(error) is not null;

    /// <summary>What the server said; null where it said nothing.</summary>
    public static PostgresException? Answer(Exception error) => Find<PostgresException>(error);

    /// <summary>Whether the server refuses the data itself (classes 22 and 23 of SQLSTATE), so that the same again is refused again.</summary>
    public static bool IsAboutData(Exception error) =>
        Answer(error) is { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal));

    /// <summary>Whether the database took too long over a statement; one with less to do may still be done.</summary>
    public static bool IsTimeout(Exception error) =>
        error is not OperationCanceledException && Is(error) && (Answer(error) is { SqlState: PostgresErrorCodes.QueryCanceled } || Find<TimeoutException>(error) is not null);

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }
}
